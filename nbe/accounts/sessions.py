"""Sessions kept in the database: the cookie holds a random token, the table its hash.

A signed-in session ends after 30 minutes without a request, and 12 hours (administrators: 8)
after the log-in whatever happens. Signing in or out gives a new token; the old one is dead.
Whoever is not signed in gets a row only when something must be remembered; the forgery secret
of such a browser is worked out from its cookie.

The time of the last request is noted at most once a minute, so a session can end up to a
minute sooner than 30 minutes after its last request, never later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Request, Response, current_app, request
from flask import session as current_session
from flask.sessions import SessionInterface, SessionMixin, session_json_serializer
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.datastructures import CallbackDict

from nbe.core import clock
from nbe.core.database import db, table_of, writing
from nbe.models import Attempt, HeldForm, LoginSession
from nbe.models.states import RoleName

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
LONGEST_ADMINISTRATOR = dt.timedelta(hours=8)
HELD_FOR = dt.timedelta(hours=4)
TOUCH_EVERY = dt.timedelta(minutes=1)
KEPT_FOR = dt.timedelta(days=2)

USER_KEY = "_user_id"
ID_KEY = "user"
CSRF_KEY = "csrf"
RAN_OUT_KEY = "ran_out"
ROLE_KEY = "role"

log = structlog.get_logger()
_table = table_of(LoginSession)


def longest(role: str | None) -> dt.timedelta:
    """How long a session of this role may last at most."""
    return LONGEST_ADMINISTRATOR if role == RoleName.ADMINISTRATOR else LONGEST


def hashed(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def secret_of(token: str) -> str:
    """The forgery secret that belongs to an unsigned-in browser's token."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"forgery:" + token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class RanOut:
    """Whose session ran out in this browser, and when; its forms can still be told from forged ones."""

    user_id: int
    csrf: str
    at: dt.datetime

    def is_recent(self, now: dt.datetime) -> bool:
        """Whether a form of that session is still taken."""
        return now - self.at <= HELD_FOR

    def as_data(self) -> list[Any]:
        """For the session's own store."""
        return [self.user_id, self.csrf, self.at.isoformat()]


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a request knows of its browser. `failure`: the database did not answer."""

    def __init__(self, initial: dict[str, Any] | None = None) -> None:
        def on_update(changed: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(initial or {}, on_update)
        self.modified = False
        self.accessed = True
        self.token: str | None = None
        self.cookie_seen = False
        self.signed_in_as: str | None = self.get(USER_KEY)
        self.last_seen_at: dt.datetime | None = None
        self.ran_out: RanOut | None = None
        self.failure: Exception | None = None
        self.is_stored = False
        self.before: str = ""

    def new_secret(self) -> str:
        """A forgery secret for somebody not signed in, worked out from a token that is new unless it is there."""
        self.token = self.token or secrets.token_urlsafe(32)
        return secret_of(self.token)

    @property
    def ran_out_secret(self) -> str:
        """The forgery secret of the session that ran out here, or ''."""
        return self.ran_out.csrf if self.ran_out else ""


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
                raw.execute("PRAGMA busy_timeout=5000")


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


def init_sessions(app: Flask) -> None:
    """Keep this app's sessions in the database."""
    app.config["SESSION_COOKIE_NAME"] = "__Host-nbe" if app.config["IS_PRODUCTION"] else "nbe"
    app.session_interface = DatabaseSessions()


def session_failure() -> None:
    """Stop a request whose session could not be read; the health pages answer all the same."""
    failure = getattr(current_session, "failure", None)
    if failure is not None and request.endpoint not in {"pages.healthz", "pages.readyz"}:
        raise failure
