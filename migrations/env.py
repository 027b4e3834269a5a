"""Runs the migrations on SQLite and PostgreSQL.

SQLite changes a table by building it anew; with foreign keys on that would fire ON DELETE
rules on the rows that point at it, so they are off during the change and checked after it.
"""

from __future__ import annotations

from alembic import context
from flask import current_app

from nbe.core.database import Base, db, writing

migrate_options = current_app.extensions["migrate"].configure_args


def run() -> None:
    """Run the asked-for migrations, each step in a transaction of its own."""
    with db.engine.connect() as connection, writing():
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            **migrate_options,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows point at nothing after the migration: {broken[:5]}")
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run()
