"""The hours of a forløb: a change holds for the eleven from today on, and can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core import clock
from nbe.core.columns import scaled
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import AlreadyReversedError
from nbe.models import DEFAULT_HOURS, HourNorm, LedgerAmount, LedgerRow, Municipality, Programme
from nbe.models.states import HourTask, LedgerKind
from nbe.resources.actions.pledges import ChangedSinceError
from nbe.resources.queries import task_hours
from nbe.resources.rules import NONE, plain


def _key(task: HourTask) -> str:
    return f"task:{task.value}"


def set_norm(
    programme: Programme,
    hours: Mapping[HourTask, Decimal],
    *,
    user_id: int | None,
    happened_on: dt.date | None = None,
) -> list[int]:
    """Set the hours of the tasks named; the ids of the ledger's rows, one for each municipality.

    Each row holds the sum and, in thousandths, what each task takes. Nothing changed: nothing recorded.
    """
    before = task_hours(programme.id)
    after = {**before, **hours}
    if after == before:
        return []
    _store(programme, after)
    moves = [
        Move(
            kind=LedgerKind.NORM,
            municipality_code=code,
            programme_id=programme.id,
            from_code=plain(sum(before.values(), NONE)),
            to_code=plain(sum(after.values(), NONE)),
            happened_on=happened_on or clock.today(),
            amounts={_key(task): scaled(number, 3) for task, number in after.items()},
        )
        for code in db.session.scalars(sa.select(Municipality.code).order_by(Municipality.code))
    ]
    return record(moves, user_id=user_id)


def _store(programme: Programme, hours: Mapping[HourTask, Decimal]) -> None:
    statement = sa.select(HourNorm).where(HourNorm.programme_id == programme.id)
    known = {norm.task: norm for norm in db.session.scalars(statement)}
    for task, number in hours.items():
        if task in known:
            known[task].hours = number
        else:
            db.session.add(HourNorm(programme_id=programme.id, task=task, hours=number))
    db.session.flush()


def undo_norm(programme: Programme, ledger_id: int, *, user_id: int | None) -> None:
    """Take the latest change of a programme's hours back, named by its first row in the ledger.

    Raises ChangedSinceError when it is not the latest any more.
    """
    standing = _standing(programme.id)
    first = next((row for row in standing if row.id == ledger_id), None)
    if first is None or first.recorded_at != standing[-1].recorded_at:
        raise ChangedSinceError
    rows = [row.id for row in standing if row.recorded_at == first.recorded_at]
    older = [row.id for row in standing if row.recorded_at != first.recorded_at]
    try:
        reverse(rows, user_id=user_id)
    except AlreadyReversedError as error:
        raise ChangedSinceError from error
    _store(programme, _hours_of(older[-1] if older else None))


def _standing(programme_id: int) -> list[LedgerRow]:
    """The rows of hours per forløb that have not been taken back, in their order."""
    undo = aliased(LedgerRow)
    taken_back = sa.select(undo.id).where(undo.reverses_id == LedgerRow.id)
    statement = sa.select(LedgerRow).where(
        LedgerRow.kind == LedgerKind.NORM,
        LedgerRow.programme_id == programme_id,
        LedgerRow.reverses_id.is_(None),
        ~taken_back.exists(),
    )
    return list(db.session.scalars(statement.order_by(LedgerRow.id)))


def _hours_of(ledger_id: int | None) -> dict[HourTask, Decimal]:
    """What each task took by a row of the ledger; the hours to begin with where there is none."""
    amounts: dict[str, int] = {}
    if ledger_id is not None:
        statement = sa.select(LedgerAmount.key, LedgerAmount.amount).where(LedgerAmount.ledger_id == ledger_id)
        amounts = {row.key: row.amount for row in db.session.execute(statement)}
    return {
        task: Decimal(amounts[_key(task)]).scaleb(-3) if _key(task) in amounts else Decimal(DEFAULT_HOURS[task])
        for task in HourTask
    }
