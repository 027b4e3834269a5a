"""Hours and screeners as a spreadsheet: typed cells, one column for each month."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, send_file
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Viewer
from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.sheets import Column, SheetOut, write_csv, write_xlsx
from nbe.models import Programme
from nbe.resources import queries
from nbe.resources.filters import ResourceFilter
from nbe.resources.rules import months_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _coverage_sheet(programme: Programme, code: int | None) -> SheetOut:
    columns = [
        Column(_("Kommune"), width=20),
        Column(_("Tilstand"), width=16),
        Column(_("Måltal"), "integer", 10),
        Column(_("Egnede"), "integer", 10),
        Column(_("Timer pr. forløb"), "decimal", 12),
        Column(_("Timer nødvendige"), "decimal", 12),
        Column(_("Timer lovet"), "decimal", 12),
        Column(_("Forløb med timer"), "integer", 12),
        Column(_("Timer, der mangler til de egnede"), "decimal", 16),
    ]
    every, names = queries.standings(programme, clock.today()), municipality_names()
    rows = []
    for place, one in every.items():
        if code is None or place == code:
            found = one.coverage
            told = [names[place], str(found.state.label), found.target, one.suitable, found.per_programme]
            rows.append([*told, found.needed, found.promised, found.covered, one.hours_short])
    return SheetOut(_("Dækning"), columns, rows)


def _hours_sheet(viewer: Viewer, programme: Programme, code: int) -> SheetOut:
    people = queries.list_hours(viewer, programme, code)
    told = {month for person in people for month in person.hours}
    months = sorted({*months_of(programme.year, programme.deadline_on), *told})
    columns = [Column(_("Navn"), width=30), Column(_("Lånt fra"), width=18)]
    columns += [Column(str(format_date(month, "MMMM y")), "decimal", 12) for month in months]
    columns += [Column(_("I alt"), "decimal", 12)]
    rows = [[p.name, p.place, *(p.hours.get(month) for month in months), p.total] for p in people]
    return SheetOut(_("Timer"), columns, rows)


def _screeners_sheet(viewer: Viewer, code: int) -> SheetOut:
    columns = [
        Column(_("Navn"), width=30),
        Column(_("Titel"), width=24),
        Column(_("Mail"), width=30),
        Column(_("Uddannet på kursus den"), "date", 14),
        Column(_("Screeninger observeret"), "integer", 14),
        Column(_("Senest observeret"), "date", 14),
        Column(_("Konto"), width=24),
        Column(_("Kan vælges"), width=12),
    ]
    rows: list[list[Any]] = [
        [
            s.name,
            s.title,
            s.email,
            s.trained_on,
            s.observed,
            s.observed_on,
            s.account,
            _("ja") if s.is_active else _("nej"),
        ]
        for s in queries.list_screeners(viewer, code)
    ]
    return SheetOut(_("Screenere"), columns, rows)


def answer(viewer: Viewer, chosen: ResourceFilter, kind: str) -> BaseResponse:
    """The file as an answer. CSV has one table: the hours, and for those who see no names the coverage."""
    programme, code = chosen.programme, chosen.municipality_code
    sheets = [_coverage_sheet(programme, code)]
    if code is not None and chosen.shows_people:
        sheets = [_hours_sheet(viewer, programme, code), _screeners_sheet(viewer, code), *sheets]
    filename = f"ressourcer-{programme.year}-{clock.today().isoformat()}.{kind}"
    if kind == "xlsx":
        file = io.BytesIO()
        write_xlsx(file, sheets)
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=filename)
    reply = Response(b"".join(write_csv(sheets[0].columns, sheets[0].rows)), content_type="text/csv; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply
