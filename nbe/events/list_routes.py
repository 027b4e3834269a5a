"""What is taken along from an event: the list for the minutes, badges, a spreadsheet, a file for the calendar."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core.calendars import calendar_answer
from nbe.core.notices import tell
from nbe.core.pdf import can_write_pdf, write_pdf
from nbe.core.sheets.answers import sheet_answer
from nbe.events import queries
from nbe.events.calendar import FILE, entry_of
from nbe.events.counts import count_people
from nbe.events.exporting import sheet_of
from nbe.events.lists import Attendees, attendees_of, plain_text
from nbe.events.show import day_has_come
from nbe.models import Event

bp = Feature("event_lists", __name__)
PEOPLE = Permission.REGISTRATIONS_READ


def _read(event_id: int, act: str, what: str) -> tuple[Event, list[queries.PersonRow], Attendees]:
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id)
    rows = queries.list_people(viewer, event, size=None).rows
    leave_trail(act, "registration", event.id, what=what, rows=len(rows))
    counts = count_people([event.id])[event.id]
    return event, rows, attendees_of(rows, counts, is_held=day_has_come(event))


@bp.get("/arrangementer/<int:event_id>/deltagerliste", needs=PEOPLE)
def show(event_id: int) -> str:
    """The list to copy into minutes; those who sent apologies below."""
    event, _rows, attendees = _read(event_id, "list", "deltagerliste")
    return render_template(
        "events/list.html", event=event, attendees=attendees, text=plain_text(event, attendees),
        may_print=can_write_pdf(),
    )  # fmt: skip


@bp.get("/arrangementer/<int:event_id>/deltagerliste.txt", needs=PEOPLE)
def as_text(event_id: int) -> Response:
    """The same as a file of plain text."""
    event, _rows, attendees = _read(event_id, "export", "deltagerliste.txt")
    answer = Response(plain_text(event, attendees), content_type="text/plain; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"deltagerliste-{event.held_on}.txt")
    return answer


@bp.get("/arrangementer/<int:event_id>/deltagere.xlsx", needs=PEOPLE)
def as_xlsx(event_id: int) -> Any:
    """All people of the event that the viewer sees, as a spreadsheet that the import understands."""
    event, rows, _attendees = _read(event_id, "export", "deltagere.xlsx")
    return sheet_answer(sheet_of(event, rows), f"deltagere-{event.held_on}", "xlsx")


@bp.get("/arrangementer/<int:event_id>/navneskilte.pdf", needs=PEOPLE)
def badges(event_id: int) -> Any:
    """Badges of all who are signed up or there, ten on a sheet of A4 to be cut."""
    event, _rows, attendees = _read(event_id, "export", "navneskilte.pdf")
    if not attendees.there or not can_write_pdf():
        tell(
            _("Der er ingen navneskilte at skrive ud.") if can_write_pdf() else _("PDF kan ikke laves her."), "warning"
        )
        return redirect(url_for(".show", event_id=event.id), code=302)
    html = render_template("events/badges.html", event=event, people=attendees.there)
    answer = make_response(write_pdf(html, "badges.css"))
    answer.content_type = "application/pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=f"navneskilte-{event.held_on}.pdf")
    return answer


@bp.get(f"/arrangementer/<int:event_id>/{FILE}", needs=Permission.EVENTS_READ)
def calendar(event_id: int) -> Response:
    """The event as a file for a calendar."""
    event = queries.find_event(current_viewer(), event_id)
    return calendar_answer([entry_of(event, url_for("events.show", event_id=event.id))], FILE)
