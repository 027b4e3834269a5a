"""What the ledger is told about a measure, and what the measure's own columns then say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.columns import scaled
from nbe.core.database import db
from nbe.ledger import Move, saving_key
from nbe.ledger.actions import read_rows, row_columns
from nbe.ledger.fold import Row, effective
from nbe.measures.rules import ledger_amounts
from nbe.models import Change, LedgerRow, Measure, Saving
from nbe.models.measures import AMOUNT
from nbe.models.states import LedgerKind, MeasureState, SavingPhase


def rows_of_measures(measure_ids: Iterable[int]) -> dict[int, list[Row]]:
    """Measure -> its rows that hold, by day; of whichever business it was at the time."""
    ids = sorted(measure_ids)
    statement = sa.select(*row_columns()).where(LedgerRow.kind == LedgerKind.MEASURE, LedgerRow.subject_id.in_(ids))
    found: dict[int, list[Row]] = {measure_id: [] for measure_id in ids}
    for row in effective(read_rows(statement)):
        found[row.subject_id or 0].append(row)
    return found


def rows_of_measure(measure: Measure) -> list[Row]:
    """The rows of one measure that hold, by day."""
    return rows_of_measures([measure.id])[measure.id]


def latest_day(measure: Measure) -> dt.date:
    """The day of the latest thing told of a measure: nothing is entered before it."""
    rows = rows_of_measure(measure)
    return rows[-1].happened_on if rows else measure.state_since_on


def measure_row(measure: Measure, before: MeasureState | None, after: MeasureState, day: dt.date, **more: Any) -> Move:
    """The row that tells of a measure, with all that it saves from that day on."""
    return Move(
        kind=LedgerKind.MEASURE,
        municipality_code=measure.business.municipality_code,
        business_id=measure.business_id,
        programme_id=measure.programme_id,
        subject_id=measure.id,
        from_code=before.value if before else None,
        to_code=after.value,
        happened_on=day,
        amounts=ledger_amounts(measure.savings),
        **more,
    )


def act_moment(begun: dt.datetime, records: Iterable[Any]) -> dt.datetime:
    """The moment of an act: that of the plain fields of `records` it has changed since `begun`, else now.

    Rows recorded at it belong to the act, and are taken back with it. The act flushes once.
    """
    db.session.flush()
    of_these = [
        sa.and_(Change.entity == record.__tablename__, Change.entity_id == record.id) for record in records if record.id
    ]
    at = db.session.scalar(sa.select(sa.func.max(Change.at)).where(sa.or_(sa.false(), *of_these), Change.at >= begun))
    return at or clock.now()


def follow_rows(measure: Measure, rows: Sequence[Row]) -> None:
    """Set state and day to what the ledger says; one it knows nothing of is hidden."""
    measure.is_hidden = not rows
    if rows:
        last = rows[-1]
        entered = next(row for i, row in enumerate(rows) if all(later.to_code == last.to_code for later in rows[i:]))
        measure.state = MeasureState(last.to_code)
        measure.state_since_on = entered.happened_on


def follow_ledger(measure: Measure) -> None:
    """The same, reading the rows."""
    follow_rows(measure, rows_of_measure(measure))
    db.session.flush()


def told_amount(row: Row | None, phase: SavingPhase, quantity: str) -> int | None:
    """What a row says of one quantity, in thousandths."""
    return dict(row.amounts).get(saving_key(phase, quantity)) if row else None


def is_as_told(saving: Saving, row: Row | None) -> bool:
    """Whether the record of one saving says what a row says."""
    kept = None if saving.amount is None else scaled(saving.amount, AMOUNT)
    return kept == told_amount(row, saving.phase, saving.quantity.value)
