"""Pages of the people at an event: put on the list, corrected, moved, taken back."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer, find_visible, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.businesses.queries import BusinessFilter, list_businesses, list_contacts, municipality_choices
from nbe.core.addresses import local_path
from nbe.core.arguments import asked_number, asked_text
from nbe.core.notices import tell
from nbe.events import actions, queries
from nbe.events.forms import PERSON_LABELS, BusinessForm, MoveForm, NewPersonForm, PersonForm, refuse
from nbe.events.rules import EventRefusedError, moves_from
from nbe.events.show import day_has_come, entries_of
from nbe.models import Business, Contact, Event, Registration
from nbe.models.gathering_states import RegistrationState

bp = Feature("registrations", __name__)
PEOPLE, WRITE = Permission.REGISTRATIONS_READ, Permission.REGISTRATIONS_WRITE


def _back(registration: Registration) -> str:
    """The page it came from, when that is ours; else the event."""
    default = url_for("events.show", event_id=registration.event_id) + "#deltagere"
    return local_path(request.values.get("next")) or default


def _business(business_id: int | None) -> Business | None:
    return find_visible(current_viewer(), Business, business_id, WRITE) if business_id else None


def _new_form(event: Event, business: Business | None, **options: Any) -> NewPersonForm:
    states = [RegistrationState.SIGNED_UP, RegistrationState.INVITED]
    if day_has_come(event):
        states.insert(0, RegistrationState.ATTENDED)
    form = NewPersonForm(states, municipality_choices(current_viewer(), WRITE), **options)
    if business is not None:
        form.business_id.data = str(business.id)
        form.municipality_code.choices = [(str(business.municipality_code), business.municipality.name)]
        form.municipality_code.data = str(business.municipality_code)
    return form


def _new_page(event: Event, business: Business | None, form: NewPersonForm, status: int = 200) -> Any:
    viewer, text = current_viewer(), asked_text(request.args)
    found = list_businesses(viewer, BusinessFilter(search=text), size=20) if text and business is None else None
    people: list[Contact] = list_contacts(viewer, business.id)[0] if business is not None else []
    page = render_template(
        "events/sign_up.html", event=event, business=business, form=form, text=text, found=found, people=people,
        is_asked_for_none="uden" in request.args or request.method == "POST",
    )  # fmt: skip
    return make_response(page, status)


@bp.get("/arrangementer/<int:event_id>/tilmeld", needs=WRITE)
def new(event_id: int) -> Any:
    """Whom to put on the list: a business is searched for, then its people stand to be chosen."""
    event = queries.find_event(current_viewer(), event_id)
    business = _business(asked_number(request.args, "virksomhed"))
    return _new_page(event, business, _new_form(event, business, formdata=None))


@bp.post("/arrangementer/<int:event_id>/tilmeld", needs=WRITE)
def create(event_id: int) -> Any:
    """Put somebody on the list."""
    viewer = current_viewer()
    event = queries.find_event(viewer, event_id, for_update=True)
    business = _business(asked_number(request.form, "business_id"))
    form = _new_form(event, business)
    if not form.validate():
        return _new_page(event, business, form, 422)
    contact_id = asked_number(request.form, "contact_id")
    contact = find_visible(viewer, Contact, contact_id, WRITE) if contact_id else None
    person = actions.Person(
        municipality_code=int(form.municipality_code.data),
        business_id=business.id if business else None,
        contact_id=contact.id if contact and business and contact.business_id == business.id else None,
        **form.texts(),
    )
    try:
        registration, is_new = actions.sign_up(
            event, person, user_id=viewer.user_id, day=form.happened_on.data, state=form.til.member
        )
    except EventRefusedError as refused:
        refuse(form, refused.field, refused.message)
        return _new_page(event, business, form, 422)
    state = str(registration.state.label).lower()
    if is_new:
        tell(_("%(name)s: %(state)s.", name=registration.name, state=state), undo=_undo_of(registration))
    else:
        tell(_("%(name)s står allerede på listen: %(state)s.", name=registration.name, state=state), "info")
    return redirect(_back(registration), code=303)


def _undo_of(registration: Registration) -> str:
    told = queries.list_told(registration)
    return url_for(".undo", registration_id=registration.id, raekke=told[0].id)


def _page(
    registration: Registration,
    form: PersonForm,
    move: MoveForm | None = None,
    status: int = 200,
    of_business: BusinessForm | None = None,
) -> Any:
    viewer, event = current_viewer(), registration.event
    told = queries.list_told(registration)
    standing = [row for row in told if not row.is_undone]
    page = render_template(
        "events/person.html",
        registration=registration,
        event=event,
        form=form,
        move=move or _move_form(registration, formdata=None, data={"til": request.args.get("til", "")}),
        of_business=of_business or _business_form(registration),
        entries=entries_of(told),
        latest=standing[0] if standing else None,
        is_member=queries.is_member(registration),
        may_write=viewer.may(WRITE, registration.municipality_code),
    )
    return make_response(page, status)


def _business_form(registration: Registration) -> BusinessForm:
    cvr = registration.business.cvr if registration.business else ""
    return BusinessForm(formdata=None, data={"cvr": cvr})


def _move_form(registration: Registration, **options: Any) -> MoveForm:
    states = moves_from(registration.state, day_has_come=day_has_come(registration.event))
    return MoveForm(states, **options)


@bp.get("/tilmeldinger/<int:registration_id>", needs=PEOPLE)
def show(registration_id: int) -> Any:
    """Somebody at an event, with what was told of him."""
    registration = queries.find_registration(current_viewer(), registration_id)
    leave_trail("read", "registration", registration.id)
    return _page(registration, PersonForm(formdata=None, obj=registration))


@bp.post("/tilmeldinger/<int:registration_id>", needs=WRITE)
def save(registration_id: int) -> Any:
    """Correct what is written about somebody; who was first is shown, not overwritten."""
    registration = queries.find_registration(current_viewer(), registration_id, WRITE, for_update=True)
    form = PersonForm()
    if not form.validate():
        return _page(registration, form, status=422)
    if conflict := find_conflict(registration, form, PERSON_LABELS):
        back = url_for(".show", registration_id=registration.id)
        return conflict_page(conflict, action=request.path, title=registration.name, back=back)
    actions.edit_registration(registration, **form.texts())
    tell(_("%(name)s er gemt.", name=registration.name))
    return redirect(_back(registration), code=303)


@bp.post("/tilmeldinger/<int:registration_id>/virksomhed", needs=WRITE)
def link(registration_id: int) -> Any:
    """Say which business somebody comes for: one who signed up without its number counts with it from then on."""
    viewer = current_viewer()
    registration = queries.find_registration(viewer, registration_id, WRITE, for_update=True)
    form = BusinessForm()
    business = queries.find_own_business(viewer, form.cvr.data) if form.validate() and form.cvr.data else None
    if form.cvr.data and business is None:
        form.cvr.errors = [_("Du har ingen virksomhed med det nummer.")]
    if form.errors:
        return _page(registration, PersonForm(formdata=None, obj=registration), status=422, of_business=form)
    if actions.link_business(registration, business, user_id=viewer.user_id):
        name = business.name if business is not None else _("ingen virksomhed")
        tell(_("%(name)s kommer for %(business)s.", name=registration.name, business=name))
    return redirect(url_for(".show", registration_id=registration.id), code=303)


@bp.post("/tilmeldinger/<int:registration_id>/flyt", needs=WRITE)
def move(registration_id: int) -> Any:
    """Move somebody: signed up, apology, came, stayed away."""
    viewer = current_viewer()
    registration = queries.find_registration(viewer, registration_id, WRITE, for_update=True)
    form = _move_form(registration)
    texts = PersonForm(formdata=None, obj=registration)
    if form.fra.data and form.fra.data != registration.state.value:
        state = str(registration.state.label).lower()
        form.til.errors = [_("En anden har flyttet personen, som nu står som %(state)s.", state=state)]
        return _page(registration, texts, form, 409)
    if form.validate():
        try:
            row = actions.move_registration(
                registration, form.til.member, form.happened_on.data, user_id=viewer.user_id,
                reason=form.reason.data or "",
            )  # fmt: skip
        except EventRefusedError as refused:
            refuse(form, refused.field, refused.message)
        else:
            state = str(registration.state.label).lower()
            undo = url_for(".undo", registration_id=registration.id, raekke=row)
            tell(_("%(name)s: %(state)s.", name=registration.name, state=state), undo=undo)
            return redirect(_back(registration), code=303)
    return _page(registration, texts, form, 422)


@bp.post("/tilmeldinger/<int:registration_id>/fortryd", needs=WRITE)
def undo(registration_id: int) -> Any:
    """Take the latest move back, while it is the latest."""
    viewer = current_viewer()
    registration = queries.find_registration(viewer, registration_id, WRITE, for_update=True)
    try:
        row = asked_number(request.args, "raekke")
        is_done = actions.undo_registration(registration, user_id=viewer.user_id, ledger_id=row)
    except EventRefusedError as refused:
        tell(refused.message, "warning")
    else:
        if is_done:
            tell(_("Det er fortrudt."))
        else:
            tell(_("Tilmeldingen er ændret igen siden; den står, som den stod."), "warning")
    return redirect(_back(registration), code=303)
