"""The rows of a list of candidates, with as much of each as the viewer may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from nbe.access import Viewer
from nbe.businesses.queries import may_read, municipality_names
from nbe.core import clock
from nbe.core.database import db
from nbe.models import Business, Candidacy, User
from nbe.models.industries import division_names
from nbe.models.states import CloseReason, Source, Stage
from nbe.pipeline.conditions import STEPS_TO_TAKE
from nbe.pipeline.rules import awaits_visit, is_silent, lacks_verdict
from nbe.pipeline.settings import silent_days


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate in a list. The last fields are empty for those who may only see lists."""

    id: int
    business_id: int
    name: str
    town: str
    industry: str
    municipality_code: int
    municipality_name: str
    stage: Stage
    close_reason: CloseReason | None = None
    is_open_to_viewer: bool = False
    lacks_verdict: bool = False
    is_silent: bool = False
    lacks_step: bool = False
    is_late: bool = False
    next_step: str = ""
    next_step_on: dt.date | None = None
    last_activity_on: dt.date | None = None
    source: Source | None = None
    responsible: str = ""
    employees: int | None = None
    screening_on: dt.date | None = None


_OF_TODAY: dict[str, Any] = {
    "lacks_verdict": False, "is_silent": False, "lacks_step": False, "is_late": False,
    "next_step": "", "next_step_on": None, "last_activity_on": None, "responsible": "",
    "screening_on": None,
}  # fmt: skip
_COLUMNS = (
    Candidacy.id, Business.id, Business.name, Business.town, Business.industry_code, Business.municipality_code,
    Candidacy.verdict, Candidacy.stage_since_on, Candidacy.next_step, Candidacy.next_step_on,
    Business.last_activity_on, Candidacy.source, User.name, Business.employees,
    Candidacy.screening_on,
)  # fmt: skip


def read_rows(
    viewer: Viewer, statement: sa.Select[Any], municipality: Any, stage: Any, detail: Any, *, is_past: bool = False
) -> list[CandidateRow]:
    """Run a select of candidates and give its rows with as much as the viewer may see of each.

    Of a day gone by, only what is known of that day: no next step, last activity or warning of today's.
    """
    names, today, days = municipality_names(), clock.today(), silent_days()
    divisions = division_names()
    columns = (*_COLUMNS, municipality.label("then_code"), stage.label("then_stage"), detail.label("then_reason"))
    statement = statement.with_only_columns(*columns).join(User, User.id == Candidacy.responsible_id, isouter=True)
    rows = [_row(viewer, row, names, divisions, today, days) for row in db.session.execute(statement)]
    return [replace(row, **_OF_TODAY) for row in rows] if is_past else rows


def _row(
    viewer: Viewer,
    row: Any,
    names: dict[int, str],
    divisions: dict[str, str],
    today: dt.date,
    days: tuple[int, int],
) -> CandidateRow:
    (
        candidacy_id, business_id, name, town, industry, code, verdict, since, step, step_on,
        active_on, source, responsible, employees, screening_on, then_code, then_stage, then_reason,
    ) = row  # fmt: skip
    stage = Stage(then_stage)
    reason = CloseReason(then_reason) if then_reason else None
    place = names[then_code]
    label = divisions.get(industry[:2], industry)
    if not may_read(viewer, code):
        return CandidateRow(candidacy_id, business_id, name, town, label, then_code, place, stage)
    goes_on = stage in STEPS_TO_TAKE
    return CandidateRow(
        candidacy_id,
        business_id,
        name,
        town,
        label,
        then_code,
        place,
        stage,
        reason,
        is_open_to_viewer=True,
        lacks_verdict=lacks_verdict(stage, verdict is not None),
        is_silent=is_silent(stage, max(since, active_on or since), today, *days),
        lacks_step=goes_on and not step and step_on is None and not awaits_visit(stage, screening_on, today),
        is_late=goes_on and step_on is not None and step_on < today,
        next_step=step,
        next_step_on=step_on,
        last_activity_on=active_on,
        source=Source(source) if source else None,
        responsible=responsible or "",
        employees=employees,
        screening_on=screening_on,
    )
