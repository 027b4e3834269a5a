"""One participant: who it is, and what becomes of the seat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.core import clock
from nbe.core.arguments import asked_number, asked_text
from nbe.core.notices import tell
from nbe.courses import actions, letters, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.forms import PERSON_LABELS, MoveForm, PersonForm
from nbe.courses.rules import has_ended, is_link_over
from nbe.courses.show import TONES, answer_text
from nbe.courses.team_routes import undo_address
from nbe.courses.telling import not_told
from nbe.mails.show import has_server
from nbe.models import Participant
from nbe.resources.actions import find_screener

bp = Feature("participants", __name__)
READ, WRITE = Permission.PARTICIPANTS_READ, Permission.PARTICIPANTS_WRITE


def _to_team(person: Participant) -> BaseResponse:
    return redirect(url_for("teams.show", team_id=person.team_id), code=303)


def _move_form(person: Participant, **options: Any) -> MoveForm:
    form = MoveForm(**options)
    rows = queries.list_team_rows(person.team.course.teams)
    others = [row for row in rows if row.team.id != person.team_id and row.is_for(person.municipality_code)]
    form.hold.choices = [(str(row.team.id), _free_text(row, person.municipality_code)) for row in others]
    form.hold.flags.required = True
    return form


def _free_text(row: queries.TeamRow, code: int) -> str:
    free = row.seats.free_for(code)
    if free is None:
        return row.team.name
    seats = ngettext("%(num)s ledig plads", "%(num)s ledige pladser", free)
    return _("%(team)s (%(seats)s)", team=row.team.name, seats=seats)


def _page(person: Participant, form: PersonForm | None = None, move: MoveForm | None = None, status: int = 200) -> Any:
    viewer = current_viewer()
    told, ends_on = queries.list_told(person), actions.last_day(person.team)
    page = render_template(
        "courses/participant.html",
        person=person,
        form=form or PersonForm(formdata=None, obj=person),
        move=move or _move_form(person, formdata=None),
        entries=[{"day": row.day, "text": row.text, "note": row.note, "by": row.by} for row in told],
        undo=undo_address(person) if len(told) > 1 else None,
        may_write=viewer.may(WRITE, person.municipality_code),
        screener=find_screener(person.municipality_code, person.name, person.email),
        may_staff=viewer.may(Permission.RESOURCES_WRITE, person.municipality_code),
        tones=TONES,
        has_ended=has_ended(ends_on, clock.today()),
        may_renew=bool(person.email) and not is_link_over(ends_on, clock.today()),
        is_untold=bool(not_told([person])),
        answer_text=answer_text,
    )
    return make_response(page, status)


@bp.get("/kursister/<int:participant_id>", needs=READ)
def show(participant_id: int) -> Any:
    """Who it is, how it stands, and what has been."""
    person = queries.find_participant(current_viewer(), participant_id)
    leave_trail("read", "participant", person.id)
    return _page(person)


@bp.post("/kursister/<int:participant_id>", needs=WRITE)
def save(participant_id: int) -> Any:
    """Correct name, mail and title."""
    person = queries.find_participant(current_viewer(), participant_id, WRITE)
    form = PersonForm()
    try:
        actions.hold(person)
    except CourseRefusedError as refused:
        form.name.errors = [str(refused.message)]
        return _page(person, form, status=409)
    if not form.validate():
        return _page(person, form, status=422)
    conflict = find_conflict(person, form, PERSON_LABELS)
    if conflict:
        back = url_for(".show", participant_id=person.id)
        return conflict_page(conflict, action=request.path, title=person.name, back=back)
    try:
        actions.edit_person(person, name=form.name.data or "", email=form.email.data or "", title=form.title.data or "")
    except CourseRefusedError as refused:
        form[refused.field].errors = [str(refused.message)]
        return _page(person, form, status=422)
    tell(_("%(name)s er gemt.", name=person.name))
    return _to_team(person)


def _step(participant_id: int, work: Callable[[Participant], str | None]) -> BaseResponse:
    """Do one thing with a participant and go back to the team; what is refused is said there."""
    person = queries.find_participant(current_viewer(), participant_id, WRITE)
    try:
        text = work(person)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
    else:
        if text:
            tell(text, undo=undo_address(person))
        else:
            tell(_("Det står allerede sådan."), "info")
    return _to_team(person)


@bp.post("/kursister/<int:participant_id>/bekraeft", needs=WRITE)
def confirm(participant_id: int) -> Any:
    """The person comes."""
    user_id = current_viewer().user_id

    def work(person: Participant) -> str | None:
        actions.refuse_ended(person.team)
        done = actions.confirm_seat(person, user_id=user_id)
        return _("%(name)s er bekræftet.", name=person.name) if done else None

    return _step(participant_id, work)


@bp.post("/kursister/<int:participant_id>/afmeld", needs=WRITE)
def cancel(participant_id: int) -> Any:
    """The person does not come; whoever is next moves up by himself."""
    viewer = current_viewer()

    def work(person: Participant) -> str | None:
        left = actions.cancel_seat(person, user_id=viewer.user_id, reason=asked_text(request.form, "grund"))
        if left is None:
            return None
        text = _("%(name)s er meldt fra.", name=person.name)
        return " ".join([text, *(_moved_up(other) for other in left.moved_up)])

    return _step(participant_id, work)


def _moved_up(other: Participant) -> str:
    if not queries.may_see_names(current_viewer(), other.municipality_code):
        return _("En fra %(place)s rykker op fra ventelisten.", place=other.municipality.name)
    if not other.email:
        return _("%(name)s har fået pladsen; skriv eller ring, for der er ingen mailadresse.", name=other.name)
    if not has_server():
        return _(
            "%(name)s rykker op fra ventelisten. Mailen ligger i udbakken; fristen løber, når den er sendt.",
            name=other.name,
        )
    return _("%(name)s rykker op fra ventelisten og får en mail med svarfrist.", name=other.name)


@bp.post("/kursister/<int:participant_id>/plads", needs=WRITE)
def seat(participant_id: int) -> Any:
    """Give the first of the waiting list a free seat once the course has begun."""
    user_id = current_viewer().user_id

    def work(person: Participant) -> str:
        actions.give_seat(person, user_id=user_id)
        return _("%(name)s har fået en plads.", name=person.name)

    return _step(participant_id, work)


@bp.post("/kursister/<int:participant_id>/flyt", needs=WRITE)
def move(participant_id: int) -> Any:
    """To another team of the course."""
    viewer = current_viewer()
    person = queries.find_participant(viewer, participant_id, WRITE)
    form = _move_form(person)
    if not form.validate():
        return _page(person, move=form, status=422)
    team = queries.find_team(viewer, int(form.hold.data))
    try:
        actions.move_to_team(person, team, user_id=viewer.user_id)
    except CourseRefusedError as refused:
        form.hold.errors = [str(refused.message)]
        return _page(person, move=form, status=422)
    tell(_("%(name)s er flyttet til %(team)s.", name=person.name, team=team.name), undo=undo_address(person))
    return _to_team(person)


@bp.post("/kursister/<int:participant_id>/fortryd", needs=WRITE)
def undo(participant_id: int) -> Any:
    """Take the latest move back, while it is the latest."""
    viewer = current_viewer()
    person = queries.find_participant(viewer, participant_id, WRITE)
    team_id = person.team_id
    try:
        done = actions.undo_participant(person, asked_number(request.args, "raekke") or 0, user_id=viewer.user_id)
    except CourseRefusedError as refused:
        tell(refused.message, "warning")
    else:
        if done:
            tell(_("Det er fortrudt."))
        else:
            tell(_("Kursisten er ændret igen siden; det står, som det stod."), "warning")
    return redirect(url_for("teams.show", team_id=team_id), code=303)


@bp.post("/kursister/<int:participant_id>/nyt-link", needs=WRITE)
def renew(participant_id: int) -> Any:
    """A new link by mail; those sent before are dead."""
    person = queries.find_participant(current_viewer(), participant_id, WRITE)
    actions.renew_link(person)
    letters.write_new_link(person)
    if person.email and not has_server():
        tell(_("Det gamle link virker ikke mere. Mailen med det nye ligger i udbakken."))
    elif person.email:
        tell(_("%(name)s får et nyt link på mail. Det gamle virker ikke mere.", name=person.name))
    else:
        tell(_("Det gamle link virker ikke mere. Der er ingen mailadresse at sende et nyt til."), "warning")
    return redirect(url_for(".show", participant_id=person.id), code=303)
