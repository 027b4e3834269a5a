"""Which programme year a page shows when the address names none."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Event, Programme
from nbe.models.states import EventKind


def list_programmes() -> list[Programme]:
    """Every programme year, the latest first."""
    return list(db.session.scalars(sa.select(Programme).order_by(Programme.year.desc())))


def choose_programme(programmes: list[Programme], year: int | None, today: dt.date) -> Programme | None:
    """The year asked for; else the latest begun, else the first to come. None where it is not there."""
    if year is not None:
        return next((p for p in programmes if p.year == year), None)
    begun = [p for p in programmes if p.year <= today.year]
    return max(begun or programmes, key=lambda p: p.year if begun else -p.year, default=None)


def find_last_meeting(as_of: dt.date) -> dt.date | None:
    """The day of the last coordination meeting before `as_of`."""
    return db.session.scalar(
        sa.select(sa.func.max(Event.held_on)).where(Event.kind == EventKind.COORDINATION_MEETING, Event.held_on < as_of)
    )
