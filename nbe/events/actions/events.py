"""Events themselves: made, corrected, cancelled and taken up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.events.actions.following import follow_registrations, programme_id_of, registration_row, rows_of_registrations
from nbe.events.actions.people import list_open
from nbe.events.actions.seats import fill_seats, hold
from nbe.events.rules import EVENT_CANCELLED, EventRefusedError, Line, check_day
from nbe.ledger import record, reverse
from nbe.models import Event, EventItem, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind
from nbe.targets.meetings import is_day_taken

EDITED = (
    "kind", "title", "held_on", "starts_at", "minutes", "place", "description", "municipality_code", "seats",
    "sign_up_until",
)  # fmt: skip


def make_event(values: dict[str, Any], lines: Sequence[Line] = ()) -> Event:
    """A new event from the values of `EDITED`, with its programme. Raises EventRefusedError."""
    event = Event(link_key=new_key())
    _set(event, values)
    db.session.add(event)
    programme_id_of(event)
    _refuse_same_day(event)
    set_programme(event, lines)
    db.session.flush()
    return event


def edit_event(event: Event, values: dict[str, Any], lines: Sequence[Line], *, user_id: int | None) -> list[Any]:
    """Correct an event; -> those who got a seat because there are more. Raises EventRefusedError.

    Fewer seats than are taken take nobody's seat away. Its year stands once somebody is signed up, as they count in it.
    """
    hold(event)
    year = event.held_on.year
    if values["held_on"].year != year and _has_people(event):
        raise EventRefusedError(
            "held_on", _l("Der er inviterede eller tilmeldte, som tæller i %(year)s. Bliv i det år.", year=year)
        )
    event.link_key = event.link_key or new_key()
    with db.session.no_autoflush:
        _set(event, values)
        programme_id_of(event)
        _refuse_same_day(event)
        set_programme(event, lines)
    db.session.flush()
    return fill_seats(event, user_id=user_id)


def _set(event: Event, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in EDITED:
            raise TypeError(name)
        if getattr(event, name) != value:
            setattr(event, name, value)
    if event.sign_up_until is not None and event.sign_up_until > event.held_on:
        raise EventRefusedError("sign_up_until", _l("Fristen ligger efter arrangementet."))


def _refuse_same_day(event: Event) -> None:
    """ "Since the last meeting" must mean one."""
    if event.kind is EventKind.COORDINATION_MEETING:
        event.municipality_code = None
        with db.session.no_autoflush:
            if is_day_taken(event.held_on, event.id):
                raise EventRefusedError("held_on", _l("Der er allerede et koordinationsmøde den dag."))


def set_programme(event: Event, lines: Sequence[Line]) -> None:
    """Set the lines of an event's programme; the event is newer by it."""
    if [(item.begins, item.title, item.speaker) for item in event.items] == [
        (line.begins, line.title, line.speaker) for line in lines
    ]:
        return
    event.items = [
        EventItem(position=place, begins=line.begins, title=line.title, speaker=line.speaker)
        for place, line in enumerate(lines)
    ]
    if event.id is not None:
        flag_modified(event, "title")


def _has_people(event: Event) -> bool:
    statement = sa.select(Registration.id).where(Registration.event_id == event.id, Registration.is_hidden.is_(False))
    return db.session.scalar(statement.limit(1)) is not None


def cancel_event(event: Event, *, user_id: int | None, day: dt.date | None = None) -> int:
    """Cancel an event: who was asked, signed up or waiting is so no more; -> how many were.

    Raises EventRefusedError.
    """
    hold(event)
    day = day or clock.today()
    if event.cancelled_on is not None:
        raise EventRefusedError("til", _l("Arrangementet er aflyst."))
    check_day(day, None, clock.today())
    if event.held_on < day:
        raise EventRefusedError("til", _l("Arrangementet er holdt."))
    people = list_open(event)
    if people:
        programme_id = programme_id_of(event)
        to = RegistrationState.DECLINED
        moves = [
            registration_row(one, to, max(day, one.state_since_on), programme_id, detail=EVENT_CANCELLED)
            for one in people
        ]
        record(moves, user_id=user_id)
        follow_registrations(people)
    event.cancelled_on = day
    db.session.flush()
    return len(people)


def resume_event(event: Event, *, user_id: int | None) -> int:
    """Take a cancelled event up again, with all who fell away with it; -> how many. Nothing happens to another one."""
    hold(event)
    if event.cancelled_on is None:
        return 0
    event.cancelled_on = None
    statement = sa.select(Registration).where(
        Registration.event_id == event.id,
        Registration.state == RegistrationState.DECLINED,
        Registration.is_hidden.is_(False),
    )
    people = {one.id: one for one in db.session.scalars(statement)}
    told = rows_of_registrations(people)
    fell = {key: rows[-1].id for key, rows in told.items() if rows and rows[-1].detail == EVENT_CANCELLED}
    reverse(list(fell.values()), user_id=user_id)
    follow_registrations([people[key] for key in fell])
    return len(fell)
