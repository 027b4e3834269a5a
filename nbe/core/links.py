"""Signed links: what a mail carries, so that a person without an account can answer for himself alone."""

from __future__ import annotations

import uuid

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def new_key() -> str:
    """A key of 122 random bits, to be kept with the record; a new one makes the links sent before dead."""
    return str(uuid.uuid4())


def sign(purpose: str, key: str) -> str:
    """The token of a link for one purpose: the database alone does not make one, and none serves another purpose."""
    return str(_serializer(purpose).dumps(key))


def unsign(purpose: str, token: str) -> str | None:
    """The key in a token; None when it is not one of ours for this purpose."""
    try:
        key = _serializer(purpose).loads(token)
    except BadSignature:
        return None
    return key if isinstance(key, str) and len(key) <= 254 else None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"link-{purpose}")
