"""Ressourcer: are there hours for the forløb, who gives them, and who can screen."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import FieldConflict, conflict_page
from nbe.access.tables import make_conflict
from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.models import Programme
from nbe.resources import actions, queries
from nbe.resources.filters import ResourceFilter, filter_of, read_filter
from nbe.resources.table import HoursTable, read_table
from nbe.targets.queries import find_programme, programme_choices

bp = Feature("resources", __name__)
READ, WRITE = Permission.RESOURCES_READ, Permission.RESOURCES_WRITE

Page = str | tuple[str, int] | BaseResponse


@bp.get("/ressourcer", needs=Permission.FIGURES_READ)
def index() -> Page:
    """The hours of one's own municipality, or of all; names for those who work there."""
    chosen = read_filter(current_viewer(), request.args)
    if chosen is None:
        return render_template("pages/nothing_yet.html", heading=_("Ressourcer"))
    return _page(chosen)


def _page(chosen: ResourceFilter, table: HoursTable | None = None) -> str:
    viewer, code, today = current_viewer(), chosen.municipality_code, clock.today()
    people: dict[str, Any] = {}
    if code is not None and chosen.shows_people:
        people["table"] = table or read_table(viewer, chosen.programme, code)
        people["waiting"] = len(queries.list_waiting(viewer, chosen.programme.id, code))
        people["screeners"] = queries.list_screeners(viewer, code)
        leave_trail("list", "screener", programme=chosen.programme.year, rows=len(people["screeners"]))
    names = municipality_names()
    return render_template(
        "resources/index.html",
        chosen=chosen,
        code=code,
        names=names,
        standing=queries.standing_of(chosen.programme, today, code),
        every=queries.standings(chosen.programme, today) if code is None else {},
        may_write=code is not None and viewer.may(WRITE, code),
        may_open=lambda place: viewer.may(READ, place),
        programmes=programme_choices(),
        municipalities=list(names.items()),
        **people,
    )


def find_place(year: int, code: int, permission: Permission) -> Programme:
    """The programme of an address about one municipality; 404 where the viewer may not look."""
    programme = find_programme(year) if year < 3000 else None
    if programme is None or code not in municipality_names() or not current_viewer().may(permission, code):
        abort(404)
    return programme


@bp.get("/ressourcer/<int:year>/<int:code>", needs=READ)
def show(year: int, code: int) -> str:
    """The same for one municipality, under the address its form is sent to."""
    return _page(filter_of(current_viewer(), find_place(year, code, READ), code))


@bp.post("/ressourcer/<int:year>/<int:code>", needs=WRITE)
def save(year: int, code: int) -> Page:
    """Save the hours that were changed, all or none."""
    programme, viewer = find_place(year, code, WRITE), current_viewer()
    queries.hold_screeners(code)
    table = read_table(viewer, programme, code)
    if not table.lines.validate():
        return _page(filter_of(viewer, programme, code), table), 422
    touched = [line for line in table.lines if line.form.is_touched(line.current)]
    fields = [field for line in touched for field in line.form.differences(line.current, line.labels)]
    if fields:
        return _choose(programme, code, table, fields)
    promises = [promise for line in touched for promise in line.promises()]
    try:
        rows = actions.set_pledges(programme, code, promises, user_id=viewer.user_id)
    except actions.TooManyHoursError as refused:
        table.refuse(refused.screener_id, refused.month_on, refused.left)
        return _page(filter_of(viewer, programme, code), table), 422
    if rows:
        text = ngettext("%(num)s tal er gemt.", "%(num)s tal er gemt.", len(rows))
        tell(text, undo=url_for(".undo", year=year, code=code, raekke=rows[0]))
    else:
        tell(_("Der var intet at gemme: timerne står, som de stod."), "info")
    return redirect(_home(year, code), 303)


def _home(year: int, code: int) -> str:
    return url_for(".index", aar=year, kommune=code)


def _choose(programme: Programme, code: int, table: HoursTable, fields: list[FieldConflict]) -> BaseResponse:
    who, when = queries.last_hand(programme.id, code)
    conflict = make_conflict(fields, table.lines.renew(), who, when)
    title = _("Timer i %(name)s %(year)s", name=municipality_names()[code], year=programme.year)
    return conflict_page(conflict, action=request.path, title=title, back=_home(programme.year, code))


@bp.post("/ressourcer/<int:year>/<int:code>/fortryd", needs=WRITE)
def undo(year: int, code: int) -> BaseResponse:
    """Take one saving back, unless somebody has gone on from it."""
    programme = find_place(year, code, WRITE)
    queries.hold_screeners(code)
    row = asked_number(request.args, "raekke") or 0
    try:
        actions.undo_pledges(programme, code, row, user_id=current_viewer().user_id)
    except actions.ChangedSinceError:
        tell(_("Timerne er ændret siden og kan ikke fortrydes herfra. Ret dem i tabellen."), "warning")
    else:
        tell(_("Timerne står igen, som de stod før."))
    return redirect(_home(year, code), 303)


@bp.get("/ressourcer/eksport.<any(xlsx, csv):kind>", needs=Permission.FIGURES_READ)
def export(kind: str) -> BaseResponse:
    """The same as a spreadsheet or Danish CSV: figures for all, names for those who work there."""
    from nbe.resources.exporting import answer

    chosen = read_filter(current_viewer(), request.args)
    if chosen is None:
        abort(404)
    leave_trail("export", "screener", what=f"ressourcer.{kind}", programme=chosen.programme.year)
    return answer(current_viewer(), chosen, kind)
