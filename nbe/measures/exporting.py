"""The list of measures as a spreadsheet: typed cells, one block of columns for each phase."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Response, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.sheets import Column, SheetOut, write_csv, write_xlsx
from nbe.ledger import CO2E
from nbe.measures.filters import MeasureFilter
from nbe.measures.listing import MeasureRow
from nbe.models.states import Quantity, SavingPhase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_QUANTITIES = (*(quantity.value for quantity in Quantity), CO2E)


def _columns() -> list[Column]:
    columns = [
        Column(_("Virksomhed"), width=34),
        Column(_("By"), width=18),
        Column(_("Kommune"), width=17),
        Column(_("Tiltag"), width=40),
        Column(_("Tilstand"), width=16),
        Column(_("Siden"), "date", 12),
        Column(_("Ansvarlig"), width=24),
        Column(_("Frist"), "date", 12),
    ]
    units = {quantity.value: f"{quantity.label}, {quantity.unit}" for quantity in Quantity}
    units[CO2E] = _("CO₂e, kg pr. år")
    columns += [Column(f"{phase.label}: {units[key]}", "decimal", 16) for phase in SavingPhase for key in _QUANTITIES]
    return columns


def _cells(row: MeasureRow) -> list[Any]:
    numbers = [row.amounts.get(phase, {}).get(key) for phase in SavingPhase for key in _QUANTITIES]
    names = [row.name, row.town, row.municipality_name, row.title]
    return [*names, str(row.state.label), row.since_on, row.owner, row.due_on, *numbers]


def answer(rows: Sequence[MeasureRow], chosen: MeasureFilter | None, kind: str) -> BaseResponse:
    """The file as an answer."""
    day = chosen.day if chosen else clock.today()
    year = chosen.programme.year if chosen else day.year
    filename = f"tiltag-{year}-{day.isoformat()}.{kind}"
    columns, cells = _columns(), [_cells(row) for row in rows]
    if kind == "xlsx":
        file = io.BytesIO()
        write_xlsx(file, [SheetOut(_("Tiltag"), columns, cells)])
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=filename)
    reply = Response(b"".join(write_csv(columns, cells)), content_type="text/csv; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply
