"""The list of participants as a spreadsheet: typed cells, the rows of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.sheets import Column, SheetOut
from nbe.core.sheets.answers import sheet_answer
from nbe.courses.filters import ParticipantFilter
from nbe.courses.listing import ParticipantRow


def _columns() -> list[Column]:
    return [
        Column(_("Navn"), width=28),
        Column(_("Kommune"), width=17),
        Column(_("Kursus"), width=28),
        Column(_("Hold"), width=14),
        Column(_("Status"), width=18),
        Column(_("Siden"), "date", 12),
        Column(_("Dage mødt"), "integer", 11),
        Column(_("Kursusdage"), "integer", 11),
        Column(_("Kursusbevis"), "date", 14),
        Column(_("Forløbsår"), "integer", 10),
        Column(_("Pr. dato"), "date", 12),
    ]


def _cells(row: ParticipantRow, chosen: ParticipantFilter) -> list[Any]:
    team = row.team
    return [
        row.name, row.municipality_name, team.course if team else "", team.name if team else "",
        str(row.state.label), row.since_on, row.came, team.days if team else None, row.certificate_on,
        chosen.programme.year, chosen.day,
    ]  # fmt: skip


def answer(rows: Sequence[ParticipantRow], chosen: ParticipantFilter | None, kind: str) -> BaseResponse:
    """The file as an answer."""
    day = chosen.day if chosen else clock.today()
    year = chosen.programme.year if chosen else day.year
    cells = [_cells(row, chosen) for row in rows] if chosen else []
    return sheet_answer(SheetOut(_("Kursister"), _columns(), cells), f"kursister-{year}-{day.isoformat()}", kind)
