"""How many forløb the promised hours are enough for, at any day and as known at any moment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from nbe.businesses.queries import municipality_names
from nbe.core.database import db
from nbe.core.once import once
from nbe.ledger.queries import numbers_at
from nbe.models import DEFAULT_HOURS, DEFAULT_TARGET, HourNorm, Programme
from nbe.models.states import HourTask
from nbe.resources.rules import NONE, Coverage, add_up, cover

DEFAULT_TOTAL = Decimal(sum(DEFAULT_HOURS.values()))


def coverage(programme: Programme, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, Coverage]:
    """municipality -> hours needed, promised and covered at the end of `as_of`; all eleven.

    One statement, whatever has been promised. With `known_at` the answer never changes afterwards.
    """
    numbers = numbers_at(programme.id, as_of, known_at)
    return {
        code: cover(
            numbers.targets.get(code, DEFAULT_TARGET),
            numbers.hours.get(code, NONE),
            numbers.norms.get(code, DEFAULT_TOTAL),
        )
        for code in municipality_names()
    }


def coverage_of(programme: Programme, as_of: dt.date, code: int | None) -> Coverage:
    """The coverage of one municipality, or of all together (None); read once for a page."""
    every = once(f"coverage:{programme.id}:{as_of}", lambda: coverage(programme, as_of))
    return every[code] if code is not None else add_up(list(every.values()))


def task_hours(programme_id: int) -> dict[HourTask, Decimal]:
    """The hours of each task of a forløb, as they stand now."""
    statement = sa.select(HourNorm.task, HourNorm.hours).where(HourNorm.programme_id == programme_id)
    set_hours = {row.task: row.hours for row in db.session.execute(statement)}
    return {task: set_hours.get(task, Decimal(DEFAULT_HOURS[task])) for task in HourTask}
