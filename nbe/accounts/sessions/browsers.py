"""What a request knows of its browser."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask import session as current_session
from flask.sessions import SessionMixin
from werkzeug.datastructures import CallbackDict

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


def longest(role: str | None) -> dt.timedelta:
    """How long a session of this role may last at most."""
    return LONGEST_ADMINISTRATOR if role == RoleName.ADMINISTRATOR else LONGEST


def limits_shown() -> dict[str, int]:
    """How long the session at hand lasts, for people to read: minutes without a request, hours in all."""
    return {
        "minutes": int(IDLE.total_seconds() // 60),
        "hours": int(longest(current_session.get(ROLE_KEY)).total_seconds() // 3600),
    }


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
