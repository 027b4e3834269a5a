"""Writing to the ledger: the one way in which a stage, membership, verdict or target number changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of, upsert
from nbe.ledger.fold import COLUMNS, Contribution, Row, contributions, monday
from nbe.models import Business, LedgerAmount, LedgerReason, LedgerRow, Total
from nbe.models.states import LedgerKind


@dataclass(frozen=True, slots=True)
class Move:
    """One move to be recorded. `detail` is a closing reason; `reason` is a person's words.

    `subject_id` is the screening, measure, pledge or person it tells about; `amounts` holds what a measure
    saves from that day on, in thousandths, by `saving_key`. `recorded_at` and `user_id` are for loading
    moves that somebody recorded earlier.
    """

    kind: LedgerKind
    municipality_code: int
    to_code: str
    happened_on: dt.date
    business_id: int | None = None
    programme_id: int | None = None
    from_code: str | None = None
    detail: str | None = None
    reason: str = ""
    reverses_id: int | None = None
    recorded_at: dt.datetime | None = None
    user_id: int | None = None
    subject_id: int | None = None
    amounts: Mapping[str, int] = field(default_factory=dict)


def _lock(business_ids: Sequence[int]) -> None:
    """Hold the businesses for this transaction, in one order, so that two folds never cross."""
    for ids in chunks(business_ids):
        db.session.execute(sa.select(Business.id).where(Business.id.in_(ids)).order_by(Business.id).with_for_update())


def rows_of(business_ids: Sequence[int]) -> list[Row]:
    """Every ledger row of these businesses, in the shape the fold reads."""
    found: list[Row] = []
    for ids in chunks(business_ids):
        found += read_rows(sa.select(*row_columns()).where(LedgerRow.business_id.in_(ids)))
    return found


def rows_of_subjects(subjects: Iterable[tuple[LedgerKind, int]]) -> list[Row]:
    """Every ledger row of these people (participants, registrations) that stand for themselves, not for a business."""
    by_kind: dict[LedgerKind, set[int]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, set()).add(subject_id)
    found: list[Row] = []
    for kind, subject_ids in by_kind.items():
        for ids in chunks(sorted(subject_ids)):
            found += read_rows(
                sa.select(*row_columns()).where(
                    LedgerRow.kind == kind, LedgerRow.subject_id.in_(ids), LedgerRow.business_id.is_(None)
                )
            )
    return found


def row_columns() -> list[Any]:
    """The columns of the ledger that a fold reads."""
    return [getattr(LedgerRow, name) for name in COLUMNS]


def read_rows(statement: Any, **options: Any) -> list[Row]:
    """Run a select of `row_columns()`; the rows of measures with what they save."""
    return with_amounts([Row(*row) for row in db.session.execute(statement, **options)])


def with_amounts(rows: list[Row]) -> list[Row]:
    """The same rows, those of measures with their amounts."""
    ids = [row.id for row in rows if row.kind == LedgerKind.MEASURE]
    if not ids:
        return rows
    amounts: dict[int, list[tuple[str, int]]] = {}
    for part in chunks(ids):
        statement = sa.select(LedgerAmount.ledger_id, LedgerAmount.key, LedgerAmount.amount)
        for row_id, key, amount in db.session.execute(statement.where(LedgerAmount.ledger_id.in_(part))):
            amounts.setdefault(row_id, []).append((key, amount))
    return [row._replace(amounts=tuple(sorted(amounts[row.id]))) if row.id in amounts else row for row in rows]


def _add_to_totals(change: Counter[Contribution]) -> None:
    """Add a change to the day and week totals; in one order, so that writers do not deadlock."""
    amounts: Counter[tuple[int, str, str, dt.date, int]] = Counter()
    for place, n in change.items():
        amounts[(place.programme_id, "D", place.key, place.day, place.municipality_code)] += n
        amounts[(place.programme_id, "W", place.key, monday(place.day), place.municipality_code)] += n
    names = ("programme_id", "grain", "key", "starts_on", "municipality_code")
    rows = [dict(zip(names, key, strict=True), delta=n) for key, n in sorted(amounts.items()) if n]
    if not rows:
        return
    statement = upsert(table_of(Total))
    statement = statement.on_conflict_do_update(
        index_elements=list(names), set_={"delta": Total.delta + statement.excluded.delta}
    )
    db.session.connection().execute(statement, rows)


def record(
    moves: Sequence[Move],
    *,
    user_id: int | None,
    import_id: int | None = None,
    recorded_at: dt.datetime | None = None,
) -> list[int]:
    """Append moves and update the totals in the same transaction; the new rows' ids, in order.

    One call for many moves costs a few statements per thousand businesses. What is recorded while an import
    is carried out bears its id.
    """
    if not moves:
        return []
    import_id = import_id or db.session.info.get("import_id")
    moment = recorded_at or clock.now()
    business_ids = sorted({move.business_id for move in moves if move.business_id is not None})
    people = {(move.kind, move.subject_id) for move in moves if _stands_alone(move) and move.subject_id is not None}
    db.session.flush()
    _lock(business_ids)
    before = rows_of(business_ids) + rows_of_subjects(people)
    values = [
        {
            "kind": move.kind,
            "business_id": move.business_id,
            "subject_id": move.subject_id,
            "programme_id": move.programme_id,
            "municipality_code": move.municipality_code,
            "from_code": move.from_code,
            "to_code": move.to_code,
            "detail": move.detail,
            "happened_on": move.happened_on,
            "recorded_at": move.recorded_at or moment,
            "user_id": move.user_id or user_id,
            "import_id": import_id,
            "reverses_id": move.reverses_id,
        }
        for move in moves
    ]
    statement = sa.insert(table_of(LedgerRow)).returning(LedgerRow.id, sort_by_parameter_order=True)
    ids = list(db.session.connection().scalars(statement, values))
    reasons = [
        {"ledger_id": row_id, "text": move.reason} for row_id, move in zip(ids, moves, strict=True) if move.reason
    ]
    if reasons:
        db.session.connection().execute(sa.insert(table_of(LedgerReason)), reasons)
    amounts = [
        {"ledger_id": row_id, "key": key, "amount": amount}
        for row_id, move in zip(ids, moves, strict=True)
        for key, amount in sorted(move.amounts.items())
    ]
    if amounts:
        db.session.connection().execute(sa.insert(table_of(LedgerAmount)), amounts)
    added = [
        Row(
            row_id,
            move.kind.value,
            move.business_id or 0,
            move.programme_id,
            move.municipality_code,
            move.to_code,
            move.detail,
            move.happened_on,
            move.recorded_at or moment,
            move.reverses_id,
            move.subject_id,
            tuple(sorted(move.amounts.items())),
        )
        for row_id, move in zip(ids, moves, strict=True)
        if move.business_id is not None or _stands_alone(move)
    ]
    change = contributions([*before, *added])
    change.subtract(contributions(before))
    _add_to_totals(change)
    return ids


def _stands_alone(move: Move) -> bool:
    """Somebody who signed up for no business: counted by the person, not folded with a business."""
    return move.business_id is None and move.kind in (LedgerKind.PARTICIPANT, LedgerKind.REGISTRATION)


class AlreadyReversedError(ValueError):
    """A ledger row that has been taken back cannot be taken back again."""


def reverse(
    ledger_ids: Sequence[int], *, user_id: int | None, reason: str = "", import_id: int | None = None
) -> list[int]:
    """Take rows back: each gets a counter-row that carries its day. The caller restores the records' own columns.

    Raises AlreadyReversedError when one of them has been taken back, or is itself a counter-row.
    """
    moves: list[Move] = []
    for ids in chunks(sorted(ledger_ids)):
        reversed_already = sa.select(LedgerRow.reverses_id).where(LedgerRow.reverses_id.in_(ids))
        if db.session.scalar(reversed_already.limit(1)) is not None:
            raise AlreadyReversedError
        for row in db.session.scalars(sa.select(LedgerRow).where(LedgerRow.id.in_(ids)).order_by(LedgerRow.id)):
            if row.reverses_id is not None:
                raise AlreadyReversedError
            moves.append(
                Move(
                    kind=row.kind,
                    municipality_code=row.municipality_code,
                    to_code=row.from_code or row.to_code,
                    happened_on=row.happened_on,
                    business_id=row.business_id,
                    programme_id=row.programme_id,
                    from_code=row.to_code,
                    reason=reason,
                    reverses_id=row.id,
                    subject_id=row.subject_id,
                )
            )
    return record(moves, user_id=user_id, import_id=import_id)
