"""What was said of the hours of one forløb, the latest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core.database import db
from nbe.models import LedgerAmount, LedgerRow, User
from nbe.models.states import HourTask, LedgerKind


@dataclass(frozen=True, slots=True)
class NormChange:
    """One saving of a programme's hours: by whom, when, the sums before and after, and what each task took then.

    `undo_with` names it to `undo_norm`; None where it is not the latest that stands.
    """

    moment: dt.datetime
    who: str
    before: Decimal
    after: Decimal
    tasks: dict[HourTask, Decimal]
    is_undo: bool
    is_undone: bool
    undo_with: int | None


def list_norm_changes(programme_id: int) -> list[NormChange]:
    """Every saving and undoing of a programme's hours. A saving is a row for each of the eleven; one tells it."""
    undo = aliased(LedgerRow)
    taken_back = sa.select(undo.id).where(undo.reverses_id == LedgerRow.id).exists()
    of_programme = (LedgerRow.kind == LedgerKind.NORM, LedgerRow.programme_id == programme_id)
    first = sa.select(sa.func.min(LedgerRow.municipality_code)).where(*of_programme).scalar_subquery()
    statement = (
        sa.select(LedgerRow, User.name, taken_back)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(*of_programme, LedgerRow.municipality_code == first)
        .order_by(LedgerRow.id.desc())
    )
    found = [(row, who or "", undone) for row, who, undone in db.session.execute(statement)]
    amounts = _amounts([row.id for row, _, _ in found])
    standing = [row.id for row, _, undone in found if row.reverses_id is None and not undone]
    return [
        NormChange(
            row.recorded_at,
            who,
            Decimal(row.from_code or "0"),
            Decimal(row.to_code),
            amounts.get(row.id, {}),
            row.reverses_id is not None,
            undone,
            row.id if standing[:1] == [row.id] else None,
        )
        for row, who, undone in found
    ]


def _amounts(ids: list[int]) -> dict[int, dict[HourTask, Decimal]]:
    statement = sa.select(LedgerAmount.ledger_id, LedgerAmount.key, LedgerAmount.amount)
    told: dict[int, dict[HourTask, Decimal]] = {}
    for row_id, key, amount in db.session.execute(statement.where(LedgerAmount.ledger_id.in_(ids))):
        told.setdefault(row_id, {})[HourTask(key.removeprefix("task:"))] = Decimal(amount).scaleb(-3)
    return told
