"""The list of measures as a spreadsheet: typed cells, as the import takes them in again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, send_file
from flask_babel import force_locale
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.sheets import SheetOut, write_csv, write_xlsx
from nbe.ledger import CO2E
from nbe.measures.filters import MeasureFilter
from nbe.measures.listing import MeasureRow
from nbe.measures.sheet import AMOUNT, SHEET, cell_key, saving_cells, sheet_columns, written
from nbe.models import EmissionFactor, Measure
from nbe.models.states import Quantity, SavingPhase

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_QUANTITIES = (*(quantity.value for quantity in Quantity), CO2E)


def rows_of_sheet(rows: Sequence[MeasureRow], chosen: MeasureFilter) -> list[list[Any]]:
    """The cells of a list. Of a day gone by: what the ledger says; what the numbers rest on is today's alone."""
    cells: list[dict[str, Any]] = []
    for part in chunks(rows):
        records = {} if chosen.is_past else _records([row.id for row in part if row.is_open_to_viewer])
        factors = _factors()
        with force_locale("da"):
            cells += [_cells(row, records.get(row.id), factors, chosen.programme.year) for row in part]
    return written(cells)


def _records(ids: list[int]) -> dict[int, Measure]:
    statement = sa.select(Measure).where(Measure.id.in_(ids))
    wanted = (selectinload(Measure.savings), selectinload(Measure.theme), selectinload(Measure.business))
    return {measure.id: measure for measure in db.session.scalars(statement.options(*wanted))}


def _factors() -> dict[int, EmissionFactor]:
    return {factor.id: factor for factor in db.session.scalars(sa.select(EmissionFactor))}


def _cells(row: MeasureRow, measure: Measure | None, factors: dict[int, EmissionFactor], year: int) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "name": row.name,
        "town": row.town,
        "municipality": row.municipality_name,
        "programme": str(year),
        "title": row.title,
        "state": str(row.state.label),
        "since_on": row.since_on,
        "owner": row.owner,
        "due_on": row.due_on,
    }
    for phase in SavingPhase:
        for quantity in _QUANTITIES:
            cells[cell_key(phase, quantity, AMOUNT)] = row.amounts.get(phase, {}).get(quantity)
    if measure is None:
        return cells
    return (
        cells
        | saving_cells(measure, factors)
        | {
            "cvr": measure.business.cvr,
            "p_number": measure.business.p_number,
            "description": measure.description,
            "is_in_plan": "Ja" if measure.is_in_plan else "",
            "is_confidential": "Ja" if measure.is_confidential else "",
            "theme": measure.theme.title if measure.theme else "",
            "key": measure.key,
        }
    )


def sheet_of(rows: Sequence[MeasureRow], chosen: MeasureFilter | None) -> SheetOut:
    """A list as a sheet."""
    columns = [column.out for column in sheet_columns()]
    return SheetOut(SHEET, columns, rows_of_sheet(rows, chosen) if chosen else [])


def answer(rows: Sequence[MeasureRow], chosen: MeasureFilter | None, kind: str) -> BaseResponse:
    """The file as an answer."""
    day = chosen.day if chosen else clock.today()
    year = chosen.programme.year if chosen else day.year
    filename = f"tiltag-{year}-{day.isoformat()}.{kind}"
    sheet = sheet_of(rows, chosen)
    if kind == "xlsx":
        file = io.BytesIO()
        write_xlsx(file, [sheet])
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=filename)
    reply = Response(b"".join(write_csv(sheet.columns, sheet.rows)), content_type="text/csv; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply
