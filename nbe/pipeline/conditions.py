"""Which candidates want looking at, as conditions of a select."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from nbe.models import Business, Candidacy
from nbe.models.states import OPEN_STAGES, SUITABLE_STAGES, Stage
from nbe.pipeline.settings import silent_days

STEPS_TO_TAKE = tuple(stage for stage in (*OPEN_STAGES, *SUITABLE_STAGES) if stage is not Stage.COMPLETED)


def silent_condition(today: dt.date) -> Any:
    """The candidates nobody has done anything with for too long, as a condition on Candidacy and Business."""
    before, after = silent_days()

    def since(days: int) -> Any:
        cutoff = today - dt.timedelta(days=days)
        quiet = sa.or_(Business.last_activity_on.is_(None), Business.last_activity_on <= cutoff)
        return sa.and_(Candidacy.stage_since_on <= cutoff, quiet)

    further = [stage for stage in STEPS_TO_TAKE if stage not in OPEN_STAGES]
    return sa.or_(
        sa.and_(Candidacy.stage.in_(OPEN_STAGES), since(before)), sa.and_(Candidacy.stage.in_(further), since(after))
    )


def lacks_step_condition(today: dt.date) -> Any:
    """The candidates that still go on but have no next step, as a condition on Candidacy; see `awaits_visit`."""
    awaits_none = sa.or_(
        Candidacy.stage != Stage.SCREENING_PLANNED, Candidacy.screening_on.is_(None), Candidacy.screening_on < today
    )
    idle = (Candidacy.stage.in_(STEPS_TO_TAKE), Candidacy.next_step == "", Candidacy.next_step_on.is_(None))
    return sa.and_(*idle, awaits_none)


def lacks_verdict_condition() -> Any:
    """The candidates that count as suitable though nobody has said so, as a condition on Candidacy."""
    return sa.and_(Candidacy.stage.in_(SUITABLE_STAGES), Candidacy.verdict.is_(None))
