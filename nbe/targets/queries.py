"""Programme years, target numbers and meeting dates, as others ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.database import db
from nbe.core.once import once
from nbe.ledger.queries import targets_at
from nbe.models import DEFAULT_TARGET, Change, Event, LedgerRow, Municipality, Programme, Target, User
from nbe.models.states import EventKind, LedgerKind

# Made once: making a statement costs more than running it.
_DEADLINES = sa.select(Target.municipality_code, Target.deadline_on).where(
    Target.programme_id == sa.bindparam("programme_id"), Target.deadline_on.is_not(None)
)
_MEETINGS = sa.select(Event).where(Event.kind == EventKind.COORDINATION_MEETING).limit(1)
_TODAY: sa.BindParameter[dt.date] = sa.bindparam("today")
_NEXT_MEETING = _MEETINGS.where(Event.held_on >= _TODAY).order_by(Event.held_on)
_LAST_MEETING = _MEETINGS.where(Event.held_on < _TODAY).order_by(Event.held_on.desc())
_PROGRAMMES = sa.select(Programme).order_by(Programme.year.desc())


def list_municipalities() -> list[Municipality]:
    """The eleven, in Danish order."""
    return list(db.session.scalars(sa.select(Municipality).order_by(Municipality.sort_key)))


def list_programmes() -> list[Programme]:
    """All programmes, the latest first."""
    return list(once("programmes", lambda: db.session.scalars(_PROGRAMMES).all()))


def programme_choices() -> list[tuple[int, str]]:
    """The programmes to choose among, by year."""
    return [(programme.year, str(programme.year)) for programme in list_programmes()]


def find_programme(year: int) -> Programme | None:
    """The programme of a year, if there is one."""
    return next((programme for programme in list_programmes() if programme.year == year), None)


def current_programme(today: dt.date) -> Programme | None:
    """This year's programme, else the latest before it, else the first to come."""
    programmes = list_programmes()
    begun = [p for p in programmes if p.year <= today.year]
    return begun[0] if begun else programmes[-1] if programmes else None


def asked_programme(arguments: Mapping[str, str]) -> Programme | None:
    """The programme an address names by its year ("aar"), else the current one; None where there is none at all."""
    year = asked_number(arguments, "aar")
    return (find_programme(year) if year else None) or current_programme(clock.today())


def required(programme_id: int, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, int]:
    """municipality -> how many suitable businesses it must find; 5 where nothing else was set by that day."""
    known = targets_at(programme_id, as_of, known_at)
    return {code: known.get(code, DEFAULT_TARGET) for code in municipality_names()}


def deadlines(programme: Programme) -> dict[int, dt.date]:
    """municipality -> the day by which its number must be reached."""
    own = db.session.execute(_DEADLINES, {"programme_id": programme.id})
    special: dict[int, dt.date] = {code: day for code, day in own if day is not None}
    return {code: special.get(code, programme.deadline_on) for code in municipality_names()}


def list_targets(programme_id: int, *, for_update: bool = False) -> dict[int, Target]:
    """municipality -> its stored target; a municipality that was never set has none, and must find 5."""
    statement = sa.select(Target).where(Target.programme_id == programme_id).order_by(Target.municipality_code)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return {target.municipality_code: target for target in db.session.scalars(statement)}


def hold_new_year() -> None:
    """Let one at a time make a programme: the first municipality's row serves as the lock."""
    db.session.execute(sa.select(Municipality.code).order_by(Municipality.code).limit(1).with_for_update())


def lock_programme(year: int) -> Programme | None:
    """The programme of a year, held against other changes until the commit."""
    return db.session.scalar(sa.select(Programme).where(Programme.year == year).with_for_update())


@dataclass(frozen=True, slots=True)
class YearLine:
    """A programme with what the eleven must find together, and how many of them have another number than 5."""

    programme: Programme
    required: int
    others: int


def list_years() -> list[YearLine]:
    """All programmes with their sums of today, the latest first."""
    municipalities = db.session.scalar(sa.select(sa.func.count()).select_from(Municipality)) or 0
    differs = sa.case((Target.required != DEFAULT_TARGET, 1), else_=0)
    sums = (
        sa.select(
            Target.programme_id,
            sa.func.sum(Target.required - DEFAULT_TARGET).label("more"),
            sa.func.sum(differs).label("others"),
        )
        .group_by(Target.programme_id)
        .subquery()
    )
    statement = (
        sa.select(Programme, sa.func.coalesce(sums.c.more, 0), sa.func.coalesce(sums.c.others, 0))
        .outerjoin(sums, sums.c.programme_id == Programme.id)
        .order_by(Programme.year.desc())
    )
    rows = db.session.execute(statement)
    return [YearLine(year, municipalities * DEFAULT_TARGET + int(more), int(others)) for year, more, others in rows]


def last_hand(programme_id: int) -> tuple[str, dt.datetime | None]:
    """Who last changed a target of this programme, and when."""
    number = (
        sa.select(LedgerRow.recorded_at, User.name)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(LedgerRow.programme_id == programme_id, LedgerRow.kind == LedgerKind.TARGET)
        .order_by(LedgerRow.id.desc())
        .limit(1)
    )
    field = (
        sa.select(Change.at, User.name)
        .outerjoin(User, User.id == Change.user_id)
        .join(Target, Target.id == Change.entity_id)
        .where(Change.entity == Target.__tablename__, Target.programme_id == programme_id)
        .order_by(Change.id.desc())
        .limit(1)
    )
    hands = [row for statement in (number, field) for row in db.session.execute(statement)]
    if not hands:
        return "", None
    moment, name = max(hands, key=lambda hand: hand[0])
    return name or "", moment


def next_meeting(today: dt.date) -> Event | None:
    """The coordination meeting to come, today's included."""
    return db.session.scalar(_NEXT_MEETING, {"today": today})


def last_meeting(today: dt.date) -> Event | None:
    """The latest coordination meeting before today."""
    return db.session.scalar(_LAST_MEETING, {"today": today})
