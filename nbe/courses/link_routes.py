"""Pages without log-in, by signed link: a participant answers for himself, or signs himself up for a team.

Looking changes nothing: mail programs open links. Nobody else's name is shown, and whoever is known already is told
nothing else than one who is new.
"""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission
from nbe.access.limits import limit
from nbe.core import clock
from nbe.core.calendars import calendar_answer
from nbe.core.forms import BaseForm, MailField, Required, TextField, refuse_cpr
from nbe.core.notices import tell
from nbe.courses import actions, letters
from nbe.courses.actions import CourseRefusedError
from nbe.courses.calendar import entries_of
from nbe.courses.forms import PERSON_LABELS
from nbe.courses.links import Invited, find_by_link, find_invited, place_in_line
from nbe.courses.show import answer_text, hours_of
from nbe.mails.show import has_server
from nbe.models import Participant

bp = Feature("course_links", __name__)
OPEN = Permission.PUBLIC
BY_LINK = "Svaret gennem linket i mailen"
SIGN_UPS, AN_HOUR = 30, 3600


class OwnSignUpForm(BaseForm):
    """Somebody signs himself up; the mail is where the answer goes."""

    name = TextField(PERSON_LABELS["name"], 200, [Required(), refuse_cpr])
    email = MailField(PERSON_LABELS["email"], [Required()])
    title = TextField(PERSON_LABELS["title"], 120, [refuse_cpr])


def _over() -> Any:
    return make_response(render_template("courses/link_over.html"), 404)


@bp.get("/deltager/<token>", needs=OPEN)
def show(token: str) -> Any:
    """How the person stands, and what he can do."""
    person = find_by_link(token)
    if person is None:
        return _over()
    return render_template(
        "courses/link.html",
        person=person,
        team=person.team,
        place=place_in_line(person),
        token=token,
        answer_text=answer_text,
        is_late=person.answer_by is not None and person.answer_by <= clock.now(),
        hours_of=hours_of,
    )


@bp.get("/deltager/<token>/kursus.ics", needs=OPEN)
def calendar(token: str) -> Any:
    """The days for one's own calendar."""
    person = find_by_link(token)
    if person is None:
        return _over()
    return calendar_answer(entries_of(person.team, url_for(".show", token=token)), "kursus.ics")


@bp.post("/deltager/<token>", needs=OPEN)
def answer(token: str) -> Any:
    """Confirm, leave, or ask for a new link."""
    person = find_by_link(token)
    if person is None:
        return _over()
    work = {"bekraeft": _confirm, "afmeld": _cancel, "nyt-link": _renew}.get(request.form.get("svar", ""))
    if work is None:
        return redirect(url_for(".show", token=token), code=303)
    try:
        said = work(person)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
        said = None
    return said or redirect(url_for(".show", token=token), code=303)


def _confirm(person: Participant) -> None:
    actions.confirm_seat(person, user_id=None, reason=BY_LINK)
    tell(_("Tak. Din plads er bekræftet."))


def _cancel(person: Participant) -> None:
    actions.cancel_seat(person, user_id=None, reason=BY_LINK)
    tell(_("Du er meldt fra."))


def _renew(person: Participant) -> Any:
    """The new link goes by mail alone: who holds the old one may be somebody else."""
    if not person.email:
        tell(_("Vi har ingen mailadresse til dig. Skriv til din kommune."), "warning")
        return None
    limit("course_link", person.id, 5, AN_HOUR)
    actions.renew_link(person)
    letters.write_new_link(person)
    return render_template("courses/link_sent.html", has_server=has_server())


def _sign_up_page(invited: Invited, form: OwnSignUpForm, token: str, status: int = 200) -> Any:
    page = render_template(
        "courses/link_sign_up.html", team=invited.team, place=invited.municipality, form=form, token=token,
        hours_of=hours_of,
    )  # fmt: skip
    return make_response(page, status)


@bp.get("/hold/<token>", needs=OPEN)
def invited(token: str) -> Any:
    """The team, and a form for one's own name."""
    found = find_invited(token)
    return _over() if found is None else _sign_up_page(found, OwnSignUpForm(formdata=None), token)


@bp.post("/hold/<token>", needs=OPEN)
def sign_up(token: str) -> Any:
    """Sign oneself up; the mail tells whether there was a seat."""
    found = find_invited(token)
    if found is None:
        return _over()
    form = OwnSignUpForm()
    if not form.validate():
        return _sign_up_page(found, form, token, 422)
    limit("course_sign_up", request.remote_addr or "?", SIGN_UPS, AN_HOUR)
    try:
        done = actions.sign_up_person(
            found.team,
            name=form.name.data or "",
            email=form.email.data or "",
            title=form.title.data or "",
            municipality_code=found.municipality.code,
            user_id=None,
            sends_receipt=True,
        )
    except CourseRefusedError as refused:
        form.name.errors = [str(refused.message)]
        return _sign_up_page(found, form, token, 422)
    if not done.is_new:
        letters.write_receipt(done.participant, is_waiting=done.is_waiting)
    return render_template(
        "courses/link_signed_up.html", email=form.email.data, team=found.team, has_server=has_server()
    )
