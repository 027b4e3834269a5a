"""People of an event: asked, signed up, moved, and taken back; each a row in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.events.actions.following import (
    follow_registrations,
    follow_rows,
    programme_id_of,
    registration_row,
    rows_of_registration,
)
from nbe.events.actions.seats import count_taken, fill_seats, hold, state_for_one_more
from nbe.events.rules import (
    EVENT_CANCELLED,
    EventRefusedError,
    check_day,
    check_move,
    check_sign_up_day,
    person_key,
)
from nbe.ledger import record, reverse
from nbe.models import Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody for an event. `municipality_code` is the business's where there is one."""

    name: str
    municipality_code: int
    email: str = ""
    organisation: str = ""
    note: str = ""
    business_id: int | None = None
    contact_id: int | None = None


def find_known(event: Event, person: Person) -> Registration | None:
    """The same person at the same event: by name and mail, or by name and business where a mail is missing.

    Hidden ones too, but those that are shown first.
    """
    of_business = Registration.business_id == person.business_id
    nobodys = sa.and_(Registration.business_id.is_(None), Registration.organisation == person.organisation)
    is_same = of_business if person.business_id else nobodys
    if person.email:
        has_mail = sa.func.lower(Registration.email) == person.email.lower()
        is_same = sa.or_(has_mail, sa.and_(Registration.email == "", is_same))
    statement = sa.select(Registration).where(
        Registration.event_id == event.id,
        Registration.municipality_code == person.municipality_code,  # nobody is told of another municipality's people
        Registration.name_key == person_key(person.name),
        is_same,
    )
    return db.session.scalar(statement.order_by(Registration.is_hidden, Registration.id).limit(1))


def make_hidden(
    event: Event, person: Person, state: RegistrationState, day: dt.date, user_id: int | None
) -> Registration:
    """A sign-up that nobody sees until the ledger tells of it."""
    now = clock.now()
    registration = Registration(
        event_id=event.id, municipality_code=person.municipality_code, business_id=person.business_id,
        contact_id=person.contact_id, name=person.name, email=person.email, organisation=person.organisation,
        note=person.note, name_key=person_key(person.name), state=state, state_since_on=day, place_at=now,
        link_key=new_key(), user_id=user_id, created_at=now, is_hidden=True,
    )  # fmt: skip
    db.session.add(registration)
    return registration


def _refuse_cancelled(event: Event) -> None:
    if event.cancelled_on is not None:
        raise EventRefusedError("til", _l("Arrangementet er aflyst."))


def invite(
    event: Event, people: Sequence[Person], *, user_id: int | None, day: dt.date | None = None
) -> list[Registration]:
    """Note that these are asked, in a few statements for any number; those already there are left as they are.

    -> the ones added. Raises EventRefusedError.
    """
    day = day or clock.today()
    _refuse_cancelled(event)
    check_day(day, None, clock.today())
    check_sign_up_day(day, event.held_on)
    programme_id = programme_id_of(event)
    hold(event)
    added = []
    for person in people:
        known = find_known(event, person)
        if known is None or (known.is_hidden and known not in added):
            added.append(known or make_hidden(event, person, RegistrationState.INVITED, day, user_id))
    db.session.flush()
    moves = [registration_row(one, RegistrationState.INVITED, day, programme_id, before=None) for one in added]
    record(moves, user_id=user_id)
    follow_registrations(added)
    return added


def sign_up(
    event: Event,
    person: Person,
    *,
    user_id: int | None,
    day: dt.date | None = None,
    state: RegistrationState = RegistrationState.SIGNED_UP,
    import_id: int | None = None,
    is_fact: bool = False,
) -> tuple[Registration, bool]:
    """Sign somebody up, on the waiting list where the seats are taken; -> (sign-up, whether anything changed).

    `state` INVITED only asks, ATTENDED says that somebody came without signing up. Who is signed up already stays.
    `is_fact`: somebody new is entered just so (WAITING too), whatever the seats. Raises EventRefusedError.
    """
    _refuse_cancelled(event)
    hold(event)
    registration = find_known(event, person)
    if registration is None or registration.is_hidden:
        start = day or min(clock.today(), event.held_on)
        if not is_fact:
            check_move(None, state, day_has_come=event.held_on <= clock.today())
        programme_id_of(event)  # refuses before anything is made
        registration = registration or make_hidden(event, person, state, start, user_id)
        registration.place_at = clock.now()
        db.session.flush()
        more = {"import_id": import_id, "before": None, "is_fact": is_fact}
        enter(event, registration, state, start, user_id=user_id, **more)
        return registration, True
    is_there = registration.state in (*REGISTERED, RegistrationState.WAITING)
    if is_there and state is not RegistrationState.ATTENDED:
        return registration, False
    if state in (registration.state, RegistrationState.INVITED):
        return registration, False
    move_registration(registration, state, day, user_id=user_id, import_id=import_id)
    return registration, True


