"""The list of sign-ups as a spreadsheet: typed cells, the rows of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.sheets import Column, SheetOut
from nbe.core.sheets.answers import sheet_answer
from nbe.events.filters import SignUpFilter
from nbe.events.listing import SignUpRow


def _columns() -> list[Column]:
    return [
        Column(_("Navn"), width=28),
        Column(_("Virksomhed"), width=34),
        Column(_("Kommune"), width=17),
        Column(_("Arrangement"), width=36),
        Column(_("Dato"), "date", 12),
        Column(_("Tilmelding"), width=14),
        Column(_("Medlem på dagen"), width=16),
        Column(_("Fremmødt"), width=11),
        Column(_("Siden"), "date", 12),
        Column(_("Forløbsår"), "integer", 10),
        Column(_("Pr. dato"), "date", 12),
    ]


def _cells(row: SignUpRow, chosen: SignUpFilter) -> list[Any]:
    came = {True: _("ja"), False: _("nej"), None: ""}[row.came]
    return [
        row.name, row.organisation, row.municipality_name, row.event, row.held_on, str(row.answer.label),
        _("ja") if row.is_member else _("nej"), came, row.since_on, chosen.programme.year, chosen.day,
    ]  # fmt: skip


def answer(rows: Sequence[SignUpRow], chosen: SignUpFilter | None, kind: str) -> BaseResponse:
    """The file as an answer."""
    day = chosen.day if chosen else clock.today()
    year = chosen.programme.year if chosen else day.year
    cells = [_cells(row, chosen) for row in rows] if chosen else []
    return sheet_answer(SheetOut(_("Tilmeldinger"), _columns(), cells), f"tilmeldinger-{year}-{day.isoformat()}", kind)
