"""Taking a whole import back: counter-moves, created rows hidden, changed fields as they were.

A field that somebody has changed since stays as it is now. A second import of the same file
brings everything back.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.access.changes import plain
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.apply import insert_rows, update_rows
from nbe.ledger import reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import Row, effective
from nbe.models import (
    Business,
    Candidacy,
    Change,
    Contact,
    ImportMark,
    ImportRow,
    ImportRun,
    LedgerRow,
    Membership,
    business_texts,
    contact_texts,
)
from nbe.models.states import CloseReason, ImportState, LedgerKind, MembershipState, RowOutcome, Source, Stage, Verdict

_ENTITIES: dict[str, Any] = {"business": Business, "contact": Contact, "candidacy": Candidacy}
_DATES = frozenset({"screening_on", "next_step_on"})


def undo_import(run: ImportRun, *, user_id: int | None) -> None:
    """Take `run` back in the caller's transaction. The run must be applied."""
    db.session.flush()
    rows = db.session.execute(
        sa.select(ImportRow.business_id, ImportRow.outcome).where(
            ImportRow.import_id == run.id, ImportRow.business_id.is_not(None)
        )
    ).all()
    outcomes = {business_id: outcome for business_id, outcome in rows if business_id is not None}
    # A row that changed nothing leaves the mark of the import before it.
    changed = sorted(business_id for business_id, outcome in outcomes.items() if outcome is not RowOutcome.UNCHANGED)
    created = {business_id for business_id, outcome in outcomes.items() if outcome is RowOutcome.CREATED}
    candidacies, memberships = _begun(run.id)
    _reverse_moves(run.id, created, candidacies, memberships, user_id)
    _hide(created, candidacies, memberships)
    _restore_fields(run.id, user_id)
    _restore_standing(run.id, created, candidacies, memberships)
    for ids in chunks(changed):
        db.session.execute(
            sa.delete(ImportMark).where(
                ImportMark.business_id.in_(ids), ImportMark.programme_id == (run.programme_id or 0)
            )
        )
    run.state = ImportState.UNDONE
    run.undone_at = clock.now()
    run.content = None
    db.session.flush()
    db.session.expire_all()


def _begun(import_id: int) -> tuple[set[tuple[int, int]], set[int]]:
    """The candidacies (business, programme) and memberships (business) that began with this import."""
    statement = sa.select(LedgerRow.kind, LedgerRow.business_id, LedgerRow.programme_id).where(
        LedgerRow.import_id == import_id,
        LedgerRow.from_code.is_(None),
        LedgerRow.reverses_id.is_(None),
        LedgerRow.kind.in_([LedgerKind.STAGE, LedgerKind.MEMBERSHIP]),
    )
    candidacies: set[tuple[int, int]] = set()
    memberships: set[int] = set()
    for kind, business_id, programme_id in db.session.execute(statement):
        if business_id is None:  # targets alone are of no business
            continue
        if kind is LedgerKind.STAGE and programme_id is not None:
            candidacies.add((business_id, programme_id))
        elif kind is LedgerKind.MEMBERSHIP:
            memberships.add(business_id)
    return candidacies, memberships


def _reverse_moves(
    import_id: int, created: set[int], candidacies: set[tuple[int, int]], memberships: set[int], user_id: int | None
) -> None:
    """Counter-moves for what the import wrote, and for everything since on what it began."""
    undo = aliased(LedgerRow)
    open_rows = sa.select(LedgerRow.id, LedgerRow.kind, LedgerRow.business_id, LedgerRow.programme_id).where(
        LedgerRow.reverses_id.is_(None), ~sa.select(undo.id).where(undo.reverses_id == LedgerRow.id).exists()
    )
    ids = {row.id for row in db.session.execute(open_rows.where(LedgerRow.import_id == import_id))}
    for businesses in chunks(sorted(created | memberships | {business for business, _ in candidacies})):
        for row in db.session.execute(open_rows.where(LedgerRow.business_id.in_(businesses))):
            is_begun = (
                row.business_id in memberships
                if row.kind is LedgerKind.MEMBERSHIP
                else (row.business_id, row.programme_id) in candidacies
            )
            if is_begun or row.business_id in created:
                ids.add(row.id)
    reverse(sorted(ids), user_id=user_id)


def _hide(created: set[int], candidacies: set[tuple[int, int]], memberships: set[int]) -> None:
    hidden = {"is_hidden": True}
    update_rows(Business, [(business_id, hidden) for business_id in sorted(created)])
    for model, begun in ((Candidacy, {business for business, _ in candidacies}), (Membership, memberships)):
        found: list[tuple[int, Mapping[str, Any]]] = []
        table = table_of(model)
        for ids in chunks(sorted(created | begun)):
            for row in db.session.execute(sa.select(table).where(table.c.business_id.in_(ids))).mappings():
                is_begun = row["business_id"] in created or (
                    row["business_id"] in begun
                    if model is Membership
                    else (row["business_id"], row["programme_id"]) in candidacies
                )
                if is_begun:
                    found.append((row["id"], hidden))
        update_rows(model, found)


def _typed(name: str, value: Any) -> Any:
    if name in _DATES and value:
        return dt.date.fromisoformat(value)
    return Source(value) if name == "source" and value else value


def _restore_fields(import_id: int, user_id: int | None) -> None:
    """Changed fields go back where they still stand as the import left them; added contacts are hidden."""
    moment = clock.now()
    by_entity: dict[str, list[Change]] = defaultdict(list)
    for change in db.session.scalars(sa.select(Change).where(Change.import_id == import_id).order_by(Change.id.desc())):
        by_entity[change.entity].append(change)
    written: list[dict[str, Any]] = []
    for entity, changes in by_entity.items():
        model = _ENTITIES.get(entity)
        if model is None:
            continue
        current = _current(model, {change.entity_id for change in changes})
        updates: list[tuple[int, Mapping[str, Any]]] = []
        for change in changes:
            row = current.get(change.entity_id)
            if row is None:
                continue
            if change.operation == "I":
                back: dict[str, Any] = {"is_hidden": True}
            else:
                back = {
                    name: _typed(name, old)
                    for name, (old, new) in change.diff.items()
                    if name != "is_hidden" and plain(row[name]) == new
                }
            if not back:
                continue
            written.append(
                {
                    "at": moment,
                    "user_id": user_id,
                    "entity": entity,
                    "entity_id": change.entity_id,
                    "business_id": change.business_id,
                    "municipality_code": change.municipality_code,
                    "import_id": None,
                    "operation": "U",
                    "version": row["version"] + 1,
                    "diff": {name: [plain(row[name]), plain(value)] for name, value in back.items()},
                }
            )
            updates.append((change.entity_id, {**back, **_texts(model, {**row, **back})}))
        update_rows(model, updates)
    insert_rows(Change, written)


def _current(model: Any, ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    table = table_of(model)
    found: dict[int, Mapping[str, Any]] = {}
    for part in chunks(sorted(ids)):
        for row in db.session.execute(sa.select(table).where(table.c.id.in_(part))).mappings():
            found[row["id"]] = dict(row)
    return found


def _texts(model: Any, row: Mapping[str, Any]) -> dict[str, str]:
    if model is Business:
        return business_texts(row["name"], row["cvr"], row["p_number"], row["town"], row["phone"])
    return contact_texts(row["name"], row["email"], row["phone"]) if model is Contact else {}


def _restore_standing(
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
