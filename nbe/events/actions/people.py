"""What is written about people of an event, and what is done with many of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.events.actions.following import (
    follow_registrations,
    programme_id_of,
    registration_row,
    rows_of_registration,
)
from nbe.events.actions.registrations import latest_day
from nbe.events.actions.seats import hold
from nbe.events.rules import check_move, person_key
from nbe.ledger import record, reverse
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import RegistrationState

EDITED = ("name", "email", "organisation", "note")
_OPEN = (RegistrationState.INVITED, RegistrationState.SIGNED_UP, RegistrationState.WAITING)


def edit_registration(registration: Registration, **values: str) -> None:
    """Set what is written about a person: `EDITED`."""
    for name, value in values.items():
        if name not in EDITED:
            raise TypeError(name)
        if getattr(registration, name) != value:
            setattr(registration, name, value)
    registration.name_key = person_key(registration.name)
    db.session.flush()


def mark_rest_absent(event: Event, registrations: Sequence[Registration], *, user_id: int | None) -> int:
    """Those signed up of whom nobody has said that they came stayed away; -> how many. Raises EventRefusedError."""
    hold(event)
    rest = [one for one in registrations if one.state is RegistrationState.SIGNED_UP]
    check_move(RegistrationState.SIGNED_UP, RegistrationState.ABSENT, day_has_come=event.held_on <= clock.today())
    programme_id = programme_id_of(event)
    moves = [
        registration_row(one, RegistrationState.ABSENT, max(event.held_on, latest_day(one)), programme_id)
        for one in rest
    ]
    record(moves, user_id=user_id)
    follow_registrations(rest)
    return len(rest)


def list_open(event: Event) -> list[Registration]:
    """All who are asked, signed up or waiting; for what befalls the event itself."""
    statement = sa.select(Registration).where(
        Registration.event_id == event.id, Registration.state.in_(_OPEN), Registration.is_hidden.is_(False)
    )
    return list(db.session.scalars(statement.order_by(Registration.id)))


def link_business(registration: Registration, business: Business | None, *, user_id: int | None) -> bool:
    """Say which business somebody comes for, or that it is none; -> whether anything changed.

    All that was told of the person is taken back and told anew, with its days, of the right business, so that every
    count follows.
    """
    code = business.municipality_code if business is not None else registration.municipality_code
    if registration.business_id == (business.id if business is not None else None):
        return False
    event = registration.event
    hold(event)
    programme_id = programme_id_of(event)
    rows = rows_of_registration(registration)
    reverse([row.id for row in rows], user_id=user_id)
    registration.business_id = business.id if business is not None else None
    registration.municipality_code, registration.contact_id = code, None
    db.session.flush()
    before: RegistrationState | None = None
    moves = []
    for row in rows:
        to = RegistrationState(row.to_code)
        moves.append(
            registration_row(registration, to, row.happened_on, programme_id, before=before, detail=row.detail)
        )
        before = to
    record(moves, user_id=user_id)
    follow_registrations([registration])
    return True
