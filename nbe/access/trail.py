"""The trail of reads, searches, exports and log-ins; written beside the request, never in its transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, has_request_context
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from nbe.access.viewers import current_viewer
from nbe.core import clock
from nbe.core.database import db, table_of, writing
from nbe.models import Trail

_INSERT = sa.insert(table_of(Trail))
log = structlog.get_logger()


def leave_trail(act: str, subject: str = "", subject_id: int | None = None, **detail: Any) -> None:
    """Note that somebody read, searched or exported; written when the answer has been made."""
    row = {
        "at": clock.real_now(),
        "user_id": current_viewer().user_id,
        "act": act,
        "subject": subject,
        "subject_id": subject_id,
        "detail": detail or None,
    }
    if has_request_context():
        g.setdefault("trail", []).append(row)
    else:
        _write([row])


def _write(rows: list[dict[str, Any]]) -> None:
    try:
        with db.engine.connect() as connection, _without_sync(connection), writing(), connection.begin():
            connection.execute(_INSERT, rows)
    except DBAPIError:
        log.error("trail_not_written", acts=[row["act"] for row in rows])


@contextmanager
def _without_sync(connection: Connection) -> Iterator[None]:
    """SQLite does not wait for the disk: the lines outlive the service, and a power cut may take the last few.

    A page that is only read would otherwise wait longer for its line than for everything else.
    """
    raw: Any = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
    if raw is not None:
        raw.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        if raw is not None:
            raw.execute("PRAGMA synchronous=FULL")


def init_trail(app: Flask) -> None:
    """Write what a request has noted, once its own transaction is over."""

    @app.after_request
    def write_trail(response: Response) -> Response:
        rows = g.pop("trail", None)
        if rows:
            _write(rows)
        return response
