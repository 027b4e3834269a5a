"""What a spreadsheet brings: an event by its name and day, and people signed up for it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.database import db
from nbe.core.links import new_key
from nbe.core.text import fold
from nbe.events.actions.following import programme_id_of
from nbe.events.actions.registrations import Person, find_known, move_registration, sign_up
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import EventKind

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


def find_event_named(name: str, held_on: dt.date) -> Event | None:
    """The event of that day by its name, hidden or not, or the only one of its kind that is shown that day."""
    kind = kind_of_name(name)
    statement = sa.select(Event).where(Event.held_on == held_on).order_by(Event.is_hidden, Event.id)
    that_day = list(db.session.scalars(statement))
    named = [event for event in that_day if fold(event.title) == fold(name)]
    alike = [event for event in that_day if event.kind is kind and not event.is_hidden]
    return named[0] if named else alike[0] if len(alike) == 1 else None


def find_or_make_event(name: str, held_on: dt.date, *, municipality_code: int | None = None) -> tuple[Event, bool]:
    """The event of that day by its name, or the only one of its kind that day; else a new one. -> (event, is new).

    One that an undone import had made comes back. Raises EventRefusedError where the year has no programme.
    """
    kind, found = kind_of_name(name), find_event_named(name, held_on)
    if found is not None:
        found.is_hidden = False
        db.session.flush()
        return found, False
    event = Event(
        kind=kind or EventKind.THEME_MEETING,
        title=name[:200],
        held_on=held_on,
        municipality_code=None if kind is EventKind.COORDINATION_MEETING else municipality_code,
        link_key=new_key(),
    )
    programme_id_of(event)
    db.session.add(event)
    db.session.flush()
    return event, True


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
    attended: bool | None = None,
    import_id: int | None = None,
) -> tuple[Registration, bool]:
    """Sign somebody up on a day (None: today, or the day of the event when it is over); -> (sign-up, is new).

    Known by name and mail, or by name and business, and then only told what is new. `attended`: came or stayed
    away, None where nothing is said. `municipality_code` for who comes for no business. Raises EventRefusedError.
    """
    code = business.municipality_code if business is not None else municipality_code
    if code is None:
        raise ValueError("a person belongs to a business or to a municipality")
    person = Person(
        name=name, email=email, organisation=organisation, municipality_code=code,
        business_id=business.id if business else None,
    )  # fmt: skip
    known = find_known(event, person)
    is_new = known is None or known.is_hidden
    if known is not None and known.state is RegistrationState.DECLINED and not known.is_hidden:
        return known, False  # an old list does not take an apology back
    registration, _changed = sign_up(event, person, user_id=user_id, day=on, import_id=import_id)
    if attended is not None and registration.state in REGISTERED:
        to = RegistrationState.ATTENDED if attended else RegistrationState.ABSENT
        if registration.state is not to:
            move_registration(registration, to, user_id=user_id, import_id=import_id)
    return registration, is_new
