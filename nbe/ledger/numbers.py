"""The numbers that the ledger holds for municipalities: targets, hours per forløb, hours promised.

The latest row says what is in force.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core.database import db
from nbe.models import LedgerRow
from nbe.models.states import LedgerKind

_UNDO = aliased(LedgerRow)


@dataclass
class Numbers:
    """What was in force on a day, by municipality; absent where nothing was set by then."""

    targets: dict[int, int] = field(default_factory=dict)
    norms: dict[int, Decimal] = field(default_factory=dict)
    hours: dict[int, Decimal] = field(default_factory=dict)


def _numbers_statement(*, is_known_at: bool) -> Any:
    taken_back = sa.select(_UNDO.id).where(_UNDO.reverses_id == LedgerRow.id)
    statement = sa.select(LedgerRow.kind, LedgerRow.municipality_code, LedgerRow.subject_id, LedgerRow.to_code).where(
        LedgerRow.programme_id == sa.bindparam("programme_id"),
        LedgerRow.kind.in_(sa.bindparam("kinds", expanding=True)),
        LedgerRow.reverses_id.is_(None),
        LedgerRow.happened_on <= sa.bindparam("as_of"),
    )
    if is_known_at:
        known_at: Any = sa.bindparam("known_at")
        statement = statement.where(LedgerRow.recorded_at <= known_at)
        taken_back = taken_back.where(_UNDO.recorded_at <= known_at)
    return statement.where(~taken_back.exists()).order_by(LedgerRow.happened_on, LedgerRow.id)


_STATEMENTS = {is_known_at: _numbers_statement(is_known_at=is_known_at) for is_known_at in (False, True)}
_ALL_KINDS = (LedgerKind.TARGET, LedgerKind.NORM, LedgerKind.HOURS)


def numbers_at(
    programme_id: int,
    as_of: dt.date,
    known_at: dt.datetime | None = None,
    kinds: tuple[LedgerKind, ...] = _ALL_KINDS,
) -> Numbers:
    """What was in force at the end of `as_of`, as known at `known_at` (None: as known now). One statement."""
    asked: dict[str, Any] = {"kinds": kinds, "programme_id": programme_id, "as_of": as_of}
    if known_at is not None:
        asked["known_at"] = known_at
    found = Numbers()
    pledged: dict[tuple[int, int | None], Decimal] = {}
    for kind, code, subject, number in db.session.execute(_STATEMENTS[known_at is not None], asked):
        if kind is LedgerKind.TARGET:
            found.targets[code] = int(number)
        elif kind is LedgerKind.NORM:
            found.norms[code] = Decimal(number)
        else:
            pledged[code, subject] = Decimal(number)
    for (code, _pledge), hours in pledged.items():
        found.hours[code] = found.hours.get(code, Decimal(0)) + hours
    return found


def targets_at(programme_id: int, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, int]:
    """municipality -> the target number in force at the end of `as_of`; absent where none was set by then."""
    return numbers_at(programme_id, as_of, known_at, (LedgerKind.TARGET,)).targets


def norms_at(programme_id: int, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, Decimal]:
    """municipality -> the hours one forløb takes, in force at the end of `as_of`; absent where none was set by then."""
    return numbers_at(programme_id, as_of, known_at, (LedgerKind.NORM,)).norms


def hours_at(programme_id: int, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[int, Decimal]:
    """municipality -> the hours promised for its forløb by the end of `as_of`, over all its pledges."""
    return numbers_at(programme_id, as_of, known_at, (LedgerKind.HOURS,)).hours
