"""A form sent after its session ran out is kept, sealed, until the same person has signed in again.

The page that follows the log-in sends it on with the token it had, so that it counts once.
Files are not kept, nor anything with a password in it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, request, session
from sqlalchemy.exc import DBAPIError

from nbe.accounts.sessions import HELD_FOR, RanOut, hashed
from nbe.core import clock, csrf
from nbe.core.addresses import local_path
from nbe.core.database import db, table_of, writing
from nbe.models import HeldForm

KEY = "held"
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """A form as it was sent: where to, and its fields in order."""

    path: str
    fields: list[tuple[str, str]]


def _seal(token: str) -> Fernet:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = HKDF(hashes.SHA256(), 32, salt=token.encode(), info=b"held form").derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))


def _fields() -> list[tuple[str, str]]:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != csrf.FIELD]
    if not any(name == "once" for name, _ in fields):
        fields.append(("once", secrets.token_urlsafe(18)))
    return fields


def can_hold() -> bool:
    """Whether the request at hand is a form that may be kept."""
    fields = _fields()
    has_files = any(file.filename for file in request.files.values())
    has_password = any("password" in name or name == "current" for name, _ in fields)
    size = sum(len(name) + len(value) for name, value in fields)
    is_path = local_path(request.full_path.rstrip("?")) is not None and len(request.full_path) <= 500
    return request.method == "POST" and not has_files and not has_password and size <= LARGEST and is_path


def hold(ran_out: RanOut) -> bool:
    """Keep the request's form for the person whose session ran out; False when it cannot be kept."""
    if not can_hold():
        return False
    token = secrets.token_urlsafe(32)
    sealed = _seal(token).encrypt(json.dumps(_fields()).encode()).decode()
    row = {
        "token_hash": hashed(token),
        "user_id": ran_out.user_id,
        "path": request.full_path.rstrip("?"),
        "fields": [sealed],
        "created_at": clock.real_now(),
    }
    try:
        with writing(), db.engine.begin() as connection:
            connection.execute(sa.insert(table_of(HeldForm)), row)
    except DBAPIError:
        return False
    session[KEY] = token
    return True


def find_held(user_id: int | None) -> Held | None:
    """The form kept in this browser, if it is this user's and not too old."""
    token = session.get(KEY)
    if not token:
        return None
    row = db.session.get(HeldForm, hashed(token))
    if row is None or user_id is None or row.user_id != user_id:
        return None
    if clock.real_now() - row.created_at > HELD_FOR + dt.timedelta(minutes=30):
        return None
    try:
        fields = json.loads(_seal(token).decrypt(row.fields[0].encode()))
    except (InvalidToken, ValueError):
        return None
    return Held(row.path, [(name, value) for name, value in fields])
