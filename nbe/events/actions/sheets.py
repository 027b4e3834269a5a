"""What a spreadsheet brings: an event by its name and day, and people asked, signed up, there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.core.text import fold
from nbe.events.actions.following import programme_id_of
from nbe.events.actions.registrations import Person, find_known, latest_day, move_registration, sign_up
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import EventKind

S = RegistrationState
_WORDS = (
    ("tema", EventKind.THEME_MEETING),
    ("inspiration", EventKind.INSPIRATION_GROUP),
    ("netværk", EventKind.GET_TOGETHER),
    ("koordination", EventKind.COORDINATION_MEETING),
)


def kind_of_name(name: str) -> EventKind | None:
    """The kind an event's name says it is: "Temamøde 26-01"."""
    folded = fold(name)
    return next((kind for word, kind in _WORDS if word in folded), None)


def alike_that_day(title: str, held_on: dt.date, *, with_hidden: bool = False) -> list[Event]:
    """The events of a day by one title, the first made first; hidden ones last."""
    statement = sa.select(Event).where(Event.held_on == held_on).order_by(Event.is_hidden, Event.id)
    if not with_hidden:
        statement = statement.where(Event.is_hidden.is_(False))
    return [event for event in db.session.scalars(statement) if fold(event.title) == fold(title)]


def find_event_named(name: str, held_on: dt.date, number: int = 0) -> Event | None:
    """The event of that day by its name, hidden or not, or the only one of its kind that is shown that day.

    With a number, that of the day's events by exactly this name.
    """
    named = alike_that_day(name, held_on, with_hidden=True)
    if number:
        return named[number - 1] if number <= len(named) else None
    if named:
        return named[0]
    of_kind = sa.select(Event).where(Event.held_on == held_on, Event.is_hidden.is_(False))
    alike = list(db.session.scalars(of_kind.where(Event.kind == kind_of_name(name)).limit(2)))
    return alike[0] if len(alike) == 1 else None


def find_or_make_event(
    name: str,
    held_on: dt.date,
    *,
    municipality_code: int | None = None,
    number: int = 0,
    kind: EventKind | None = None,
    seats: int | None = None,
) -> tuple[Event, bool]:
    """The event as `find_event_named` finds it; else a new one, of this kind and with these seats. -> (event, is new).

    One that an undone import had made comes back. Raises EventRefusedError where the year has no programme.
    """
    found = find_event_named(name, held_on, number)
    if found is not None:
        found.is_hidden = False
        db.session.flush()
        return found, False
    kind = kind or kind_of_name(name) or EventKind.THEME_MEETING
    event = Event(
        kind=kind,
        title=name[:200],
        held_on=held_on,
        municipality_code=None if kind is EventKind.COORDINATION_MEETING else municipality_code,
        seats=seats,
        link_key=new_key(),
    )
    programme_id_of(event)
    db.session.add(event)
    db.session.flush()
    return event, True


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of a person. `on`: the day of signing up; `since`: the day of standing as `state` says.

    `attended`: came or stayed away, None where nothing is said.
    """

    state: RegistrationState | None = None
    on: dt.date | None = None
    since: dt.date | None = None
    attended: bool | None = None

    @property
    def is_walk_in(self) -> bool:
        """Whether the person came (or was noted to be there, and then not) without having signed up."""
        return self.state in (S.ATTENDED, S.ABSENT) and self.on is None


def is_fact(state: RegistrationState | None, attended: bool | None, held_on: dt.date, today: dt.date) -> bool:
    """Whether a list tells how somebody new stood at an event that is held: seats do not undo what has been."""
    if state is S.WAITING:
        return held_on < today  # on the day itself somebody may still be moved up
    return held_on <= today and (state in REGISTERED or attended is not None)


def sign_up_person(
    event: Event,
    business: Business | None,
    name: str,
    email: str,
    on: dt.date | None,
    *,
    user_id: int | None,
    municipality_code: int | None = None,
    organisation: str = "",
    note: str = "",
    attended: bool | None = None,
    told: RegistrationState | None = None,
    since: dt.date | None = None,
    import_id: int | None = None,
) -> tuple[Registration, bool]:
    """Sign somebody up on a day (None: today, or the day of the event when it is over); -> (sign-up, is new).

    Known by name and mail, or by name and business, and then only told what is new. `attended`: came or stayed
    away, None where nothing is said. `told`: how a list says somebody stands, and `since` when; INVITED and DECLINED
    are for somebody new alone. `municipality_code` for who comes for no business. Raises EventRefusedError.
    """
    code = business.municipality_code if business is not None else municipality_code
    if code is None:
        raise ValueError("a person belongs to a business or to a municipality")
    person = Person(
        name=name, email=email, organisation=organisation, municipality_code=code, note=note,
        business_id=business.id if business else None,
    )  # fmt: skip
    known = find_known(event, person)
    is_new = known is None or known.is_hidden
    said = Told(told, on, since, attended)
    if is_new:
        registration = _enter_new(event, person, said, user_id, import_id)
    elif known is not None and (known.state is S.DECLINED or told in (S.INVITED, S.DECLINED)):
        return known, False  # an old list does not take an apology back, nor sends one
    else:
        registration, _changed = sign_up(event, person, user_id=user_id, day=on, import_id=import_id)
    if attended is not None and registration.state in (*REGISTERED, S.WAITING):
        _attend(registration, said, user_id, import_id)
    return registration, is_new


def _enter_new(event: Event, person: Person, said: Told, user_id: int | None, import_id: int | None) -> Registration:
    """Somebody new, as the list says; who sent apologies is asked or signed up first, on no seat of anybody's."""
    fact, state, day = is_fact(said.state, said.attended, event.held_on, clock.today()), S.SIGNED_UP, said.on
    if said.state is S.INVITED or (said.state is S.DECLINED and said.on is None):
        state, day = S.INVITED, said.since
    elif said.state is S.WAITING and fact:
        state = S.WAITING
    elif said.is_walk_in and fact:
        state, day = S.ATTENDED, said.since
    if day is not None:
        day = min(day, clock.today() if state is S.ATTENDED else min(clock.today(), event.held_on))
    fact = fact or said.state is S.DECLINED
    registration, _changed = sign_up(
        event, person, user_id=user_id, day=day, state=state, import_id=import_id, is_fact=fact
    )
    if said.state is S.DECLINED:
        day = _not_before(registration, said.since)
        move_registration(registration, S.DECLINED, day, user_id=user_id, import_id=import_id)
    return registration


def _attend(registration: Registration, said: Told, user_id: int | None, import_id: int | None) -> None:
    to = S.ATTENDED if said.attended else S.ABSENT
    if registration.state is to or (registration.state is S.WAITING and to is S.ABSENT):
        return
    day = _not_before(registration, said.since)
    move_registration(registration, to, day, user_id=user_id, import_id=import_id)


def _not_before(registration: Registration, day: dt.date | None) -> dt.date | None:
    return min(clock.today(), max(day, latest_day(registration))) if day is not None else None
