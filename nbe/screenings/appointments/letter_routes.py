"""A visit to take along: its calendar file, and the letter to the business, to print, copy or send."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core.calendars import calendar_answer, write_calendar
from nbe.core.notices import tell
from nbe.mails.actions import compose
from nbe.models.states import ScreeningState
from nbe.screenings.appointments.letter import KIND, entry_of, letter_of, recipients_of
from nbe.screenings.queries import find_screening

bp = Feature("visit_letters", __name__)
READ, MAIL = Permission.SCREENINGS_READ, Permission.MAILS_WRITE


@bp.get("/screeninger/<int:screening_id>/kalender.ics", needs=READ)
def calendar(screening_id: int) -> Response:
    """The visit for a calendar; one called off takes itself out of it."""
    screening = find_screening(current_viewer(), screening_id)
    leave_trail("export", "screening", screening.id, what="kalender.ics")
    entry = entry_of(screening, url_for("screenings.show", screening_id=screening.id))
    return calendar_answer([entry], f"screening-{screening.id}.ics")


@bp.get("/screeninger/<int:screening_id>/brev", needs=READ)
def show(screening_id: int) -> str:
    """The letter as it can be printed, copied or sent."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id)
    leave_trail("read", "screening", screening.id)
    recipients = recipients_of(screening)
    letter = letter_of(screening)
    return render_template(
        "screenings/letter.html",
        screening=screening,
        business=screening.business,
        letter=letter,
        text=letter.text.replace("{navn}", recipients[0].name if len(recipients) == 1 else screening.business.name),
        recipients=recipients,
        is_open=screening.state is ScreeningState.PLANNED,
        may_send=viewer.may(MAIL, screening.business.municipality_code),
    )


@bp.post("/screeninger/<int:screening_id>/brev", needs=MAIL)
def send(screening_id: int) -> Any:
    """A draft to the business's people, to be seen before it goes."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, Permission.SCREENINGS_PLAN, for_update=True)
    recipients, letter = recipients_of(screening), letter_of(screening)
    if not recipients or screening.state is not ScreeningState.PLANNED:
        tell(_("Der er ingen at sende til: ingen fra virksomheden har en mailadresse, eller besøget er ikke planlagt."),
             "warning")  # fmt: skip
        return redirect(url_for(".show", screening_id=screening.id), code=303)
    mailing = compose(
        kind=KIND,
        subject=letter.subject,
        text=letter.text,
        recipients=recipients,
        municipality_code=screening.business.municipality_code,
        subject_kind="screening",
        subject_id=screening.id,
        is_service=True,
        user_id=viewer.user_id,
        attachment=(f"screening-{screening.id}.ics", write_calendar([entry_of(screening)])),
    )
    tell(_("Brevet er skrevet. Se det igennem, og send det."))
    return redirect(url_for("mailings.show", mailing_id=mailing.id), code=303)
