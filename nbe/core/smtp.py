"""The mail server named by MAIL_URL: smtp://user:password@host:587 (STARTTLS where offered) or smtps://…"""

from __future__ import annotations

import smtplib
import ssl
from urllib.parse import unquote, urlsplit

from flask import current_app

from nbe.core.links import public_address

TIMEOUT = 15


def connect(url: str) -> smtplib.SMTP:
    """A connection ready for mail. Raises OSError or SMTPException.

    Where a password is to be sent, the server's certificate must be genuine.
    """
    parts = urlsplit(url)
    host, user = parts.hostname or "localhost", parts.username
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 0, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 0, timeout=TIMEOUT)
    try:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context() if user else None)
            server.ehlo()
        if user:
            server.login(unquote(user), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def sender() -> str:
    """Whom mail comes from: MAIL_FROM, or an address under the service's own name that nobody reads."""
    return current_app.config.get("MAIL_FROM") or f"NBE <no-reply@{public_host()}>"


def public_host() -> str:
    """The host name of the service, without a port."""
    return urlsplit(public_address("/")).hostname or "localhost"
