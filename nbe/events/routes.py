"""Pages of events: the list, one event with its people, a new one, correcting it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.businesses.queries import municipality_names
from nbe.core.arguments import address_with, addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.events import actions, queries
from nbe.events.counts import count_people
from nbe.events.filters import NETWORK, read_filter
from nbe.events.forms import EVENT_LABELS, EventForm, filled, refuse
from nbe.events.listed import FALLEN, MOVED
from nbe.events.rules import EventRefusedError
from nbe.events.segments import Segment, find_audience
from nbe.events.show import (
    GROUPS,
    day_has_come,
    hosts_for,
    kinds_for,
    letter_label,
    may_letter,
    may_sign_up,
    more_words,
    open_link,
    tabs,
    words,
)
from nbe.models import Event
from nbe.models.states import EventKind
from nbe.targets.queries import list_programmes

bp = Feature("events", __name__)
READ, WRITE = Permission.EVENTS_READ, Permission.EVENTS_WRITE


def to_event(event_id: int) -> str:
    """The address of an event."""
    return url_for("events.show", event_id=event_id)


@bp.get("/arrangementer", needs=READ)
def index() -> str:
    """What is to come, or what was held, with the counts in words."""
    viewer, chosen = current_viewer(), read_filter(request.args)
    coming = replace(chosen, is_held=False, is_cancelled=False)
    return render_template(
        "events/index.html",
        chosen=chosen,
        page=queries.list_events(viewer, chosen, page_number()),
        number_coming=queries.count_events(viewer, coming),
        number_held=queries.count_events(viewer, replace(coming, is_held=True)),
        number_cancelled=queries.count_events(viewer, replace(coming, is_cancelled=True)),
        words=words,
        more_words=more_words,
        may_write=viewer.may(WRITE),
        page_href=addresses_of_pages(),
        address_with=address_with,
        years=[(programme.year, str(programme.year)) for programme in list_programmes()],
        hosts=[(NETWORK, _("Netværket")), *municipality_names().items()],
        kinds=[(kind.value, kind.label) for kind in EventKind],
    )


@bp.get("/arrangementer/<int:event_id>", needs=READ)
def show(event_id: int) -> str:
    """One event: programme, counts over all municipalities, and the people of one's own."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id)
    group = request.args.get("deltagere", "")
    sees_people = viewer.may(Permission.REGISTRATIONS_READ)
    page = queries.list_people(viewer, event, page_number(), states=GROUPS.get(group, ())) if sees_people else None
    if page is not None:
        leave_trail("list", "registration", event.id, rows=len(page.rows))
    code = viewer.municipality_code
    counts = count_people([event.id])[event.id]
    return render_template(
        "events/show.html",
        event=event,
        counts=counts,
        own_counts=count_people([event.id], code)[event.id] if code is not None else None,
        page=page,
        group=group if group in GROUPS else "",
        tabs=tabs(event),
        words=words(event, counts),
        own_words=words,
        more=more_words(event, counts),
        day_has_come=day_has_come(event),
        may_write=viewer.may(WRITE, event.municipality_code or NETWORK),
        may_sign_up=may_sign_up(viewer, event),
        letter_label=letter_label(event) if may_letter(viewer, event, counts) else "",
        open_link=open_link(event),
        page_href=addresses_of_pages(),
        address_with=address_with,
        own_name=municipality_names().get(code or 0),
    )


def _form_page(form: EventForm, event: Event | None, status: int = 200) -> Any:
    return make_response(render_template("events/edit.html", form=form, event=event), status)


def _form(event: Event | None, **options: Any) -> EventForm:
    viewer = current_viewer()
    return EventForm(kinds_for(viewer, event), hosts_for(viewer), **options)


@bp.get("/arrangementer/nyt", needs=WRITE)
def new() -> Any:
    """An empty form."""
    return _form_page(_form(None, formdata=None), None)


@bp.post("/arrangementer/nyt", needs=WRITE)
def create() -> Any:
    """A new event."""
    form = _form(None)
    if not form.validate():
        return _form_page(form, None, 422)
    try:
        event = actions.make_event(form.values(), form.lines())
    except EventRefusedError as refused:
        refuse(form, refused.field, refused.message)
        return _form_page(form, None, 422)
    tell(_("%(title)s er oprettet.", title=event.title))
    return redirect(to_event(event.id), code=303)


@bp.get("/arrangementer/<int:event_id>/rediger", needs=WRITE)
def edit(event_id: int) -> Any:
    """An event to be corrected."""
    event = queries.find_event(current_viewer(), event_id, WRITE)
    return _form_page(_form(event, formdata=None, data=filled(event)), event)


@bp.post("/arrangementer/<int:event_id>/rediger", needs=WRITE)
def save(event_id: int) -> Any:
    """Correct an event; what somebody else changed meanwhile is shown field by field."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id, WRITE, for_update=True)
    form = _form(event)
    if not form.validate():
        return _form_page(form, event, 422)
    if conflict := find_conflict(event, form, EVENT_LABELS):
        return conflict_page(conflict, action=request.path, title=event.title, back=to_event(event.id))
    before = _when_and_where(event)
    try:
        moved_up = actions.edit_event(event, form.values(), form.lines(), user_id=viewer.user_id)
    except EventRefusedError as refused:
        refuse(form, refused.field, refused.message)
        return _form_page(form, event, 422)
    text = _("%(title)s er gemt.", title=event.title)
    if moved_up:
        text = _("%(text)s %(n)s fra ventelisten har fået plads og får besked.", text=text, n=len(moved_up))
    tell(text, **(_way_to_write(event, MOVED) if _when_and_where(event) != before else {}))
    return redirect(to_event(event.id), code=303)


def _when_and_where(event: Event) -> tuple[Any, ...]:
    return event.held_on, event.starts_at, event.minutes, event.place


def _way_to_write(event: Event, who: str) -> dict[str, Any]:
    """The way on from a message to the letter those should get; nobody is written to behind anybody's back."""
    viewer = current_viewer()
    number = find_audience(viewer, event, Segment(who)).total
    if not number or not viewer.may(Permission.MAILS_WRITE):
        return {}
    label = ngettext("Skriv til %(num)s, der skal vide det", "Skriv til de %(num)s, der skal vide det", number)
    return {"href": url_for("event_letters.show", event_id=event.id, hvem=who), "label": label}


@bp.post("/arrangementer/<int:event_id>/aflys", needs=WRITE)
def cancel(event_id: int) -> Any:
    """Cancel an event; it stays in the list, and can be taken up again."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id, WRITE, for_update=True)
    try:
        number = actions.cancel_event(event, user_id=viewer.user_id)
    except EventRefusedError as refused:
        tell(refused.message, "warning")
    else:
        text = _("%(title)s er aflyst.", title=event.title)
        if number:
            text = _("%(text)s %(n)s inviterede og tilmeldte er faldet bort; skriv til dem.", text=text, n=number)
        tell(text, undo=url_for(".resume", event_id=event.id), **_way_to_write(event, FALLEN))
    return redirect(to_event(event.id), code=303)


@bp.post("/arrangementer/<int:event_id>/genoptag", needs=WRITE)
def resume(event_id: int) -> Any:
    """Take a cancelled event up again with its people."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id, WRITE, for_update=True)
    number = actions.resume_event(event, user_id=viewer.user_id)
    tell(_("%(title)s holdes alligevel. %(n)s deltagere er tilbage.", title=event.title, n=number))
    return redirect(to_event(event.id), code=303)
