"""Databases taken up and down the migrations, and all that is in them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from nbe.core.database import Base, db
from tests.conftest import build

ROOT = Path(__file__).parent.parent.parent
Rows = dict[str, list[dict[str, Any]]]
KILLED_AT = """
import os, signal, sqlalchemy as sa
from sqlalchemy.engine import Engine
from nbe import create_app
seen = 0
@sa.event.listens_for(Engine, "before_cursor_execute")
def count(conn, cursor, statement, *_):
    global seen
    if statement.lstrip().upper().startswith({changes}):
        seen += 1
        if seen == {stop}:
            os.kill(os.getpid(), signal.SIGKILL)
app = create_app(dict(SQLALCHEMY_DATABASE_URI={url!r}, MIGRATIONS_DIRECTORY={directory!r}, SECRET_KEY="x" * 40))
with app.app_context():
    import flask_migrate
    flask_migrate.upgrade()
"""
CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


def revisions(directory: Path = ROOT / "migrations") -> list[str]:
    """All steps, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(directory))
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@contextmanager
def at(url: str, directory: Path = ROOT / "migrations") -> Iterator[None]:
    """An app on this database, whatever its schema."""
    app = build(url, MIGRATIONS_DIRECTORY=str(directory))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def go(url: str, revision: str, directory: Path = ROOT / "migrations", *, down: bool = False) -> None:
    """Up, or down, to a step."""
    with at(url, directory):
        (flask_migrate.downgrade if down else flask_migrate.upgrade)(revision=revision)


def differences_from_models(url: str) -> list[Any]:
    """What alembic would still change, and the checks, triggers and names it does not look at."""
    from alembic.autogenerate import compare_metadata

    with at(url), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = list(compare_metadata(context, Base.metadata))
        inspector = sa.inspect(connection)
        for table in Base.metadata.sorted_tables:
            if not inspector.has_table(table.name):
                continue
            kept = {check["name"] for check in inspector.get_check_constraints(table.name)}
            wanted = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
            found += [("check", table.name, name) for name in kept ^ wanted]
            names = [inspector.get_pk_constraint(table.name), *inspector.get_foreign_keys(table.name)]
            found += [("name", table.name, key) for key in names if not re.match("(pk|fk)_", str(key["name"]))]
    return found


def all_rows(url: str) -> Rows:
    """Every row of every table but alembic's own, as plain values."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
                found[table.name] = [{**row} for row in rows]
    engine.dispose()
    return found


def things(url: str) -> set[tuple[str, ...]]:
    """Tables, indexes, triggers and functions by name."""
    engine = sa.create_engine(url)
    if url.startswith("sqlite"):
        statement = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    else:
        statement = (
            "SELECT 'relation', relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'type', typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
        )
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.exec_driver_sql(statement) if "alembic_version" not in row[1]}
    engine.dispose()
    return found


def changed_values(before: Rows, after: Rows) -> list[tuple[str, Any]]:
    """Where a value differs in a table and column that stayed."""
    found: list[tuple[str, Any]] = []
    for table in before.keys() & after.keys():
        if len(before[table]) != len(after[table]):
            found.append((table, (len(before[table]), len(after[table]))))
        for old, new in zip(before[table], after[table], strict=False):
            found += [
                (table, (name, old[name], new[name])) for name in old.keys() & new.keys() if old[name] != new[name]
            ]
    return found


def upgrade_killed_at(url: str, stop: int, directory: Path = ROOT / "migrations") -> bool:
    """Upgrade in a process that dies at its `stop`th change; -> whether it died."""
    code = KILLED_AT.format(url=url, directory=str(directory), stop=stop, changes=CHANGES)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0
