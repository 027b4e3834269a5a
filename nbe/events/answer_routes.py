"""Pages without a log-in, by a signed link: one's own answer to an invitation, and the open sign-up of an event."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from nbe.access import Feature, Permission
from nbe.access.limits import limit
from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.calendars import calendar_answer
from nbe.events import queries
from nbe.events.actions.answers import answer, sign_up_by_link
from nbe.events.actions.registrations import Person
from nbe.events.calendar import FILE, entry_of
from nbe.events.forms import AnswerForm, OpenForm, refuse
from nbe.events.rules import EventRefusedError, is_open
from nbe.events.show import place_in_queue
from nbe.mails.show import has_server
from nbe.models import Event, Registration

bp = Feature("answers", __name__)
PUBLIC = Permission.PUBLIC
TRIES, WITHIN = 30, 3600  # sign-ups of one address, and the seconds they are counted over


def _over() -> Any:
    return make_response(render_template("events/answer_over.html"), 404)


def _may_sign_up(event: Event) -> bool:
    return is_open(event.held_on, event.sign_up_until, event.cancelled_on, clock.today())


def _page(registration: Registration, form: AnswerForm, status: int = 200) -> Any:
    event = registration.event
    page = render_template(
        "events/answer.html",
        registration=registration,
        event=event,
        form=form,
        is_open=_may_sign_up(event),
        is_over=event.held_on < clock.today() or event.cancelled_on is not None,
        place=place_in_queue(registration),
    )
    return make_response(page, status)


@bp.get("/svar/<token>", needs=PUBLIC)
def show(token: str) -> Any:
    """The event, what one has answered, and the form to answer by; programs that look through mails change nothing."""
    registration = queries.find_by_answer_link(token)
    if registration is None:
        return _over()
    return _page(registration, AnswerForm(formdata=None, data={"note": registration.note}))


@bp.post("/svar/<token>", needs=PUBLIC)
def save(token: str) -> Any:
    """Yes or no, and a note."""
    registration = queries.find_by_answer_link(token, for_update=True)
    if registration is None:
        return _over()
    form = AnswerForm()
    if not form.validate():
        return _page(registration, form, 422)
    try:
        answer(registration, comes=form.svar.data == "ja", note=form.note.data or "")
    except EventRefusedError as refused:
        refuse(form, "svar", refused.message)
        return _page(registration, form, 422)
    return redirect(url_for(".show", token=token), code=303)


@bp.get(f"/svar/<token>/{FILE}", needs=PUBLIC)
def calendar(token: str) -> Any:
    """The event as a file for one's calendar."""
    registration = queries.find_by_answer_link(token)
    if registration is None:
        return _over()
    reply: Response = calendar_answer([entry_of(registration.event)], FILE)
    return reply


def _open_page(event: Event, form: OpenForm, status: int = 200) -> Any:
    page = render_template(
        "events/open.html", event=event, form=form, is_open=_may_sign_up(event), is_full=queries.is_full(event)
    )
    return make_response(page, status)


def _open_form(**options: Any) -> OpenForm:
    return OpenForm([(str(code), name) for code, name in municipality_names().items()], **options)


@bp.get("/arrangementer/tilmelding/<token>", needs=PUBLIC)
def open_form(token: str) -> Any:
    """The form on which anybody with the event's link signs up."""
    event = queries.find_by_open_link(token)
    return _open_page(event, _open_form(formdata=None)) if event is not None else _over()


@bp.post("/arrangementer/tilmelding/<token>", needs=PUBLIC)
def sign_up(token: str) -> Any:
    """Sign up; the answer is the same whether business, mail or person were known. What it came to is told by mail."""
    event = queries.find_by_open_link(token)
    if event is None:
        return _over()
    form = _open_form()
    if not form.validate():
        return _open_page(event, form, 422)
    limit("event_sign_up", request.remote_addr, TRIES, WITHIN)
    person = Person(
        name=form.name.data or "",
        email=form.email.data or "",
        organisation=form.organisation.data or "",
        note=form.note.data or "",
        municipality_code=int(form.municipality_code.data),
    )
    try:
        sign_up_by_link(event, person, form.cvr.data or "")
    except EventRefusedError as refused:
        refuse(form, "name", refused.message)
        return _open_page(event, form, 422)
    return redirect(url_for(".thanks", token=token), code=303)


@bp.get("/arrangementer/tilmelding/<token>/tak", needs=PUBLIC)
def thanks(token: str) -> Any:
    """Thanks, and that a mail tells the rest."""
    event = queries.find_by_open_link(token)
    if event is None:
        return _over()
    return make_response(render_template("events/thanks.html", event=event, has_server=has_server()))
