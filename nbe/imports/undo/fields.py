"""Changed fields as they were, where they still stand as the import left them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from nbe.access.changes import plain
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.imports.apply import insert_rows, update_rows
from nbe.models import Business, Candidacy, Change, Contact, business_texts, contact_texts
from nbe.models.states import Source

_ENTITIES: dict[str, Any] = {"business": Business, "contact": Contact, "candidacy": Candidacy}
_DATES = frozenset({"screening_on", "next_step_on"})


def _typed(name: str, value: Any) -> Any:
    if name in _DATES and value:
        return dt.date.fromisoformat(value)
    return Source(value) if name == "source" and value else value


def restore_fields(import_id: int, user_id: int | None) -> None:
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
