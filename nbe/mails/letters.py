"""A mail as it goes out: plain text and HTML of the same words, and the head."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from nbe.core import clock
from nbe.core.links import public_address, sign
from nbe.core.smtp import public_host, sender
from nbe.mails.rules import one_line
from nbe.models import Mail

UNSUBSCRIBE = "unsubscribe"
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with the address it goes to."""

    message: EmailMessage
    to: str


def unsubscribe_address(mail: Mail) -> str:
    """The signed address on which the receiver of this mail wants no more; it holds no mail address itself."""
    return public_address(f"/frameld/{sign(UNSUBSCRIBE, str(mail.id))}")


def build(mail: Mail, *, is_service: bool, reply_to: str = "") -> Letter:
    """The message to one person, in Danish; one that is not a service message says how to get no more.

    It comes from the service; an answer goes to `reply_to`, a person's mail address.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(mail.subject)
    message["From"] = sender()
    message["To"] = _address(one_line(mail.name), one_line(mail.email))
    if reply_to:
        message["Reply-To"] = _address("", one_line(reply_to))
    message["Date"] = format_datetime(clock.real_now())
    message["Message-ID"] = message_id(mail.key)
    message["Auto-Submitted"] = "auto-generated"
    text = whole_text(mail, is_service=is_service)
    if not is_service:
        message["List-Unsubscribe"] = f"<{unsubscribe_address(mail)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html_of(text, mail.subject), subtype="html", cte="quoted-printable")
    if mail.attachment:
        kind = ("text", "calendar") if mail.attachment_name.endswith(".ics") else ("application", "octet-stream")
        message.add_attachment(
            mail.attachment, maintype=kind[0], subtype=kind[1], filename=one_line(mail.attachment_name)
        )
    return Letter(message, mail.email)


def whole_text(mail: Mail, *, is_service: bool) -> str:
    """Its words, and how to get no more where it is not a service message."""
    if is_service:
        return mail.text
    with force_locale("da"):
        leave = _(
            "Vil du ikke have flere breve fra netværket? Frameld dig her: %(link)s", link=unsubscribe_address(mail)
        )
    return f"{mail.text}\n\n--\n{leave}"


def mailto(mail: Mail, *, is_service: bool) -> str:
    """An address that opens a person's own mail program with receiver, subject and text filled in."""
    text = whole_text(mail, is_service=is_service).replace("\n", "\r\n")
    return f"mailto:{quote(mail.email, safe='@')}?subject={quote(mail.subject)}&body={quote(text)}"


def message_id(key: str) -> str:
    """The same for the same mail, so that a second copy is known as one where mail is received."""
    secret = f"{current_app.config['SECRET_KEY']}:{key}"
    return f"<{hashlib.sha256(secret.encode()).hexdigest()[:32]}@{public_host()}>"


def html_of(text: str, title: str) -> str:
    """The text as HTML: escaped, paragraphs kept, addresses made links."""
    blocks = [block for block in re.split(r"\n{2,}", text.strip()) if block]
    body = "\n".join(f"<p>{_linked(block)}</p>" for block in blocks)
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f'<!doctype html>\n<html lang="da"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _linked(block: str) -> str:
    parts, place = [], 0
    for match in _LINK.finditer(block):
        shown = html.escape(match[0])
        parts += [html.escape(block[place : match.start()]), f'<a href="{shown}">{shown}</a>']
        place = match.end()
    parts.append(html.escape(block[place:]))
    return "".join(parts).replace("\n", "<br>\n")


def _address(name: str, email: str) -> Address:
    local, _sep, domain = email.rpartition("@")
    return Address(display_name=name, username=local, domain=domain.encode("idna").decode("ascii"))
