"""Figures over time, week by week from the totals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from nbe.figures.declared import MEMBERS, SUITABLE
from nbe.ledger.fold import NO_PROGRAMME
from nbe.ledger.queries import weekly
from nbe.models import Programme


@dataclass(frozen=True, slots=True)
class Point:
    """A count at the end of a day."""

    day: dt.date
    value: int


def suitable_over_time(programme: Programme, until: dt.date, municipality_code: int | None) -> list[Point]:
    """The suitable at the end of each week from the year's beginning, or the first move before it."""
    weeks = weekly(programme.id, SUITABLE.sums, until, municipality_code)
    return [Point(day, sum(level.values())) for day, level in weeks]


def members_over_time(until: dt.date, municipality_code: int | None, weeks: int = 160) -> list[Point]:
    """The members at the end of each week; the last three years or so."""
    points = weekly(NO_PROGRAMME, MEMBERS.sums, until, municipality_code)
    return [Point(day, sum(level.values())) for day, level in points][-weeks:]


def ideal_path(points: list[Point], begins_on: dt.date, deadline_on: dt.date, target: int) -> list[float]:
    """Where an even pace from `begins_on` to the target at the deadline would stand at each point."""
    days = max(1, (deadline_on - begins_on).days)
    return [round(min(1.0, max(0.0, (point.day - begins_on).days / days)) * target, 1) for point in points]


def month_ends(points: list[Point]) -> list[Point]:
    """The last point of each month, and the last of all: what a table needs."""
    kept = [p for p, after in pairwise(points) if p.day.month != after.day.month]
    return [*kept, *points[-1:]]
