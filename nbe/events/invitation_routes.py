"""Letters about an event: who gets one and how many, before anything is written; then a draft to be read and sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.businesses.queries import municipality_choices
from nbe.core.arguments import address_with, addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number, page_of
from nbe.events import queries
from nbe.events.actions.invitations import write_letter
from nbe.events.actions.telling import others_words
from nbe.events.rules import EventRefusedError
from nbe.events.segments import MEMBERS, Audience, find_audience, read_segment, refusal
from nbe.events.show import groups_of_letters, left_out_words, letter_label
from nbe.models.industries import division_choices
from nbe.models.states import Stage

bp = Feature("event_letters", __name__)
WRITE = Permission.MAILS_WRITE


@bp.get("/arrangementer/<int:event_id>/invitation", needs=WRITE)
def show(event_id: int) -> Any:
    """Whom the letter is for by the segment chosen, how many, and who is left out."""
    viewer = current_viewer()
    event, segment = queries.find_event(viewer, event_id), read_segment(request.args)
    groups = groups_of_letters(event)
    if "hvem" not in request.args:
        segment = replace(segment, who=groups[0][0])
    refused = refusal(event, segment)
    audience = Audience() if refused else find_audience(viewer, event, segment)
    leave_trail("list", "registration", event.id, rows=len(audience.people))
    page = render_template(
        "events/invite.html",
        event=event,
        segment=segment,
        audience=audience,
        page=page_of(audience.people, page_number()),
        left_out=left_out_words(audience),
        others=others_words(audience.elsewhere),
        groups=groups,
        refused=refused,
        label=letter_label(event),
        stages=[(stage.value, stage.label) for stage in Stage if stage is not Stage.CLOSED],
        municipalities=municipality_choices(viewer, Permission.REGISTRATIONS_WRITE),
        divisions=division_choices(),
        page_href=addresses_of_pages(),
        address_with=address_with,
        default=MEMBERS,
    )
    return make_response(page)


@bp.post("/arrangementer/<int:event_id>/invitation", needs=WRITE)
def write(event_id: int) -> Any:
    """Write a draft to the segment; nothing goes before a person has read and sent it."""
    viewer = current_viewer()
    event, segment = queries.find_event(viewer, event_id), read_segment(request.form)
    audience = find_audience(viewer, event, segment)
    if segment.invites and segment.with_ad_protected and audience.ad_protected:
        leave_trail("invite_ad_protected", "event", event.id, businesses=audience.ad_protected)
    code = event.municipality_code
    if viewer.municipality_code is not None:
        code = viewer.municipality_code
    elif any(one.person.municipality_code != code for one in audience.people):
        code = None  # the secretariat's own: the host may not see the names of all in it
    try:
        mailing = write_letter(
            event, segment, audience, user_id=viewer.user_id, who=viewer.name, municipality_code=code
        )
    except EventRefusedError as refused:
        tell(refused.message, "warning")
        return redirect(url_for(".show", event_id=event.id), code=303)
    tell(_("Brevet er skrevet som kladde. Læs det igennem, og send det."))
    return redirect(f"/breve/{mailing.id}", code=303)
