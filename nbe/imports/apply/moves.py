"""The ledger rows of an import, gathered to be recorded in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.decide import RowPlan
from nbe.ledger import Move
from nbe.models import Candidacy
from nbe.models.states import LedgerKind


def _is_relocated(row: RowPlan) -> bool:
    return row.unit is not None and "municipality_code" in row.business and not row.unit.row["is_hidden"]


class Moves:
    """The moves made so far."""

    def __init__(self, programme_id: int, today: dt.date) -> None:
        self.programme_id, self.today = programme_id, today
        self.made: list[Move] = []

    def add(
        self,
        row: RowPlan,
        business_id: int,
        kind: LedgerKind,
        from_code: Any,
        to_code: Any,
        happened_on: dt.date,
        detail: Any = None,
        programme_id: int | None = None,
    ) -> None:
        """One move of the business of a row."""
        self.made.append(
            Move(
                kind=kind,
                municipality_code=row.municipality_code,
                to_code=to_code.value,
                happened_on=happened_on,
                business_id=business_id,
                programme_id=None if kind is LedgerKind.MEMBERSHIP else programme_id or self.programme_id,
                from_code=from_code.value if from_code else None,
                detail=detail.value if detail else None,
            )
        )

    def relocate(self, row: RowPlan, record_: Mapping[str, Any] | None, kind: LedgerKind, column: str) -> None:
        """A business that moves to another municipality takes its standing along: one row from = to."""
        if record_ is None or record_["is_hidden"] or not _is_relocated(row):
            return
        day = max(self.today, record_["since_on" if kind is LedgerKind.MEMBERSHIP else "stage_since_on"])
        self.add(
            row,
            record_["business_id"],
            kind,
            record_[column],
            record_[column],
            day,
            record_.get("close_reason"),
            record_.get("programme_id"),
        )

    def relocate_candidacies(self, rows: Iterable[RowPlan]) -> None:
        """The candidacies of all years go along."""
        moved = {row.unit.id: row for row in rows if row.unit and _is_relocated(row)}
        for ids in chunks(moved):
            statement = sa.select(*table_of(Candidacy).columns).where(Candidacy.business_id.in_(ids))
            for candidacy in db.session.execute(statement.order_by(Candidacy.id)).mappings():
                self.relocate(moved[candidacy["business_id"]], dict(candidacy), LedgerKind.STAGE, "stage")
