"""The people of a team as a spreadsheet: typed cells, one column for each day."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import Response, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.core import clock
from nbe.core.sheets import Column, SheetOut, write_csv, write_xlsx
from nbe.courses.actions import marks_of
from nbe.courses.rules import Mark
from nbe.models import Participant, Team

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _columns(team: Team) -> list[Column]:
    columns = [
        Column(_("Navn"), width=28),
        Column(_("Kommune"), width=17),
        Column(_("E-mail"), width=32),
        Column(_("Stilling"), width=22),
    ]
    columns += [Column(_("Dag %(number)s", number=day.number), width=8) for day in team.days]
    return [*columns, Column(_("Kursusbevis"), "date", 14), Column(_("Status"), width=18)]


def cross(mark: Mark, *, is_held: bool) -> str:
    """An x for a day signed up for that is still to come, and for a day somebody was there."""
    return "x" if (mark.was_there if is_held else mark.is_signed_up) else ""


def answer(team: Team, people: Sequence[Participant], kind: str) -> BaseResponse:
    """The file as an answer."""
    marks, today = marks_of(team.id, [person.id for person in people]), clock.today()
    columns = _columns(team)
    cells = [
        [
            person.name,
            person.municipality.name,
            person.email,
            person.title,
            *(
                cross(marks[person.id][day.id], is_held=day.held_on is not None and day.held_on < today)
                for day in team.days
            ),
            person.certificate_on,
            str(person.state.label),
        ]
        for person in people
    ]
    filename = f"kursus-{team.course.programme.year}-hold-{team.id}-{today.isoformat()}.{kind}"
    if kind == "xlsx":
        file = io.BytesIO()
        write_xlsx(file, [SheetOut(f"{team.course.title} {team.name.lower()}", columns, cells)])
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=filename)
    reply = Response(b"".join(write_csv(columns, cells)), content_type="text/csv; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply
