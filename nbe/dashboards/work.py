"""What the plans ask for on Min dag: looks that are due, and measures whose day has passed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, visible
from nbe.core import clock
from nbe.core.database import db
from nbe.models import Business, Candidacy, FollowUp, Measure, Programme
from nbe.models.states import MeasureState, Stage

AHEAD = dt.timedelta(days=14)  # looks are arranged with the business, so they are told in time
SHOWN = 15
_GOING = (MeasureState.DECIDED, MeasureState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: what it is, at whom, when; of a look, so many months after the plan."""

    id: int
    business: str
    day: dt.date
    what: str = ""
    months: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """The looks and measures of the day, the oldest first, and how many there are of each."""

    looks: list[Due]
    measures: list[Due]
    looks_total: int
    measures_total: int
    measures_href: str


def list_work(viewer: Viewer, programme: Programme, code: int | None) -> Work:
    """What the viewer may see to in one municipality (None: in all, for those who see all). Four statements.

    Looks of any programme, as they come a year after it; measures of this one, as the list they open.
    """
    today = clock.today()
    looks: Any = (
        visible(viewer, FollowUp, Permission.SCREENINGS_WRITE)
        .join(Candidacy, Candidacy.id == FollowUp.candidacy_id)
        .where(FollowUp.held_on.is_(None), FollowUp.due_on <= today + AHEAD, Candidacy.stage != Stage.CLOSED)
    )
    measures: Any = visible(viewer, Measure, Permission.SCREENINGS_WRITE).where(
        Measure.programme_id == programme.id, Measure.state.in_(_GOING), Measure.due_on < today
    )
    if code is not None:
        looks, measures = (part.where(Business.municipality_code == code) for part in (looks, measures))
    place = f"&kommune={code}" if code is not None else ""
    return Work(
        [
            Due(i, name, day, months=n)
            for i, name, day, n in _first(looks, FollowUp.id, FollowUp.due_on, FollowUp.months)
        ],
        [
            Due(i, name, day, title)
            for i, name, day, title in _first(measures, Measure.id, Measure.due_on, Measure.title)
        ],
        _count(looks),
        _count(measures),
        f"/tiltag?aar={programme.year}{place}&forfalden=1",
    )


def _first(statement: Any, row_id: Any, day: Any, more: Any) -> Any:
    shown = statement.with_only_columns(row_id, Business.name, day, more, maintain_column_froms=True)
    return db.session.execute(shown.order_by(day, row_id).limit(SHOWN))


def _count(statement: Any) -> int:
    return db.session.scalar(statement.with_only_columns(sa.func.count(), maintain_column_froms=True)) or 0
