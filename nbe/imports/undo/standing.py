"""Stage, verdict and membership of what an import only moved, as the rows say that still hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.apply import update_rows
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import Row, effective
from nbe.models import Candidacy, LedgerRow, Membership
from nbe.models.states import CloseReason, LedgerKind, MembershipState, Stage, Verdict


def restore_standing(
    import_id: int, created: set[int], candidacies: set[tuple[int, int]], memberships: set[int]
) -> None:
    """Stage, verdict and membership of what was only moved follow from the rows that still hold."""
    moved = db.session.scalars(
        sa.select(LedgerRow.business_id)
        .where(LedgerRow.import_id == import_id, LedgerRow.business_id.is_not(None))
        .distinct()
    )
    for ids in chunks(sorted({i for i in moved if i is not None} - created)):
        standing: dict[tuple[str, int, int | None], Row] = {}
        for row in effective(rows_of(ids)):
            standing[(row.kind, row.business_id, row.programme_id)] = row
        _restore_candidacies(ids, standing, candidacies)
        updates: list[tuple[int, Mapping[str, Any]]] = []
        for held in db.session.execute(
            sa.select(table_of(Membership)).where(table_of(Membership).c.business_id.in_(ids))
        ).mappings():
            last = standing.get((LedgerKind.MEMBERSHIP, held["business_id"], None))
            if last is None or held["business_id"] in memberships:
                continue
            if held["state"] != last.to_code or held["since_on"] != last.happened_on:
                updates.append((held["id"], {"state": MembershipState(last.to_code), "since_on": last.happened_on}))
        update_rows(Membership, updates)


def _restore_candidacies(
    ids: list[int], standing: Mapping[tuple[str, int, int | None], Row], begun: set[tuple[int, int]]
) -> None:
    table = table_of(Candidacy)
    updates: list[tuple[int, Mapping[str, Any]]] = []
    for held in db.session.execute(sa.select(table).where(table.c.business_id.in_(ids))).mappings():
        place = (held["business_id"], held["programme_id"])
        stage = standing.get((LedgerKind.STAGE, *place))
        if stage is None or place in begun:
            continue
        verdict = standing.get((LedgerKind.VERDICT, *place))
        values: dict[str, Any] = {
            "stage": Stage(stage.to_code),
            "stage_since_on": stage.happened_on,
            "close_reason": CloseReason(stage.detail or "unknown") if stage.to_code == Stage.CLOSED else None,
            "verdict": Verdict(verdict.to_code) if verdict else None,
            "verdict_on": verdict.happened_on if verdict else None,
        }
        if values["close_reason"] is not CloseReason.POSTPONED:
            values["postponed_to_year"] = None
        changed = {name: value for name, value in values.items() if held[name] != value}
        if changed:
            updates.append((held["id"], {**values}))
    update_rows(Candidacy, updates)
