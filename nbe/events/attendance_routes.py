"""Attendance ticked at the door, on a phone: one tap for each, and the rest at once afterwards."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core.arguments import addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.events import actions, queries
from nbe.events.rules import EventRefusedError
from nbe.events.show import day_has_come
from nbe.models.gathering_states import REGISTERED, RegistrationState

bp = Feature("event_attendance", __name__)
WRITE = Permission.REGISTRATIONS_WRITE
_TICKS = {
    "kom": RegistrationState.ATTENDED,
    "udeblev": RegistrationState.ABSENT,
    "ved-ikke": RegistrationState.SIGNED_UP,
}


@bp.get("/arrangementer/<int:event_id>/fremmoede", needs=WRITE)
def show(event_id: int) -> str:
    """Those signed up, by name, each with a large button."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id)
    page = queries.list_people(viewer, event, page_number(), 200, REGISTERED, WRITE)
    leave_trail("list", "registration", event.id, rows=len(page.rows))
    return render_template(
        "events/attendance.html",
        event=event,
        page=page,
        came=queries.count_people_in(viewer, event, (RegistrationState.ATTENDED,), WRITE),
        unknown=queries.count_people_in(viewer, event, (RegistrationState.SIGNED_UP,), WRITE),
        day_has_come=day_has_come(event),
        page_href=addresses_of_pages(),
    )


@bp.post("/tilmeldinger/<int:registration_id>/fremmoede", needs=WRITE)
def tick(registration_id: int) -> Any:
    """Somebody came, stayed away, or nobody knows after all; two who tick the same do no harm."""
    viewer = current_viewer()
    registration = queries.find_registration(viewer, registration_id, WRITE, for_update=True)
    to = _TICKS.get(request.form.get("kom", ""), RegistrationState.ATTENDED)
    try:
        if registration.state is not to:
            actions.move_registration(registration, to, user_id=viewer.user_id)
    except EventRefusedError as refused:
        tell(refused.message, "warning")
    back = url_for(".show", event_id=registration.event_id, side=request.args.get("side") or None)
    return redirect(f"{back}#p{registration.id}", code=303)


@bp.post("/arrangementer/<int:event_id>/resten-udeblev", needs=WRITE)
def rest(event_id: int) -> Any:
    """The others did not come."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id, for_update=True)
    people = queries.list_registrations(viewer, event, WRITE)
    try:
        number = actions.mark_rest_absent(event, people, user_id=viewer.user_id)
    except EventRefusedError as refused:
        tell(refused.message, "warning")
    else:
        tell(ngettext("%(num)s er noteret som udeblevet.", "%(num)s er noteret som udeblevet.", number))
    return redirect(url_for(".show", event_id=event.id), code=303)
