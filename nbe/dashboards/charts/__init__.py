"""The charts as numbers: what each shows, and the table that stands beside it."""

from __future__ import annotations

from collections.abc import Callable

from nbe.dashboards.asked import Asked
from nbe.dashboards.charts import candidates, forloeb, gatherings
from nbe.dashboards.charts.chart import Chart, Series
from nbe.figures import AT_A_GLANCE, FigureSet, compute
from nbe.models import Programme

BUILDERS: dict[str, Callable[[Programme, Asked, FigureSet], Chart]] = {
    "burnup": candidates.burnup,
    "funnel": candidates.funnel,
    "members": candidates.members,
    "stages": candidates.stages,
    "screenings": forloeb.screenings,
    "savings": forloeb.savings,
    "hours": forloeb.hours,
    "events": gatherings.events,
}


def whole(programme: Programme, asked: Asked, figures: FigureSet) -> FigureSet:
    """The figures that charts show: never narrowed to an industry or a source."""
    if not asked.narrowing:
        return figures
    return compute(programme, asked.as_of, asked.municipality_code, figures=AT_A_GLANCE)


def build_charts(programme: Programme, asked: Asked, figures: FigureSet, names: list[str]) -> list[Chart]:
    """The charts of a page, in order."""
    shown = whole(programme, asked, figures)
    return [BUILDERS[name](programme, asked, shown) for name in names]


__all__ = ["BUILDERS", "Chart", "Series", "build_charts", "whole"]
