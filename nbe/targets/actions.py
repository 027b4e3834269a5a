"""Making a programme year, and setting what a municipality must find in it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record
from nbe.models import DEFAULT_TARGET, Programme, Target
from nbe.models.states import LedgerKind
from nbe.targets.queries import find_programme


def ensure_programme(year: int) -> tuple[Programme, bool]:
    """The programme of a year, made with targets of 5 and 31 December when missing; -> (programme, was it made)."""
    programme = find_programme(year)
    if programme is not None:
        return programme, False
    programme = Programme(year=year, deadline_on=dt.date(year, 12, 31))
    db.session.add(programme)
    db.session.flush()
    return programme, True


def find_target(programme_id: int, municipality_code: int) -> Target:
    """The target's row, made with the default number when missing."""
    target = db.session.scalar(
        sa.select(Target)
        .where(Target.programme_id == programme_id, Target.municipality_code == municipality_code)
        .with_for_update()
    )
    if target is None:
        target = Target(programme_id=programme_id, municipality_code=municipality_code, required=DEFAULT_TARGET)
        db.session.add(target)
        db.session.flush()
    return target


def set_target(target: Target, number: int, deadline_on: dt.date | None, reason: str, *, user_id: int | None) -> None:
    """Set number, deadline and reason; another number is a row in the ledger from today on."""
    if number != target.required:
        record(
            [
                Move(
                    kind=LedgerKind.TARGET,
                    municipality_code=target.municipality_code,
                    from_code=str(target.required),
                    to_code=str(number),
                    happened_on=clock.today(),
                    programme_id=target.programme_id,
                    reason=reason,
                )
            ],
            user_id=user_id,
        )
    target.required = number
    target.deadline_on = deadline_on
    target.reason = reason
    db.session.flush()
