"""What follows *egnet* in one municipality: visits, hours, and measures with their savings in three phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbe.access import Viewer
from nbe.dashboards.asked import Asked
from nbe.dashboards.overview import Cell
from nbe.figures import Figure, FigureSet, Number, compute
from nbe.figures.declared import (
    COURSE_FIGURES,
    DAYS_TO_SCREENED,
    EVENT_FIGURES,
    HOUR_FIGURES,
    MEASURE_LINES,
    SCREENING_FIGURES,
)
from nbe.models import Programme
from nbe.resources.rules import Coverage


@dataclass(frozen=True, slots=True)
class SavingLine:
    """One quantity: what is identified, decided and realised."""

    title: Any
    unit: Any
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Following:
    """`wait` is the median of days from egnet to screenet, None when nobody can be counted."""

    visits: tuple[Cell, ...]
    wait: Number
    wait_figure: Figure
    hours: tuple[Cell, ...]
    coverage: Coverage
    lacks_hours: bool
    savings: tuple[SavingLine, ...]
    gatherings: tuple[Cell, ...]


def follow(programme: Programme, asked: Asked, figures: FigureSet, viewer: Viewer, code: int) -> Following:
    """The three cards of the municipality's page; the wait is read for this municipality alone."""

    def cell(figure: Figure) -> Cell:
        shown = figures.shown(figure.key, code)
        return Cell(figure, shown, figures.link(figure, viewer, code, today=asked.today))

    waits = compute(programme, asked.as_of, code, figures=(DAYS_TO_SCREENED,))
    return Following(
        visits=tuple(cell(figure) for figure in SCREENING_FIGURES),
        wait=waits.value(DAYS_TO_SCREENED.key, code),
        wait_figure=DAYS_TO_SCREENED,
        hours=tuple(cell(figure) for figure in HOUR_FIGURES),
        coverage=figures.coverage[code],
        lacks_hours=figures.lacks_hours(code),
        savings=tuple(
            SavingLine(line.title, line.unit_words, tuple(cell(figure) for figure in line.figures))
            for line in MEASURE_LINES
        ),
        gatherings=tuple(cell(figure) for figure in (*COURSE_FIGURES[:3], *EVENT_FIGURES)),
    )
