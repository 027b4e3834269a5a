"""Many rows in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db, table_of


def insert_rows(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with Core."""
    if rows:
        db.session.connection().execute(sa.insert(table_of(model)), list(rows))


def insert_for_ids(model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows with Core; their ids, in order."""
    if not rows:
        return []
    table = table_of(model)
    statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.connection().scalars(statement, list(rows)))


def update_rows(model: Any, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Set columns of rows by id and count their version up; one statement per set of columns."""
    table = table_of(model)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, values in changes:
        if values:
            groups[tuple(sorted(values))].append({"row_id": row_id, **{f"new_{k}": v for k, v in values.items()}})
    for names, rows in groups.items():
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("row_id"))
            .values(
                {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
                | {"version": table.c.version + 1}
            )
        )
        db.session.connection().execute(statement, rows)
