"""One team: its days, its people, its waiting list, its seats; signing somebody up."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.core import clock
from nbe.core.arguments import addresses_of_pages
from nbe.core.calendars import calendar_answer
from nbe.core.notices import tell
from nbe.core.paging import page_number, page_of
from nbe.courses import actions, queries
from nbe.courses.actions import CourseRefusedError
from nbe.courses.calendar import entries_of
from nbe.courses.forms import OfferForm, SignUpForm
from nbe.courses.letters import compose_letter, team_link
from nbe.courses.links import is_open
from nbe.courses.rules import has_begun, has_ended, is_link_over
from nbe.courses.show import TONES, answer_text, exchange_text, hours_of, involved
from nbe.courses.telling import not_told
from nbe.models import Participant, Team
from nbe.models.gathering_states import SEATED, ParticipantState
from nbe.targets.queries import list_municipalities

bp = Feature("teams", __name__)
READ, WRITE = Permission.COURSES_READ, Permission.PARTICIPANTS_WRITE


def sign_up_form(team: Team, **options: Any) -> SignUpForm:
    """The form with the municipalities of the team whose people the viewer may sign up."""
    form = SignUpForm(**options)
    served = {row.municipality_code for row in team.municipalities}
    mine = [one for one in queries.municipalities_of(current_viewer()) if not served or one.code in served]
    form.kommune.choices = [(str(one.code), one.name) for one in mine]
    form.kommune.flags.required = True
    form.email.description = ""  # said below the form, which stands in one line
    return form


def offer_form(team: Team, **options: Any) -> OfferForm:
    """The form with the municipalities whose seats the viewer may offer."""
    form = OfferForm(**options)
    kept = {row.municipality_code for row in team.municipalities if row.seats}
    mine = [one for one in queries.municipalities_of(current_viewer()) if one.code in kept]
    form.giver.choices = [(str(one.code), one.name) for one in mine]
    form.giver.flags.required = form.modtager.flags.required = True
    form.modtager.choices = [("", _("Alle kommuner")), *((str(one.code), one.name) for one in list_municipalities())]
    return form


def team_page(team: Team, form: SignUpForm | None = None, offer: OfferForm | None = None, status: int = 200) -> Any:
    """The page of a team."""
    viewer = current_viewer()
    (row,) = queries.list_team_rows([team])
    ends_on = actions.last_day(team)
    every = queries.list_people(viewer, team)
    page = page_of(every, page_number())
    municipalities = list_municipalities()
    return make_response(
        render_template(
            "courses/team.html",
            team=team,
            row=row,
            days=queries.list_days(team),
            page=page,
            page_href=addresses_of_pages(),
            form=form or sign_up_form(team, formdata=None),
            offer=offer or offer_form(team, formdata=None),
            exchanges=queries.list_exchanges(viewer, team),
            municipalities=involved(municipalities, [row]),
            names={one.code: one.name for one in municipalities},
            may_see=lambda code: queries.may_see_names(viewer, code),
            may_write=lambda code: viewer.may(WRITE, code),
            may_edit=viewer.may(Permission.COURSES_WRITE),
            is_at_work=viewer.may(WRITE),
            own_code=viewer.municipality_code,
            has_attended=any(row.person.state is ParticipantState.ATTENDED for row in every),
            has_certificates=any(row.person.certificate_on for row in every),
            tones=TONES,
            untold=not_told([row.person for row in page.rows]),
            hours_of=hours_of,
            answer_text=answer_text,
            exchange_text=exchange_text,
            links=_links(team, form or sign_up_form(team, formdata=None)),
            has_just_signed_up="ny" in request.args,
            today=clock.today(),
            has_begun=has_begun(actions.first_day(team), clock.today()),
            has_ended=has_ended(ends_on, clock.today()),
            is_link_over=is_link_over(ends_on, clock.today()),
        ),
        status,
    )


def _links(team: Team, form: SignUpForm) -> list[tuple[str, str]]:
    """(municipality, address) on which its people sign themselves up, for those who may sign them up."""
    if not is_open(team):
        return []
    choices: Any = form.kommune.choices or ()
    return [(str(name), team_link(team, int(code))) for code, name in choices]


@bp.get("/kurser/hold/<int:team_id>", needs=READ)
def show(team_id: int) -> Any:
    """The team, with the people the viewer may see by name and counts of the others."""
    team = queries.find_team(current_viewer(), team_id)
    leave_trail("read", "team", team.id)
    return team_page(team)


@bp.get("/kurser/hold/<int:team_id>/kursus.ics", needs=READ)
def calendar(team_id: int) -> BaseResponse:
    """The days of the team for a calendar."""
    team = queries.find_team(current_viewer(), team_id)
    return calendar_answer(entries_of(team, url_for(".show", team_id=team.id)), f"kursus-hold-{team.id}.ics")


@bp.post("/kurser/hold/<int:team_id>/tilmeld", needs=WRITE)
def sign_up(team_id: int) -> Any:
    """Sign a person up: on a seat, or on the waiting list, and the answer says which."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    form = sign_up_form(team)
    if len(form.kommune.choices or ()) == 1 and not form.kommune.data:
        form.kommune.data = form.kommune.choices[0][0]  # type: ignore[index]
    if not form.validate():
        return team_page(team, form, status=422)
    try:
        actions.refuse_ended(team)
        done = actions.sign_up_person(
            team,
            name=form.name.data or "",
            email=form.email.data or "",
            title=form.title.data or "",
            municipality_code=int(form.kommune.data),
            user_id=viewer.user_id,
            sends_receipt=form.besked.data,
        )
    except CourseRefusedError as refused:
        field = {"municipality_code": "kommune"}.get(refused.field, refused.field)
        form[field if field in form else "name"].errors = [str(refused.message)]
        return team_page(team, form, status=422)
    _tell_signed_up(done)
    return redirect(url_for(".show", team_id=team.id, ny=1), code=303)


@bp.post("/kurser/hold/<int:team_id>/skriv", needs=Permission.MAILS_WRITE)
def write(team_id: int) -> Any:
    """Begin a letter to those who have a seat or wait, of those the viewer may see; it is shown before it goes."""
    viewer = current_viewer()
    team = queries.find_team(viewer, team_id)
    states = (*SEATED, ParticipantState.WAITING)
    people = [row.person for row in queries.list_people(viewer, team) if row.person.state in states]
    if not people:
        tell(_("Der er ingen at skrive til på holdet."), "info")
        return redirect(url_for(".show", team_id=team.id), code=303)
    mailing = compose_letter(team, people, viewer)
    return redirect(url_for("mailings.show", mailing_id=mailing.id), code=303)


def _tell_signed_up(done: actions.SignedUp) -> None:
    person = done.participant
    undo = undo_address(person) if done.is_new else None
    if not done.is_new:
        tell(_("%(name)s står allerede på holdet: %(state)s.", name=person.name, state=_state(person)), "info")
    elif done.is_waiting:
        text = _(
            "Holdet er fuldt: %(name)s er sat på venteliste og rykker selv op, når der er en plads.", name=person.name
        )
        tell(text, "warning", undo=undo)
    else:
        tell(_("%(name)s er tilmeldt %(team)s.", name=person.name, team=person.team.name), undo=undo)


def _state(person: Participant) -> str:
    return str(person.state.label).lower()


def undo_address(person: Participant) -> str:
    """Where the latest thing told of a participant is taken back."""
    row = actions.rows_of_participant(person)[-1].id
    return url_for("participants.undo", participant_id=person.id, raekke=row)
