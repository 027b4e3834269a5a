"""Kommune: one municipality's figures, curves, splits and, for those who may see names, its list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _

from nbe.access import Feature, Permission, Viewer, current_viewer
from nbe.dashboards.asked import Asked
from nbe.dashboards.charts import build_charts
from nbe.dashboards.forloeb import follow
from nbe.dashboards.overview import Cell, build_overview
from nbe.dashboards.routes import ask
from nbe.figures import ALL, FigureSet, details, find_figure
from nbe.figures.declared import ASSESSED_FIGURE, CANDIDATES, CLOSED, MISSING
from nbe.figures.masking import HIDDEN
from nbe.figures.rows import By
from nbe.models import Programme
from nbe.models.industries import division_label
from nbe.models.states import SavingPhase, ScreeningState, Source
from nbe.resources.queries import standing_of

CHARTS = ["burnup", "funnel", "members", "savings"]

bp = Feature("municipality", __name__)


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a split with its list for those who may open it."""

    label: str
    candidates: Any
    suitable: Any
    href: str | None


@bp.get("/kommuner/<int:code>", needs=Permission.FIGURES_READ)
def show(code: int) -> str:
    """The municipality beside the region."""
    asked, programmes, municipalities = ask()
    names = {m.code: m.name for m in municipalities}
    if code not in names:
        abort(404)
    if asked.programme is None:
        return render_template("pages/nothing_yet.html", heading=_("Overblik"))
    viewer, programme = current_viewer(), asked.programme
    asked = replace(asked.only(code), municipality_code=None)
    overview = build_overview(programme, asked, viewer)
    here = replace(asked, municipality_code=code)
    figures = overview.figures
    line = next(line for line in overview.lines if line.code == code)
    return render_template(
        "dashboards/municipality.html",
        asked=asked,
        here=here,
        code=code,
        name=names[code],
        programme=programme,
        programmes=[(p.year, str(p.year)) for p in programmes],
        line=line,
        region=overview.total,
        since=overview.since,
        figures=figures,
        cells={cell.figure.key: cell for cell in line.cells},
        more=_more_cells(figures, viewer, asked, code),
        charts=build_charts(programme, here, figures, CHARTS),
        following=follow(programme, asked, figures, viewer, code),
        phases=list(SavingPhase),
        states=list(ScreeningState),
        times=details.stage_times(programme, asked.as_of, code),
        enterprises=details.count_enterprises(programme, asked.as_of, code),
        sources=_parts(programme, here, viewer, "source"),
        industries=_parts(programme, here, viewer, "industry"),
        reasons=[
            (figure.title, shown, figures.link(figure, viewer, code, today=asked.today))
            for figure, shown in details.reasons(figures, code, is_masked=asked.is_masked)
        ],
        title_of=lambda key: find_figure(key).title,
        may_list=viewer.may(Permission.LISTS_READ, code),
        standing=standing_of(programme, asked.as_of, code),
    )


def _more_cells(figures: FigureSet, viewer: Viewer, asked: Asked, code: int) -> list[Cell]:
    return [
        Cell(figure, figures.shown(figure.key, code), figures.link(figure, viewer, code, today=asked.today))
        for figure in (MISSING, CANDIDATES, ASSESSED_FIGURE, CLOSED)
    ]


def _parts(programme: Programme, here: Asked, viewer: Viewer, by: By) -> list[PartLine]:
    code = here.municipality_code
    assert code is not ALL  # noqa: S101 - says it to the type checker
    may_open = viewer.may(Permission.BUSINESSES_READ if by == "source" else Permission.LISTS_READ, code)
    lines = []
    for part in details.split(programme, here.as_of, code, by, is_masked=here.is_masked):
        if part.name == details.OTHERS:
            label = _("Øvrige, hver for sig få")
        elif by == "source":
            label = str(Source(part.name).label) if part.name else _("Ikke oplyst")
        else:
            label = division_label(part.name) or _("Ikke oplyst")
        is_open = may_open and part.name not in ("", details.OTHERS) and part.candidates != HIDDEN
        narrowed = {"kilde" if by == "source" else "branche": part.name}
        href = here.address("/kandidater", trin="kandidater", **narrowed) if is_open else None
        lines.append(PartLine(label, part.candidates, part.suitable, href))
    return lines
