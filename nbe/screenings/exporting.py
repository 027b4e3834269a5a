"""The list of visits as a spreadsheet: typed cells, with the case number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.sheets import Column, SheetOut
from nbe.core.sheets.answers import sheet_answer
from nbe.models.states import ScreeningRole
from nbe.screenings.filters import ScreeningFilter
from nbe.screenings.listing import ScreeningRow


def _columns() -> list[Column]:
    return [
        Column(_("Virksomhed"), width=34),
        Column(_("CVR-nr."), width=12),
        Column(_("By"), width=18),
        Column(_("Kommune"), width=17),
        Column(_("Sagsnummer"), width=20),
        Column(_("Forløbsår"), width=10),
        Column(_("Screening nr."), "integer", 10),
        Column(_("Dato"), "date", 12),
        Column(_("Klokken"), width=9),
        Column(_("Minutter"), "integer", 9),
        Column(_("Sted"), width=34),
        Column(_("Tilstand"), width=18),
        Column(_("Siden"), "date", 12),
        Column(_("Gennemført den"), "date", 14),
        *(Column(str(role.label), width=24) for role in ScreeningRole),
        Column(_("Temaer vurderet"), "integer", 10),
        Column(_("Temaer"), "integer", 9),
    ]


def _cells(row: ScreeningRow, year: int) -> list[Any]:
    screening, business = row.screening, row.business
    return [
        business.name,
        business.cvr,
        business.town,
        row.municipality_name,
        business.case_number,
        str(year),
        screening.number,
        row.starts_at.date(),
        row.starts_at.strftime("%H:%M"),
        screening.minutes,
        screening.place,
        str(screening.state.label),
        screening.state_since_on,
        screening.held_on,
        *(row.names(role) for role in ScreeningRole),
        row.judged,
        row.themes,
    ]


def answer(rows: Sequence[ScreeningRow], chosen: ScreeningFilter | None, kind: str) -> BaseResponse:
    """The file as an answer."""
    day = clock.today()
    year = chosen.programme.year if chosen else day.year
    sheet = SheetOut(_("Screeninger"), _columns(), [_cells(row, year) for row in rows])
    return sheet_answer(sheet, f"screeninger-{year}-{day.isoformat()}", kind)
