"""The table of sessions: opened, saved, ended, swept."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin, session_json_serializer
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from nbe.accounts.sessions.browsers import (
    CSRF_KEY,
    HELD_FOR,
    ID_KEY,
    IDLE,
    KEPT_FOR,
    RAN_OUT_KEY,
    ROLE_KEY,
    TOUCH_EVERY,
    USER_KEY,
    RanOut,
    ServerSession,
    hashed,
    longest,
    secret_of,
)
from nbe.core import clock
from nbe.core.database import PATIENCE, db, table_of, writing
from nbe.models import Attempt, HeldForm, LoginSession

log = structlog.get_logger()
_table = table_of(LoginSession)


@contextmanager
def _briefly(patience_ms: int) -> Iterator[Connection]:
    """A short transaction of its own that gives up instead of waiting for another writer."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw: Any = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute(f"PRAGMA busy_timeout={patience_ms}")
        try:
            with writing(), connection.begin():
                if not is_sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
                yield connection
        finally:
            if is_sqlite:
                raw.execute(f"PRAGMA busy_timeout={PATIENCE}")


class DatabaseSessions(SessionInterface):
    """Opens and saves sessions in `login_session`."""

    session_class = ServerSession

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of the cookie: one statement, none without a cookie."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token or len(token) > 100:
            return ServerSession()
        try:
            with db.engine.connect() as connection:
                row = connection.execute(sa.select(_table).where(_table.c.token_hash == hashed(token))).one_or_none()
        except (DBAPIError, PoolTimeoutError) as error:
            session = ServerSession()
            session.failure = error
            return session
        if row is None:
            session = ServerSession({CSRF_KEY: secret_of(token)})
            session.token = token
        elif row.ended_at is not None:
            session = ServerSession()
        else:
            session = self._of_row(row, token)
        session.cookie_seen = True
        return session

    def _of_row(self, row: Any, token: str) -> ServerSession:
        data: dict[str, Any] = session_json_serializer.loads(json.dumps(row.data))
        now = clock.real_now()
        ends_at = min(row.last_seen_at + IDLE, row.created_at + longest(data.get(ROLE_KEY)))
        if row.user_id is not None and now >= ends_at:
            session = ServerSession()
            session.ran_out = RanOut(row.user_id, data.get(CSRF_KEY, ""), ends_at)
        else:
            session = ServerSession(data)
            session.token = token
            session.is_stored = True
            session.last_seen_at = row.last_seen_at
            session.before = _without_flashes(data)
            if kept := data.get(RAN_OUT_KEY):
                session.ran_out = RanOut(kept[0], kept[1], dt.datetime.fromisoformat(kept[2]))
        if session.ran_out and not session.ran_out.is_recent(now):
            session.ran_out = None
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; a new token when somebody signed in or out."""
        if not isinstance(session, ServerSession) or session.failure is not None:
            return
        response.vary.add("Cookie")
        session.pop("fs_cc", None)  # Flask-Security's note about a cookie that is not used here
        if session.get(USER_KEY) != session.signed_in_as:
            self._end(session)
        if session.is_stored:
            if session.modified:
                self._update(session)
            else:
                self._touch(session)
        elif session and session.modified:
            self._begin(app, session, response)
        elif session.cookie_seen and not session and session.ran_out is None:
            response.delete_cookie(self.get_cookie_name(app), **self._cookie_marks(app))

    def _begin(self, app: Flask, session: ServerSession, response: Response) -> None:
        if session.ran_out and USER_KEY not in session:
            session[RAN_OUT_KEY] = session.ran_out.as_data()
        token = session.token or secrets.token_urlsafe(32)
        if set(session) != {CSRF_KEY} or session[CSRF_KEY] != secret_of(token):
            now = clock.real_now()
            row = {
                "token_hash": hashed(token),
                "user_id": session.get(ID_KEY) if USER_KEY in session else None,
                "data": _stored(session),
                "created_at": now,
                "last_seen_at": now,
                "ended_at": None,
            }
            with writing(), db.engine.begin() as connection:
                connection.execute(sa.insert(_table), row)
            session.is_stored = True
        session.token = token
        response.set_cookie(self.get_cookie_name(app), token, **self._cookie_marks(app))

    def _update(self, session: ServerSession) -> None:
        statement = (
            sa.update(_table)
            .where(_table.c.token_hash == hashed(session.token or ""), _table.c.ended_at.is_(None))
            .values(data=_stored(session), last_seen_at=clock.real_now())
        )
        if _without_flashes(session) == session.before:
            # Only a message was added or shown: not worth making anybody wait.
            self._try(statement, 250)
            return
        with writing(), db.engine.begin() as connection:
            connection.execute(statement)

    def _touch(self, session: ServerSession) -> None:
        now = clock.real_now()
        if session.last_seen_at is None or now - session.last_seen_at < TOUCH_EVERY:
            return
        self._try(
            sa.update(_table)
            .where(_table.c.token_hash == hashed(session.token or ""), _table.c.ended_at.is_(None))
            .values(last_seen_at=now),
            0,
        )

    def _try(self, statement: Any, patience_ms: int) -> None:
        try:
            with _briefly(patience_ms) as connection:
                connection.execute(statement)
        except (DBAPIError, PoolTimeoutError):
            log.info("session_not_touched")

    def _end(self, session: ServerSession) -> None:
        if session.is_stored:
            with writing(), db.engine.begin() as connection:
                connection.execute(
                    sa.update(_table)
                    .where(_table.c.token_hash == hashed(session.token or ""))
                    .values(ended_at=clock.real_now(), data={})
                )
        session.token = None
        session.is_stored = False

    def _cookie_marks(self, app: Flask) -> dict[str, Any]:
        return {"path": "/", "httponly": True, "secure": bool(app.config["IS_PRODUCTION"]), "samesite": "Lax"}


def _stored(session: ServerSession) -> dict[str, Any]:
    tagged: dict[str, Any] = json.loads(session_json_serializer.dumps(dict(session)))
    return tagged


def _without_flashes(data: Any) -> str:
    return str(session_json_serializer.dumps({key: value for key, value in data.items() if key != "_flashes"}))


def sweep() -> None:
    """Delete sessions, held forms and guesses that no longer matter; gives way to other writers."""
    now = clock.real_now()
    try:
        with _briefly(0) as connection:
            connection.execute(sa.delete(_table).where(_table.c.last_seen_at < now - KEPT_FOR))
            connection.execute(sa.delete(table_of(HeldForm)).where(HeldForm.created_at < now - HELD_FOR))
            connection.execute(sa.delete(table_of(Attempt)).where(Attempt.at < now - dt.timedelta(days=30)))
    except (DBAPIError, PoolTimeoutError):
        log.info("sweep_put_off")
