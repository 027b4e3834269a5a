"""How often somebody may try: counted in the database, so that every worker counts the same.

Only tries that were judged are counted; a refused one is not, so the way is open again once
the oldest of them is past the window. What is counted (an account, an address) is kept hashed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, has_request_context
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import TooManyRequests

from nbe.core import clock
from nbe.core.database import db, table_of, writing
from nbe.models import Attempt

_table = table_of(Attempt)


def hashed_key(kind: str, key: str) -> str:
    """What the table keeps of an account or address."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()


def _serialise(connection: Connection, key: str) -> None:
    if connection.dialect.name == "postgresql":
        number = int(key[:15], 16)
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


def _state(connection: Connection, kind: str, key: str, allowed: int, window: dt.timedelta) -> tuple[int, int]:
    """How many tries stand in the window, and the seconds until one more is allowed (0: now)."""
    now = clock.real_now()
    moments = connection.execute(
        sa.select(_table.c.at)
        .where(_table.c.kind == kind, _table.c.key == key, _table.c.at > now - window)
        .order_by(_table.c.at.desc())
        .limit(allowed)
    ).scalars()
    found = list(moments)
    if len(found) < allowed:
        return len(found), 0
    return len(found), max(1, int((found[-1] + window - now).total_seconds()) + 1)


def refuse(seconds: int) -> None:
    """Answer 429 with how long to wait."""
    raise TooManyRequests(retry_after=seconds)


def count_tries(keys: list[tuple[str, str]], allowed: int, seconds: int) -> int:
    """Count one try for each (kind, key) in one transaction; the highest count before it.

    Raises TooManyRequests, counting nothing, when one of them has used up its tries. Not for
    use inside a change: it waits for the write lock.
    """
    window = dt.timedelta(seconds=seconds)
    hashes = sorted((kind, hashed_key(kind, key)) for kind, key in keys)
    now = clock.real_now()
    with writing(), db.engine.begin() as connection:
        states = []
        for kind, key in hashes:
            _serialise(connection, key)
            states.append(_state(connection, kind, key, allowed, window))
        wait = max(wait for _, wait in states)
        if not wait:
            connection.execute(sa.insert(_table), [{"kind": kind, "key": key, "at": now} for kind, key in hashes])
    if wait:
        refuse(wait)
    return max(count for count, _ in states)


def forget_tries(keys: list[tuple[str, str]], *, latest_only: tuple[str, ...] = ()) -> None:
    """Take tries back after a success: all of a key's, or only the latest for kinds in `latest_only`."""
    with writing(), db.engine.begin() as connection:
        for kind, key in keys:
            same = sa.and_(_table.c.kind == kind, _table.c.key == hashed_key(kind, key))
            if kind in latest_only:
                latest = sa.select(sa.func.max(_table.c.id)).where(same).scalar_subquery()
                connection.execute(sa.delete(_table).where(_table.c.id == latest))
            else:
                connection.execute(sa.delete(_table).where(same))


def note(kind: str, key: str) -> None:
    """Remember that something happened to a key (a log-in from a known place)."""
    with writing(), db.engine.begin() as connection:
        connection.execute(sa.insert(_table), {"kind": kind, "key": hashed_key(kind, key), "at": clock.real_now()})


def was_noted(kind: str, key: str, within: dt.timedelta) -> bool:
    """Whether `note` was said of this key lately."""
    with db.engine.connect() as connection:
        found = connection.execute(
            sa.select(_table.c.id)
            .where(
                _table.c.kind == kind,
                _table.c.key == hashed_key(kind, key),
                _table.c.at > clock.real_now() - within,
            )
            .limit(1)
        ).scalar()
    return found is not None


def limit(kind: str, key: object, allowed: int, seconds: int) -> None:
    """Let a look-up through at most `allowed` times in `seconds`: `limit("cvr_lookup", viewer.user_id, 20, 3600)`.

    Raises TooManyRequests (429 with Retry-After). May stand inside a change or a read: the try is
    then written when the answer has been made.
    """
    if not has_request_context():
        count_tries([(kind, str(key))], allowed, seconds)
        return
    hash_ = hashed_key(kind, str(key))
    _, wait = _state(db.session.connection(), kind, hash_, allowed, dt.timedelta(seconds=seconds))
    if wait:
        refuse(wait)
    g.setdefault("tries", []).append({"kind": kind, "key": hash_, "at": clock.real_now()})


def require_left(kind: str, key: object, allowed: int, seconds: int) -> None:
    """Raise TooManyRequests when the tries of `limit` are used up, counting nothing.

    Asked before every look-up: were only the counted ones refused, the refusal itself would tell.
    """
    _, wait = _state(db.session.connection(), kind, hashed_key(kind, str(key)), allowed, dt.timedelta(seconds=seconds))
    if wait:
        refuse(wait)


def init_limits(app: Flask) -> None:
    """Write the look-ups of a request once its own transaction is over."""

    @app.after_request
    def write_tries(response: Response) -> Response:
        rows = g.pop("tries", None)
        if rows:
            try:
                with writing(), db.engine.begin() as connection:
                    connection.execute(sa.insert(_table), rows)
            except DBAPIError:
                current_app.logger.error("tries not written")
        return response
