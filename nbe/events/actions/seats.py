"""Seats and the waiting list: first come, first served, and never more signed up than there are seats."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.events.actions.following import follow_registrations, programme_id_of, registration_row
from nbe.events.letters import tell_moved_up
from nbe.events.rules import how_many_move_up
from nbe.ledger import record
from nbe.models import Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState


def hold(event: Event) -> None:
    """Wait until nobody else changes who has a seat, and read the event as it stands then."""
    db.session.flush()
    statement = sa.select(Event).where(Event.id == event.id).with_for_update()
    db.session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def count_taken(event: Event) -> int:
    """How many have a seat, come or not."""
    statement = sa.select(sa.func.count(Registration.id)).where(
        Registration.event_id == event.id, Registration.state.in_(REGISTERED), Registration.is_hidden.is_(False)
    )
    return db.session.scalar(statement) or 0


def count_waiting(event: Event) -> int:
    """How many wait for a seat."""
    statement = sa.select(sa.func.count(Registration.id)).where(
        Registration.event_id == event.id,
        Registration.state == RegistrationState.WAITING,
        Registration.is_hidden.is_(False),
    )
    return db.session.scalar(statement) or 0


def state_for_one_more(event: Event, *, locks: bool = True) -> RegistrationState:
    """A seat, or a place on the waiting list where all are taken. Who acts on it holds the event."""
    is_free = event.seats is None or count_taken(event) < event.seats
    return RegistrationState.SIGNED_UP if is_free and not _waiting(event, 1, locks=locks) else RegistrationState.WAITING


def fill_seats(event: Event, *, user_id: int | None) -> list[Registration]:
    """Move up as many as there are seats for, in the order they came; each is told by mail. The caller holds the event.

    Of an event that is held or cancelled nobody moves up.
    """
    if event.cancelled_on is not None or event.held_on < clock.today():
        return []
    waiting = _waiting(event, None, locks=True)
    moved = waiting[: how_many_move_up(event.seats, count_taken(event), len(waiting))]
    if not moved:
        return []
    programme_id = programme_id_of(event)
    day = clock.today()
    moves = [
        registration_row(person, RegistrationState.SIGNED_UP, max(day, person.state_since_on), programme_id)
        for person in moved
    ]
    rows = record(moves, user_id=user_id)
    follow_registrations(moved)
    for person, row in zip(moved, rows, strict=True):
        tell_moved_up(event, person, row)
    return moved


def _waiting(event: Event, most: int | None, *, locks: bool) -> list[Registration]:
    statement = (
        sa.select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.WAITING,
            Registration.is_hidden.is_(False),
        )
        .order_by(Registration.place_at, Registration.id)
        .limit(most)
    )
    return list(db.session.scalars(statement.with_for_update() if locks else statement))
