"""Handing messages to the mail server, step by step, so that each failure says what it means for the mail."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from nbe.core.smtp import connect

PATIENCE_FOR_ANSWER = 60  # seconds: the receiving side may look the mail through before it answers


class UnreachableError(Exception):
    """No mail has been handed over, and the next would not be either. `code` says why."""

    def __init__(self, code: str, answer: str = "") -> None:
        super().__init__(answer)
        self.code, self.answer = code, answer


class RefusedError(Exception):
    """The server said no to this mail: for good (500 and up), or for now."""

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(answer)
        self.status, self.answer = status, f"{status} {answer}"


class UnsureError(Exception):
    """The text was handed over, and no answer came."""


class BadAddressError(Exception):
    """The address cannot be written as this server takes it."""


class Server:
    """A connection that is kept from mail to mail; use as a context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()

    def hand_over(self, message: EmailMessage, sender: str, to: str, about_to: Callable[[], bool]) -> bool:
        """Hand one message over; False when `about_to`, asked just before its text goes, said no.

        Raises UnreachableError and RefusedError where the mail has surely not gone, UnsureError where it may have.
        """
        smtp = self._ready()
        try:
            address, is_wide = _written(to, smtp.has_extn("smtputf8"))
            options = ["SMTPUTF8", "BODY=8BITMIME"] if is_wide else []
            _expect(smtp.mail(sender, options), 250)
            _expect(smtp.rcpt(address), 250, 251)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            raise UnreachableError("unreachable", str(error)) from error
        except (RefusedError, BadAddressError):
            self._reset()
            raise
        if not about_to():
            self._reset()
            return False
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(PATIENCE_FOR_ANSWER)
            _expect(smtp.data(message.as_bytes(policy=SMTPUTF8 if is_wide else SMTP)), 250)
        except smtplib.SMTPDataError as error:
            self._reset()
            raise RefusedError(error.smtp_code, _text(error.smtp_error)) from error
        except RefusedError:
            self._reset()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise UnsureError(str(error)) from error
        return True

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = connect(self._url)
            except smtplib.SMTPAuthenticationError as error:
                raise UnreachableError("login", f"{error.smtp_code} {_text(error.smtp_error)}") from error
            except (OSError, smtplib.SMTPException) as error:
                raise UnreachableError("unreachable", str(error)) from error
        return self._smtp

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _expect(reply: tuple[int, bytes], *good: int) -> None:
    if reply[0] not in good:
        if reply[0] == -1:
            raise smtplib.SMTPServerDisconnected("closed")
        raise RefusedError(reply[0], _text(reply[1]))


def _written(address: str, takes_wide: bool) -> tuple[str, bool]:
    """The address with an ASCII domain, and whether its first part needs SMTPUTF8."""
    local, _sep, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise BadAddressError(address) from error
    if local.isascii():
        return plain, False
    if not takes_wide:
        raise BadAddressError(address)
    return plain, True


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
