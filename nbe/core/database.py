"""The database: base class, types, SQLite and PostgreSQL behaviour, and the upgrade to the newest schema.

SQLite runs in WAL mode with foreign keys on and full synchronisation; a transaction that
is going to write says so with `writing()`, so that it takes the write lock at its start
and two writers queue up instead of failing half-way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, registry

from nbe.core.columns import Scaled, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        type_annotation_map={dt.datetime: UtcDateTime(), dict[str, Any]: sa.JSON(), list[Any]: sa.JSON()},
    )


db = SQLAlchemy(model_class=Base)


def _render_item(type_: str, obj: Any, autogen_context: Any) -> str | bool:
    if type_ == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if type_ == "type" and isinstance(obj, Scaled):
        return "sa.BigInteger()"
    return False


def _is_ours(found: Any, name: str | None, type_: str, is_reflected: bool, compared: Any) -> bool:
    """Whether migrations look at a table: the queue of background jobs makes its own."""
    return not (type_ == "table" and (name or "").startswith("huey_"))


migrate = Migrate(render_as_batch=True, compare_type=True, render_item=_render_item, include_object=_is_ours)

PATIENCE = 10_000  # milliseconds that a change waits for another one, before it says "try again"
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_patience: ContextVar[int] = ContextVar("patience", default=PATIENCE)


@contextmanager
def writing(patience: int = PATIENCE) -> Iterator[None]:
    """Transactions begun inside take the write lock at once (SQLite), waiting `patience` milliseconds for it."""
    token, waiting = _writing.set(True), _patience.set(patience)
    try:
        yield
    finally:
        _writing.reset(token)
        _patience.reset(waiting)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read: a connection of its own within a change must not ask for its lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def set_writing(value: bool) -> None:
    """Say for the rest of this context whether transactions are going to write."""
    _writing.set(value)


@event.listens_for(Engine, "connect")
def _on_connect(dbapi_connection: Any, record: Any) -> None:
    if type(dbapi_connection).__module__.startswith("sqlite3"):
        dbapi_connection.isolation_level = None  # BEGIN is ours, below
        cursor = dbapi_connection.cursor()
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            f"busy_timeout={PATIENCE}",
            "synchronous=FULL",
            "temp_store=MEMORY",
            "cache_size=-32000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    patience = _patience.get() if _writing.get() else PATIENCE
    if patience == PATIENCE:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")


class ReadOnlyError(RuntimeError):
    """Something tried to change rows in a request that only reads."""


@event.listens_for(Session, "before_flush")
def _guard_flush(session: Session, *_: Any) -> None:
    if not session.info.get("read_only"):
        return
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise ReadOnlyError("a request that only reads tried to write")


@event.listens_for(Session, "do_orm_execute")
def _guard_execute(state: Any) -> None:
    if state.session.info.get("read_only") and (state.is_insert or state.is_update or state.is_delete):
        raise ReadOnlyError("a request that only reads tried to write")


def engine_options(uri: str) -> dict[str, Any]:
    """Time limits and pool for a database address, so that a hanging server cannot hang a page."""
    if uri.startswith("postgresql"):
        return {
            "pool_pre_ping": True,
            "pool_timeout": 8,
            "connect_args": {
                "connect_timeout": 5,
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 10_000,
                "options": "-c statement_timeout=10000 -c lock_timeout=8000 -c timezone=UTC",
            },
        }
    return {"connect_args": {"timeout": 10}}


def init_database(app: Flask) -> None:
    """Connect the app to its database and its migrations."""
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(uri))
    db.init_app(app)
    migrate.init_app(app, db, directory=app.config["MIGRATIONS_DIRECTORY"])


def upgrade_schema(revision: str = "head") -> None:
    """Bring the schema up to `revision`; needs an app context."""
    import flask_migrate

    flask_migrate.upgrade(revision=revision)


def schema_is_current() -> bool:
    """Whether the database stands at the newest migration."""
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from flask import current_app

    config = Config()
    config.set_main_option("script_location", str(current_app.config["MIGRATIONS_DIRECTORY"]))
    heads = set(ScriptDirectory.from_config(config).get_heads())
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model, for statements that do without its objects."""
    return cast(sa.Table, model.__table__)


def upsert(table: sa.Table) -> Any:
    """An INSERT of the running dialect that knows `on_conflict_do_update/nothing`."""
    if db.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert as pg_insert

    return pg_insert(table)
