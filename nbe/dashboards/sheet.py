"""The table of Overblik as a spreadsheet: every figure that costs the same for any number of businesses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from nbe.core.sheets.writing import Column, Kind
from nbe.dashboards.overview import Line, Overview
from nbe.figures import Figure
from nbe.figures.declared import (
    GATHERING_FIGURES,
    HOUR_FIGURES,
    HOURS_COVERED,
    MEASURE_FIGURES,
    MEMBERS,
    MISSING,
    OPEN,
    PERCENT_SCREENED,
    PLANS,
    REPORTED,
    SCREENED,
    SCREENING_FIGURES,
    SUITABLE,
)

_BEFORE_TARGET = (MEMBERS, OPEN, SUITABLE)
_AFTER_TARGET = (MISSING, SCREENED, PERCENT_SCREENED, REPORTED, PLANS, *HOUR_FIGURES)
_LAST = (*SCREENING_FIGURES, *MEASURE_FIGURES, *GATHERING_FIGURES)
_WHOLE = ("businesses", "screenings", "measures", "programmes", "people", "seats")


def sheet_columns() -> list[Column]:
    """The columns of the table as a spreadsheet; the unit stands in the heading."""
    return [
        Column(_("Kommunekode"), "integer", 13),
        Column(_("Kommune"), "text", 20),
        *(_column(figure) for figure in _BEFORE_TARGET),
        Column(_("Måltal"), "integer", 9),
        *(_column(figure) for figure in _AFTER_TARGET),
        Column(_("Ressourcer"), "text", 14),
        *(_column(figure) for figure in _LAST),
        Column(_("Seneste aktivitet"), "date", 17),
        Column(_("Forløbsår"), "integer", 10),
        Column(_("Pr. dato"), "date", 12),
    ]


def _column(figure: Figure) -> Column:
    if figure is SUITABLE:  # "af måltal" stands in a column of its own
        return Column(_("Egnede"), "integer", 9)
    kind: Kind = "integer" if figure.unit in _WHOLE else "decimal"
    title = str(figure.title)
    if figure.unit_words and figure.unit != "percent":
        title = f"{title} ({figure.unit_words})"
    return Column(title, kind, min(24, len(title) + 2))


def sheet_rows(overview: Overview) -> Iterator[list[Any]]:
    """A row per municipality; the row for all comes last."""
    for line in [*overview.lines, *([overview.total] if overview.total else [])]:
        yield _row(overview, line)


def _row(overview: Overview, line: Line) -> list[Any]:
    figures = overview.figures

    def shown(chosen: tuple[Figure, ...]) -> list[Any]:
        return [figures.shown(figure.key, line.code) for figure in chosen]

    is_told = figures.value(HOURS_COVERED.key, line.code) is not None
    return [
        line.code,
        line.name,
        *shown(_BEFORE_TARGET),
        figures.target(line.code),
        *shown(_AFTER_TARGET),
        str(figures.coverage[line.code].state.label) if is_told else "",
        *shown(_LAST),
        line.last_activity_on,
        figures.year,
        figures.as_of,
    ]
