"""The ledger only grows: the database itself refuses everything else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import LedgerRow
from nbe.models.states import Stage
from tests.builders import make_business, make_candidacy

CHANGES = {
    "update": "UPDATE ledger SET to_code = 'screened'",
    "update nothing new": "UPDATE ledger SET to_code = to_code WHERE id = (SELECT min(id) FROM ledger)",
    "delete": "DELETE FROM ledger",
    "delete one": "DELETE FROM ledger WHERE id = (SELECT min(id) FROM ledger)",
}
COLUMNS = ", ".join(column.name for column in LedgerRow.__table__.columns)
CHANGES_SQLITE = {
    "replace": f"REPLACE INTO ledger ({COLUMNS}) SELECT {COLUMNS} FROM ledger",
    "update or replace": "UPDATE OR REPLACE ledger SET id = 1",
    "upsert": f"INSERT INTO ledger ({COLUMNS}) SELECT {COLUMNS} FROM ledger WHERE true "
    "ON CONFLICT (id) DO UPDATE SET to_code = 'screened'",
}
CHANGES_POSTGRESQL = {
    "truncate": "TRUNCATE ledger CASCADE",
    "upsert": f"INSERT INTO ledger ({COLUMNS}) SELECT {COLUMNS} FROM ledger "
    "ON CONFLICT (id) DO UPDATE SET to_code = 'screened'",
    "merge": "MERGE INTO ledger l USING (SELECT id FROM ledger) m ON l.id = m.id WHEN MATCHED THEN DELETE",
}


def rows() -> list[tuple]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(LedgerRow.__table__))]


def test_the_database_refuses_to_change_or_delete(app: Flask) -> None:
    for stage in (Stage.CONTACTED, Stage.SUITABLE):
        make_candidacy(make_business(), stage)
    before = rows()
    assert len(before) == 2
    is_sqlite = db.engine.dialect.name == "sqlite"
    for name, statement in {**CHANGES, **(CHANGES_SQLITE if is_sqlite else CHANGES_POSTGRESQL)}.items():
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert rows() == before, name
    make_candidacy(make_business(), Stage.LONGLIST)
    assert len(rows()) == 3


def test_a_row_is_taken_back_once_at_most(app: Flask) -> None:
    """Two who undo the same move at once: the database lets one through."""
    make_candidacy(make_business(), Stage.CONTACTED)
    (row,) = rows()
    names = [column.name for column in LedgerRow.__table__.columns]
    undo = {**dict(zip(names, row, strict=True)), "reverses_id": row[0]}
    undo.pop("id")
    table = LedgerRow.__table__
    with db.engine.begin() as connection:
        connection.execute(sa.insert(table), undo)
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.insert(table), undo)
    assert len(rows()) == 2
