"""What was told of one thing, row by row, for its own page: with reasons, who, and what was taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import LedgerReason, LedgerRow, User
from nbe.models.states import LedgerKind


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One row of the ledger, for a time line."""

    id: int
    day: dt.date
    from_code: str | None
    to_code: str
    detail: str | None
    note: str
    by: str
    is_undone: bool


def list_told(kind: LedgerKind, subject_id: int, standing: Collection[int]) -> list[ToldRow]:
    """All that was told of a thing, the latest first; what is not among the `standing` rows is marked."""
    statement = (
        sa.select(LedgerRow, sa.func.coalesce(LedgerReason.text, ""), sa.func.coalesce(User.name, ""))
        .outerjoin(LedgerReason, LedgerReason.ledger_id == LedgerRow.id)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(LedgerRow.kind == kind, LedgerRow.subject_id == subject_id, LedgerRow.reverses_id.is_(None))
        .order_by(LedgerRow.happened_on.desc(), LedgerRow.id.desc())
    )
    return [
        ToldRow(row.id, row.happened_on, row.from_code, row.to_code, row.detail, note, who, row.id not in standing)
        for row, note, who in db.session.execute(statement)
    ]
