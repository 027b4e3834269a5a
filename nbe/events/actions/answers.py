"""People who answer for themselves by a link, without signing in; each is told by mail what it came to."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.events.actions.registrations import Person, enter, sign_up
from nbe.events.actions.seats import hold
from nbe.events.letters import tell_answer
from nbe.events.rules import EventRefusedError, is_open
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState

_HAS_COME = (RegistrationState.ATTENDED, RegistrationState.ABSENT)


def refuse_closed(event: Event) -> None:
    """Raises EventRefusedError where one cannot sign up oneself any more."""
    if not is_open(event.held_on, event.sign_up_until, event.cancelled_on, clock.today()):
        raise EventRefusedError("svar", _l("Der er lukket for tilmelding."))


def answer(registration: Registration, *, comes: bool, note: str) -> None:
    """Yes or no of somebody with a link; the same answer again changes only the note. Raises EventRefusedError.

    One may say no until the day is over, and yes while sign-up is open.
    """
    event = registration.event
    hold(event)
    db.session.refresh(registration)
    state = None if registration.is_hidden else registration.state
    is_coming = state in (*REGISTERED, RegistrationState.WAITING)
    if state in _HAS_COME or event.held_on < clock.today():
        raise EventRefusedError("svar", _l("Arrangementet er holdt."))
    if registration.note != note:
        registration.note = note
    if comes == is_coming and state is not None and (comes or state is RegistrationState.DECLINED):
        db.session.flush()
        return
    if comes:
        refuse_closed(event)
    to = RegistrationState.SIGNED_UP if comes else RegistrationState.DECLINED
    row = enter(event, registration, to, clock.today(), user_id=None, before=state)
    tell_answer(event, registration, row)


def sign_up_by_link(event: Event, person: Person, cvr: str) -> None:
    """Somebody signs up on the event's open link; of a known business where its CVR number is. Nothing is told of
    whether business or person were known. Raises EventRefusedError.
    """
    refuse_closed(event)
    business = _business_of(cvr, person.municipality_code) if cvr else None
    if business is not None:
        person = Person(
            name=person.name, email=person.email, organisation=person.organisation, note=person.note,
            municipality_code=business.municipality_code, business_id=business.id,
        )  # fmt: skip
    registration, _is_new = sign_up(event, person, user_id=None)
    tell_answer(event, registration)


def _business_of(cvr: str, municipality_code: int) -> Business | None:
    """The business of a CVR number: the unit in the municipality named, else the only one there is."""
    statement = sa.select(Business).where(
        Business.cvr == cvr, Business.is_hidden.is_(False), Business.merged_into_id.is_(None)
    )
    units = list(db.session.scalars(statement.order_by(Business.id)))
    there = [unit for unit in units if unit.municipality_code == municipality_code]
    return there[0] if there else units[0] if len(units) == 1 else None
