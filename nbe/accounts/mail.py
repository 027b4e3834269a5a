"""Mail from the service: sent beside the request, so that an answer tells nothing by its time.

MAIL_URL: smtp://user:password@host:587 (STARTTLS where offered) or smtps://…; without it, no mail is sent.
"""

from __future__ import annotations

import smtplib
import threading
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from flask_security import MailUtil

log = structlog.get_logger()
TIMEOUT = 15


def deliver(url: str, message: EmailMessage) -> None:
    """Hand one message to the mail server; a failure is logged by its kind."""
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT) as server:
            if kind is smtplib.SMTP:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail_not_sent", kind=type(error).__name__)


def send(recipient: str, subject: str, body: str) -> bool:
    """Send a plain mail in a thread of its own; False where no mail server is connected."""
    url = current_app.config.get("MAIL_URL")
    if not url:
        return False
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = current_app.config.get("MAIL_FROM") or "NBE <no-reply@localhost>"
    message["To"] = recipient
    message.set_content(body)
    threading.Thread(target=deliver, args=(url, message), daemon=True).start()
    return True


class Mails(MailUtil):
    """Flask-Security's mails, sent our way."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send the text part."""
        send(str(recipient), str(subject), body or "")

    def validate(self, email: str) -> str:
        """The address in its normal form, without asking the network whether it exists."""
        return str(self.normalize(email))
