"""Sessions kept in the database: the cookie holds a random token, the table its hash.

A signed-in session ends after 30 minutes without a request, and 12 hours (administrators: 8)
after the log-in whatever happens. Signing in or out gives a new token; the old one is dead.
Whoever is not signed in gets a row only when something must be remembered; the forgery secret
of such a browser is worked out from its cookie.

The time of the last request is noted at most once a minute, so a session can end up to a
minute sooner than 30 minutes after its last request, never later.
"""

from __future__ import annotations

from flask import Flask, request
from flask import session as current_session

from nbe.accounts.sessions.browsers import CSRF_KEY, HELD_FOR, ID_KEY, ROLE_KEY, USER_KEY, RanOut, hashed, limits_shown
from nbe.accounts.sessions.store import DatabaseSessions, sweep


def init_sessions(app: Flask) -> None:
    """Keep this app's sessions in the database."""
    app.config["SESSION_COOKIE_NAME"] = "__Host-nbe" if app.config["IS_PRODUCTION"] else "nbe"
    app.session_interface = DatabaseSessions()


def session_failure() -> None:
    """Stop a request whose session could not be read; the health pages answer all the same."""
    failure = getattr(current_session, "failure", None)
    if failure is not None and request.endpoint not in {"pages.healthz", "pages.readyz"}:
        raise failure


__all__ = [
    "CSRF_KEY",
    "HELD_FOR",
    "ID_KEY",
    "ROLE_KEY",
    "USER_KEY",
    "RanOut",
    "hashed",
    "init_sessions",
    "limits_shown",
    "session_failure",
    "sweep",
]
