"""The order of the municipalities in the table of Overblik: by name, or by one of its columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from nbe.dashboards.overview import COLUMNS, Line

ACTIVITY = "aktivitet"
_RISING = "-op"


@dataclass(frozen=True, slots=True)
class Order:
    """A column's key, or "" for the names; the most first, unless it rises."""

    key: str = ""
    is_rising: bool = False

    @property
    def code(self) -> str | None:
        """As the address has it; None for the names."""
        return f"{self.key}{_RISING if self.is_rising else ''}" if self.key else None

    def by(self, key: str) -> str:
        """What the heading of a column asks for: the most first, and the other way round when it is that already."""
        return f"{key}{_RISING}" if self == Order(key) else key

    def spoken(self, key: str) -> str | None:
        """For `aria-sort`."""
        if key != self.key:
            return None
        return "ascending" if self.is_rising else "descending"


def read_order(arguments: Mapping[str, str]) -> Order:
    """What the address asks for; the names when that makes no sense."""
    key = arguments.get("orden", "")
    order = Order(key.removesuffix(_RISING), key.endswith(_RISING))
    return order if order.key in {ACTIVITY, *(figure.key for figure in COLUMNS)} else Order()


def ordered(lines: list[Line], order: Order) -> list[Line]:
    """The lines in that order; equal ones by name, and what has no number last. A masked number counts as none."""
    if not order.key:
        return lines
    told = [line for line in lines if _weight(line, order.key) is not None]
    told.sort(key=lambda line: _weight(line, order.key) or 0, reverse=not order.is_rising)
    return [*told, *(line for line in lines if line not in told)]


def _weight(line: Line, key: str) -> float | None:
    if key == ACTIVITY:
        day = line.last_activity_on
        return None if day is None else (day - dt.date.min).days
    shown = next(cell.shown for cell in line.cells if cell.figure.key == key)
    return shown if isinstance(shown, int | float) else None
