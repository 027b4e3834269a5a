"""The forgery check: every unsafe request carries a token of its own session, from our own pages.

The token is masked anew in each answer, so that compressing a page tells nothing about it.
Besides, a browser that says where a request comes from must name this host.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, abort, request, session

FIELD = "csrf_token"
HEADER = "X-CSRFToken"
_KEY = "csrf"
_LENGTH = 32


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def csrf_token() -> str:
    """A token for a form on the page being made."""
    if _KEY not in session:
        make = getattr(session, "new_secret", None)
        session[_KEY] = make() if make else secrets.token_hex(_LENGTH)
    mask = secrets.token_bytes(_LENGTH)
    return base64.urlsafe_b64encode(mask + _xor(mask, bytes.fromhex(session[_KEY]))).decode()


def token_matches(token: str, secret_hex: str) -> bool:
    """Whether a sent token belongs to the session with this secret."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
        secret = bytes.fromhex(secret_hex)
    except (ValueError, binascii.Error):
        return False
    if len(raw) != 2 * _LENGTH or len(secret) != _LENGTH:
        return False
    return hmac.compare_digest(_xor(raw[:_LENGTH], raw[_LENGTH:]), secret)


def sent_token() -> str:
    """The token this request carries, or ''."""
    return request.headers.get(HEADER) or request.form.get(FIELD, "")


def is_same_origin() -> bool:
    """Whether the browser's Origin (when it sends one) is this host."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def is_of_ended_session() -> bool:
    """Whether this comes from a page of the session that lately ran out in this browser."""
    secret = getattr(session, "ran_out_secret", "")
    return bool(secret) and is_same_origin() and token_matches(sent_token(), secret)


def is_genuine() -> bool:
    """Whether this unsafe request comes from a page of its own session."""
    return is_same_origin() and token_matches(sent_token(), session.get(_KEY, ""))


def let_in(app: Flask, endpoint: str, is_genuine_too: Callable[[], bool]) -> None:
    """Let requests to an endpoint in that are genuine in another way: by a signed address that a program was given."""
    app.extensions.setdefault("csrf_let_in", {})[endpoint] = is_genuine_too


def _is_let_in(app: Flask) -> bool:
    other = app.extensions.get("csrf_let_in", {}).get(request.endpoint)
    return other is not None and bool(other())


def init_csrf(app: Flask) -> None:
    """Check every unsafe request before anything else looks at it."""

    @app.before_request
    def check() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not is_genuine() and not _is_let_in(app):
            # Who was signed in when the page was opened is asked to sign in again, and goes on.
            abort(401 if is_of_ended_session() else 400)
