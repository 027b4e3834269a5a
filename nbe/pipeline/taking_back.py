"""What one act did to whole businesses, and taking it back: its moves, and the plain fields it changed.

An act (a merge, a cessation) changes its plain fields in one flush and records its moves at the same
moment. So the audit row of the field that marks the act tells which moves and changes belong to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import inspect
from sqlalchemy.orm import aliased

from nbe.access.changes import plain
from nbe.core.database import Base, db
from nbe.ledger import reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import NO_PROGRAMME, Row, effective
from nbe.models import (
    ActionPlan,
    Activity,
    Business,
    Candidacy,
    Change,
    Contact,
    FollowUp,
    LedgerRow,
    Measure,
    Membership,
    Screening,
)
from nbe.models.states import CloseReason, LedgerKind, MembershipState
from nbe.pipeline.actions import follow_ledger

_MODELS: tuple[type[Base], ...] = (
    Business, Contact, Activity, Candidacy, Screening, Measure, ActionPlan, FollowUp,
)  # fmt: skip


def moment_of(business_id: int, column: str) -> dt.datetime | None:
    """When this column of a business was last changed by a person, as the audit has it."""
    changes = db.session.scalars(
        sa.select(Change)
        .where(Change.entity == Business.__tablename__, Change.entity_id == business_id, Change.operation == "U")
        .order_by(Change.id.desc())
    )
    return next((change.at for change in changes if column in change.diff), None)


def last_days(business_ids: Sequence[int]) -> dict[tuple[int, int], dt.date]:
    """(business, programme) -> the day of the latest move that holds; programme 0 for the membership."""
    kinds = (LedgerKind.STAGE, LedgerKind.VERDICT, LedgerKind.MEMBERSHIP)
    return {
        (row.business_id, row.programme_id or NO_PROGRAMME): row.happened_on
        for row in _holding(business_ids)
        if row.kind in kinds
    }


def _holding(business_ids: Sequence[int]) -> list[Row]:
    return effective(rows_of(business_ids))


def take_back_moves(business_ids: Sequence[int], moment: dt.datetime, *, user_id: int | None) -> None:
    """Counter-rows for the moves of an act that nobody has taken back since; the records follow the ledger."""
    undo = aliased(LedgerRow)
    ids = db.session.scalars(
        sa.select(LedgerRow.id).where(
            LedgerRow.business_id.in_(business_ids),
            LedgerRow.recorded_at == moment,
            LedgerRow.reverses_id.is_(None),
            ~sa.select(undo.id).where(undo.reverses_id == LedgerRow.id).exists(),
        )
    ).all()
    reverse(ids, user_id=user_id)
    follow_businesses(business_ids)


def follow_businesses(business_ids: Sequence[int]) -> None:
    """Set every candidacy and membership to what the ledger says; what it knows nothing of is hidden."""
    holding = _holding(business_ids)
    stages = {(row.business_id, row.programme_id) for row in holding if row.kind == LedgerKind.STAGE}
    for candidacy in db.session.scalars(sa.select(Candidacy).where(Candidacy.business_id.in_(business_ids))):
        candidacy.is_hidden = (candidacy.business_id, candidacy.programme_id) not in stages
        follow_ledger(candidacy)
    moves: dict[int, list[Row]] = {}
    for row in holding:
        if row.kind == LedgerKind.MEMBERSHIP:
            moves.setdefault(row.business_id, []).append(row)
    for membership in db.session.scalars(sa.select(Membership).where(Membership.business_id.in_(business_ids))):
        _follow_membership(membership, moves.get(membership.business_id, []))
    db.session.flush()


def _follow_membership(membership: Membership, rows: Sequence[Row]) -> None:
    """A membership that gave way in a merge is hidden: the business it went into has it."""
    membership.is_hidden = not rows or rows[-1].detail == CloseReason.MERGED
    if rows:
        last = rows[-1]
        entered = next(row for i, row in enumerate(rows) if all(later.to_code == last.to_code for later in rows[i:]))
        membership.state = MembershipState(last.to_code)
        membership.since_on = entered.happened_on


def changes_at(business_ids: Iterable[int], moment: dt.datetime) -> list[Change]:
    """What an act changed in plain fields, the last first."""
    return list(
        db.session.scalars(
            sa.select(Change)
            .where(Change.at == moment, Change.business_id.in_(business_ids), Change.import_id.is_(None))
            .order_by(Change.id.desc())
        )
    )


def restorable(change: Change) -> tuple[Base, dict[str, Any]] | None:
    """The record of a change, and the fields that still stand as it left them, with their values before."""
    model = next((m for m in _MODELS if m.__tablename__ == change.entity), None)
    row = db.session.get(model, change.entity_id) if model is not None and change.operation == "U" else None
    if row is None:
        return None
    back = {
        name: _typed(type(row), name, old)
        for name, (old, new) in change.diff.items()
        if plain(getattr(row, name)) == new and name != "is_hidden"
    }
    return row, back


def _typed(model: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = inspect(model).column_attrs[name].columns[0].type
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(value)
    return kind.enum_class(value) if isinstance(kind, sa.Enum) and kind.enum_class else value
