"""Mail from the service: sent beside the request, so that an answer tells nothing by its time.

Without MAIL_URL, no mail is sent. These mails open an account, so their words are never written down: neither in the
database, where the outbox would show them to others, nor in the log. What is lost is asked for again.
"""

from __future__ import annotations

import smtplib
import threading
from email.message import EmailMessage
from typing import Any

import structlog
from flask import current_app
from flask_security import MailUtil

from nbe.core.smtp import connect, sender

log = structlog.get_logger()


def deliver(url: str, message: EmailMessage) -> None:
    """Hand one message to the mail server; a failure is logged by its kind."""
    try:
        with connect(url) as server:
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
    message["From"] = sender()
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
        sender: Any,  # ours is MAIL_FROM
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send the text part."""
        send(str(recipient), str(subject), body or "")

    def validate(self, email: str) -> str:
        """The address in its normal form, without asking the network whether it exists."""
        return str(self.normalize(email))
