"""What the ledger is told about a sign-up, and what its own columns then say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.events.rules import EVENT_CANCELLED, EventRefusedError
from nbe.ledger import Move
from nbe.ledger.actions import read_rows, row_columns
from nbe.ledger.fold import Row, effective
from nbe.models import Event, LedgerRow, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import LedgerKind
from nbe.targets.queries import find_programme


def programme_id_of(event: Event) -> int:
    """The programme an event counts in: its year's. Raises EventRefusedError (field `held_on`) where there is none."""
    programme = find_programme(event.held_on.year)
    if programme is None:
        message = _l("Der er intet forløbsår %(year)s endnu. Sekretariatet kan oprette det.", year=event.held_on.year)
        raise EventRefusedError("held_on", message)
    return programme.id


def rows_of_registrations(ids: Iterable[int]) -> dict[int, list[Row]]:
    """Registration -> its rows that hold, by day."""
    found: dict[int, list[Row]] = {registration_id: [] for registration_id in sorted(ids)}
    for part in chunks(list(found)):
        statement = sa.select(*row_columns()).where(
            LedgerRow.kind == LedgerKind.REGISTRATION, LedgerRow.subject_id.in_(part)
        )
        for row in effective(read_rows(statement)):
            found[row.subject_id or 0].append(row)
    return found


def find_fallen(ids: Iterable[int]) -> set[int]:
    """Of these sign-ups those that fell away because the event was cancelled."""
    told = rows_of_registrations(ids)
    return {key for key, rows in told.items() if rows and rows[-1].detail == EVENT_CANCELLED}


def rows_of_registration(registration: Registration) -> list[Row]:
    """The rows of one sign-up that hold, by day."""
    return rows_of_registrations([registration.id])[registration.id]


def registration_row(
    registration: Registration, to: RegistrationState, day: dt.date, programme_id: int, **more: Any
) -> Move:
    """The row that tells of a move; a sign-up that was hidden or is new comes from nothing."""
    before = more.pop("before", registration.state)
    return Move(
        kind=LedgerKind.REGISTRATION,
        municipality_code=registration.municipality_code,
        business_id=registration.business_id,
        programme_id=programme_id,
        subject_id=registration.id,
        from_code=before.value if before else None,
        to_code=to.value,
        happened_on=day,
        **more,
    )


def follow_rows(registration: Registration, rows: Sequence[Row]) -> None:
    """Set state and day to what the ledger says; one it knows nothing of is hidden."""
    registration.is_hidden = not rows
    if rows:
        last = rows[-1]
        entered = next(row for i, row in enumerate(rows) if all(later.to_code == last.to_code for later in rows[i:]))
        registration.state, registration.state_since_on = RegistrationState(last.to_code), entered.happened_on


def follow_registrations(registrations: Sequence[Registration]) -> None:
    """The same for many, reading the rows; for whoever has taken rows of the ledger back."""
    told = rows_of_registrations(registration.id for registration in registrations)
    for registration in registrations:
        follow_rows(registration, told[registration.id])
    db.session.flush()
