"""A chart as numbers: its series, and the table that stands beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of bars."""

    name: str
    x: list[Any]
    y: list[Any]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its series, and the same as a table (`headers`, `rows`)."""

    name: str
    title: str
    headers: list[str]
    rows: list[list[Any]]
    series: list[Series] = field(default_factory=list)
    note: str = ""
    height: str = "medium"


def day_text(day: dt.date) -> str:
    """25-04-2016."""
    return day.strftime("%d-%m-%Y")
