"""Links for mails: signed, so that a person without an account can answer for himself alone; whole, with the host."""

from __future__ import annotations

import os
import uuid

from flask import current_app, has_request_context, request
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


def public_address(path: str) -> str:
    """A path with scheme and host, for a mail or a calendar.

    PUBLIC_URL decides; without it the host of the request, and outside one the first host the service answers to.
    """
    base = current_app.config.get("PUBLIC_URL")
    if not base and has_request_context():
        base = request.host_url
    if not base and current_app.config["IS_PRODUCTION"]:
        base = f"https://{current_app.config['TRUSTED_HOSTS'][0]}"
    return (base or f"http://127.0.0.1:{os.environ.get('PORT', '5000')}").rstrip("/") + path


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"link-{purpose}")
