"""Overblik: its page, its charts, and its table as a spreadsheet."""

from __future__ import annotations

import io

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.access.trail import leave_trail
from nbe.core.sheets.writing import SheetOut, write_csv, write_xlsx
from nbe.dashboards.asked import Asked, read_address
from nbe.dashboards.charts import BUILDERS, build_charts, whole
from nbe.dashboards.ordering import ACTIVITY, ordered, read_order
from nbe.dashboards.overview import COLUMNS, SHOWN, Overview, build_overview
from nbe.dashboards.sheet import sheet_columns, sheet_rows
from nbe.dashboards.tiles import HEIGHT, WIDTH, lay_tiles
from nbe.figures import AT_A_GLANCE, compute
from nbe.models import Municipality, Programme
from nbe.models.industries import division_choices
from nbe.models.states import Source
from nbe.targets.queries import list_municipalities, list_programmes, next_meeting

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHARTS = ["burnup", "funnel", "members", "stages", "screenings", "hours", "savings"]

bp = Feature("overview", __name__)


def ask() -> tuple[Asked, list[Programme], list[Municipality]]:
    """What this address asks for, with the programmes and municipalities to choose among."""
    programmes, municipalities = list_programmes(), list_municipalities()
    return read_address(request.args, programmes, municipalities, current_viewer()), programmes, municipalities


@bp.get("/", needs=Permission.FIGURES_READ)
def show() -> str:
    """All municipalities side by side, then charts and the tile map."""
    asked, programmes, municipalities = ask()
    programme = asked.programme
    if programme is None:
        return render_template("pages/nothing_yet.html", heading=_("Overblik"))
    overview = build_overview(programme, asked, current_viewer(), SHOWN)
    figures = whole(programme, asked, overview.figures)
    charts = build_charts(programme, asked, figures, CHARTS)
    order = read_order(request.args)
    hrefs = {code: asked.only(code).address(f"/kommuner/{code}", kommune=None) for code in figures.codes}
    return render_template(
        "dashboards/overview.html",
        asked=asked,
        programme=programme,
        programmes=[(p.year, str(p.year)) for p in programmes],
        municipalities=[(m.code, m.name) for m in municipalities],
        industries=division_choices(),
        sources=[(source.value, source.label) for source in Source],
        overview=overview,
        figures=overview.figures,
        lines=ordered(overview.lines, order),
        order=order,
        columns=COLUMNS,
        charts=charts,
        hrefs=hrefs,
        tiles=lay_tiles(figures, hrefs),
        activity=ACTIVITY,
        tile_size=(WIDTH, HEIGHT),
        meeting=next_meeting(asked.as_of),
    )


@bp.get("/overblik/diagrammer/<name>.json", needs=Permission.FIGURES_READ)
def chart(name: str) -> Response:
    """One chart, for Plotly in the browser."""
    from nbe.dashboards.drawing import draw

    asked, _programmes, _municipalities = ask()
    if name not in BUILDERS or asked.programme is None:
        abort(404)
    figures = compute(asked.programme, asked.as_of, asked.municipality_code, figures=AT_A_GLANCE)
    return Response(draw(BUILDERS[name](asked.programme, asked, figures)), content_type="application/json")


@bp.get("/overblik.csv", needs=Permission.FIGURES_READ)
def as_csv() -> Response:
    """The table as Danish CSV."""
    overview, name = _for_export("csv")
    body = b"".join(write_csv(sheet_columns(), sheet_rows(overview)))
    return _download(body, "text/csv; charset=utf-8", f"{name}.csv")


@bp.get("/overblik.xlsx", needs=Permission.FIGURES_READ)
def as_xlsx() -> Response:
    """The table as a workbook."""
    overview, name = _for_export("xlsx")
    stream = io.BytesIO()
    write_xlsx(stream, [SheetOut(_("Overblik"), sheet_columns(), sheet_rows(overview))])
    return _download(stream.getvalue(), XLSX, f"{name}.xlsx")


def _for_export(kind: str) -> tuple[Overview, str]:
    asked, _programmes, _municipalities = ask()
    if asked.programme is None:
        abort(404)
    leave_trail("export", "overview", kind=kind, day=asked.as_of.isoformat())
    name = f"overblik-{asked.programme.year}-{asked.as_of.isoformat()}"
    return build_overview(asked.programme, asked, current_viewer()), name


def _download(body: bytes, content_type: str, name: str) -> Response:
    return Response(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
