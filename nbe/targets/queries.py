"""Programme years, target numbers and meeting dates, as others ask for them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.database import db
from nbe.ledger.queries import targets_at
from nbe.models import DEFAULT_TARGET, Event, Municipality, Programme, Target
from nbe.models.states import EventKind


def list_municipalities() -> list[Municipality]:
    """The eleven, in Danish order."""
    return list(db.session.scalars(sa.select(Municipality).order_by(Municipality.sort_key)))


def list_programmes() -> list[Programme]:
    """All programmes, the latest first."""
    return list(db.session.scalars(sa.select(Programme).order_by(Programme.year.desc())))


def find_programme(year: int) -> Programme | None:
    """The programme of a year, if there is one."""
    return db.session.scalar(sa.select(Programme).where(Programme.year == year))


def current_programme(today: dt.date) -> Programme | None:
    """This year's programme, else the latest before it, else the first to come."""
    programmes = list_programmes()
    begun = [p for p in programmes if p.year <= today.year]
    return begun[0] if begun else programmes[-1] if programmes else None


def required(programme_id: int, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, int]:
    """municipality -> how many suitable businesses it must find; 5 where nothing else was set by that day."""
    known = targets_at(programme_id, as_of, known_at)
    codes = db.session.scalars(sa.select(Municipality.code))
    return {code: known.get(code, DEFAULT_TARGET) for code in codes}


def deadlines(programme: Programme) -> dict[int, dt.date]:
    """municipality -> the day by which its number must be reached."""
    own = db.session.execute(
        sa.select(Target.municipality_code, Target.deadline_on).where(
            Target.programme_id == programme.id, Target.deadline_on.is_not(None)
        )
    )
    special: dict[int, dt.date] = {code: day for code, day in own if day is not None}
    codes = db.session.scalars(sa.select(Municipality.code))
    return {code: special.get(code, programme.deadline_on) for code in codes}


def next_meeting(today: dt.date) -> Event | None:
    """The coordination meeting to come, today's included."""
    return db.session.scalar(_meetings().where(Event.held_on >= today).order_by(Event.held_on).limit(1))


def last_meeting(today: dt.date) -> Event | None:
    """The latest coordination meeting before today."""
    return db.session.scalar(_meetings().where(Event.held_on < today).order_by(Event.held_on.desc()).limit(1))


def list_meetings() -> list[Event]:
    """All coordination meetings, the latest first."""
    return list(db.session.scalars(_meetings().order_by(Event.held_on.desc())))


def _meetings() -> sa.Select[tuple[Event]]:
    return sa.select(Event).where(Event.kind == EventKind.COORDINATION_MEETING)
