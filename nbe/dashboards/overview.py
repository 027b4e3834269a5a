"""The table of Overblik: the municipalities side by side, each number with its list, and a row for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.dashboards.asked import Asked
from nbe.figures import ALL, AT_A_GLANCE, Figure, FigureSet, compute
from nbe.figures.activity import last_activities
from nbe.figures.declared import (
    HOUR_FIGURES,
    HOURS_COVERED,
    MAIN_FIGURES,
    MEMBERS,
    OPEN,
    PARTICIPANTS,
    PERCENT_SCREENED,
    PLANS,
    REPORTED,
    SAVING_FIGURES,
    SCREENED,
    SCREENING_FIGURES,
    SEATS,
    STAGE_FIGURES,
    SUITABLE,
)
from nbe.models import Programme
from nbe.targets.queries import last_meeting

COLUMNS: tuple[Figure, ...] = (
    MEMBERS,
    OPEN,
    SUITABLE,
    HOURS_COVERED,
    SCREENED,
    PERCENT_SCREENED,
    REPORTED,
    PLANS,
    SEATS,
)
# What the page shows in its table and its charts; a spreadsheet and a municipality's own page show more.
SHOWN: tuple[Figure, ...] = (
    *MAIN_FIGURES,
    *STAGE_FIGURES,
    *SCREENING_FIGURES,
    *HOUR_FIGURES,
    SEATS,
    PARTICIPANTS,
    *(figure for figure in SAVING_FIGURES if figure.unit == "kr_per_year"),
)
_AGAINST_HOURS = (SUITABLE, HOURS_COVERED)
_WITH_CHANGE = (MEMBERS, SUITABLE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: what is shown, its list for those who may open it, and how it changed.

    `lacks_hours`: it tells of suitable businesses or of hours, and there are more of the first than the second reach.
    """

    figure: Figure
    shown: Any
    href: str | None = None
    target: int | None = None
    change: int = 0
    lacks_hours: bool = False
    note: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is a number and not what is shown instead of one."""
        return isinstance(self.shown, int | float)


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality, or all (code None)."""

    code: int | None
    name: str
    cells: tuple[Cell, ...]
    last_activity_on: dt.date | None
    silent_days: int | None


@dataclass(frozen=True)
class Overview:
    """The whole table, and the meeting the changes are counted from."""

    figures: FigureSet
    lines: list[Line]
    total: Line | None
    since: dt.date | None
    activity: Mapping[int, dt.date | None]

    @property
    def short_by(self) -> tuple[int, int]:
        """How many municipalities are short of their target, and by how many altogether."""
        missing = [self.figures.value("missing", code) or 0 for code in self.figures.codes]
        return sum(1 for n in missing if n), sum(int(n) for n in missing)


def build_overview(
    programme: Programme, asked: Asked, viewer: Viewer, shown: tuple[Figure, ...] = AT_A_GLANCE
) -> Overview:
    """Compute the table. The number of statements does not depend on how many businesses there are."""
    code = asked.municipality_code
    figures = compute(
        programme,
        asked.as_of,
        code,
        narrowing=asked.narrowing,
        is_masked=asked.is_masked,
        figures=shown,
    )
    meeting = last_meeting(asked.as_of)
    since = meeting.held_on if meeting else None
    before = None
    if since and not (asked.narrowing and asked.is_masked):
        before = compute(programme, since, code, narrowing=asked.narrowing, figures=_WITH_CHANGE)
    activity = last_activities(asked.as_of, figures.codes)
    lines = [_line(figures, before, viewer, asked, place, activity.get(place)) for place in figures.codes]
    latest = max((day for day in activity.values() if day), default=None)
    total = _line(figures, before, viewer, asked, ALL, latest) if code is ALL else None
    return Overview(figures, lines, total, since if before else None, activity)


def _line(
    figures: FigureSet,
    before: FigureSet | None,
    viewer: Viewer,
    asked: Asked,
    code: int | None,
    last: dt.date | None,
) -> Line:
    cells = tuple(_cell(figures, before, viewer, asked, figure, code) for figure in COLUMNS)
    name = _("Alle kommuner") if code is ALL else figures.names[code]
    return Line(code, name, cells, last, (asked.as_of - last).days if last else None)


def _cell(
    figures: FigureSet, before: FigureSet | None, viewer: Viewer, asked: Asked, figure: Figure, code: int | None
) -> Cell:
    change = 0
    if before is not None and figure in _WITH_CHANGE:
        change = int(figures.value(figure.key, code) or 0) - int(before.value(figure.key, code) or 0)
    has_target = figure.has_target and not asked.narrowing
    return Cell(
        figure=figure,
        shown=figures.shown(figure.key, code),
        href=figures.link(figure, viewer, code, today=asked.today),
        target=figures.target(code) if has_target else None,
        change=change,
        note=seat_words(figures, code) if figure is SEATS else "",
        lacks_hours=figure in _AGAINST_HOURS and not asked.narrowing and figures.lacks_hours(code),
    )


def seat_words(figures: FigureSet, code: int | None) -> str:
    """What kind of seats the number counts: agreed with the municipality, or free for anybody's people."""
    words = {
        "agreed": _("aftalt"),
        "free": _("ledige"),
        "both": _("aftalte og ledige"),
    }
    return _("i alt") if code is ALL and figures.seat_kinds else words.get(figures.seat_kinds.get(code, ""), "")