def move_registration(
    registration: Registration,
    to: RegistrationState,
    day: dt.date | None = None,
    *,
    user_id: int | None,
    reason: str = "",
    import_id: int | None = None,
) -> int:
    """Move a person; -> the row in the ledger. SIGNED_UP becomes the waiting list where the seats are taken.

    A seat that is let go is given to whoever waits first. Raises EventRefusedError.
    """
    event = registration.event
    hold(event)
    db.session.refresh(registration)
    check_move(registration.state, to, day_has_come=event.held_on <= clock.today())
    if to not in (RegistrationState.ATTENDED, RegistrationState.ABSENT):
        _refuse_cancelled(event)
    latest = latest_day(registration)
    today = clock.today()
    if day is None:
        is_of_the_day = to in (RegistrationState.ATTENDED, RegistrationState.ABSENT)
        day = max(latest, event.held_on if is_of_the_day else min(today, max(latest, today)))
    check_day(day, latest, today)
    return enter(event, registration, to, day, user_id=user_id, reason=reason, import_id=import_id)


def latest_day(registration: Registration) -> dt.date:
    """The day of the latest thing told of somebody: nothing is entered before it."""
    rows = rows_of_registration(registration)
    return rows[-1].happened_on if rows else registration.state_since_on


def enter(
    event: Event, registration: Registration, to: RegistrationState, day: dt.date, *, user_id: int | None, **more: Any
) -> int:
    """Write the move. The caller holds the event and has checked that it may be."""
    before = more.pop("before", registration.state)
    import_id = more.pop("import_id", None)
    is_fact = more.pop("is_fact", False)
    had_seat = before in REGISTERED
    check_day(day, None, clock.today())
    if to in (RegistrationState.SIGNED_UP, RegistrationState.INVITED) and not had_seat:
        check_sign_up_day(day, event.held_on)
    if to is RegistrationState.SIGNED_UP and not had_seat:
        to = to if is_fact else state_for_one_more(event)
        registration.place_at = clock.now()
    move = registration_row(registration, to, day, programme_id_of(event), before=before, **more)
    row = record([move], user_id=user_id, import_id=import_id)[0]
    follow_registrations([registration])
    if had_seat and to not in REGISTERED:
        fill_seats(event, user_id=user_id)
    return row


def undo_registration(registration: Registration, *, user_id: int | None, ledger_id: int | None = None) -> bool:
    """Take the latest move back; -> whether it was done. With `ledger_id` only that row, while it is the latest.

    The first one taken back hides the sign-up. Raises EventRefusedError where the seat has another by now.
    """
    event = registration.event
    hold(event)
    rows = rows_of_registration(registration)
    if not rows or (ledger_id is not None and rows[-1].id != ledger_id):
        return False
    last, before = rows[-1], RegistrationState(rows[-2].to_code) if len(rows) > 1 else None
    if last.detail == EVENT_CANCELLED:  # comes back with the event
        return False
    has_seat = RegistrationState(last.to_code) in REGISTERED
    if before is RegistrationState.WAITING and has_seat:
        raise EventRefusedError("til", _l("Pladsen er givet fra ventelisten. Notér i stedet et afbud."))
    if before in REGISTERED and not has_seat and event.seats is not None and count_taken(event) >= event.seats:
        raise EventRefusedError("til", _l("Pladsen er givet videre. Tilmeld personen igen."))
    reverse([last.id], user_id=user_id)
    follow_rows(registration, rows[:-1])
    db.session.flush()
    if has_seat and before not in REGISTERED:
        fill_seats(event, user_id=user_id)
    return True
