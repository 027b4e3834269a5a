"""One mail: written at once, sent once more, or said to have gone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from nbe.access.viewers import current_viewer
from nbe.core import clock
from nbe.core.database import db
from nbe.core.mail_addresses import parse_email
from nbe.mails.jobs import note_written
from nbe.mails.rules import one_line
from nbe.models import Mail, Mailing
from nbe.models.gathering_states import MailState

KEY_LENGTH = 120
OUTDATED = "outdated"
_NOT_GONE = (MailState.KEPT, MailState.QUEUED)


def write_mail(
    *,
    key: str,
    to_email: str,
    to_name: str,
    subject: str,
    text: str,
    municipality_code: int | None,
    kind: str,
    is_service: bool = True,
    subject_kind: str = "",
    subject_id: int | None = None,
    participant_id: int | None = None,
    registration_id: int | None = None,
    attachment: tuple[str, bytes] | None = None,
    replaces: bool = False,
) -> Mail | None:
    """Write one mail that goes as soon as the change is committed; None where the address is none.

    `replaces`: what it says of the participant or registration goes before older mails of its kind that have not gone.
    Asked again with the same `key` (at most 120 characters), it returns the mail that was written then. `attachment`
    is a name and its bytes. Raises HeaderError on a line break in subject or name, ValueError on a key too long.
    """
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError(f"a key has 1 to {KEY_LENGTH} characters")
    line, name = one_line(subject), one_line(to_name)
    address = address_of(to_email)
    if address is None:
        return None
    if (written := find_written(key)) is not None:
        return written
    if replaces:
        stop_outdated(kind, participant_id=participant_id, registration_id=registration_id)
    now = clock.now()
    mailing = Mailing(
        kind=kind, subject=line, text=text, is_service=is_service, municipality_code=municipality_code,
        subject_kind=subject_kind, subject_id=subject_id, user_id=current_viewer().user_id, approved_at=now,
        created_at=now,
    )  # fmt: skip
    mail = Mail(
        key=key, name=name, email=address, subject=line, text=text, participant_id=participant_id,
        registration_id=registration_id, created_at=now, **queued(),
    )  # fmt: skip
    if attachment:
        mail.attachment_name, mail.attachment = one_line(attachment[0], 120), attachment[1]
    mailing.mails.append(mail)
    try:
        with db.session.begin_nested():
            db.session.add(mailing)
    except IntegrityError:
        return find_written(key)  # somebody else wrote it meanwhile
    note_written()
    return mail


def stop_outdated(kind: str, *, participant_id: int | None = None, registration_id: int | None = None) -> int:
    """Mails of a kind about this person that lie still or wait are not to go any more; how many.

    None that is being sent. Their keys are free again, so that the same can be written anew.
    """
    about = Mail.participant_id == participant_id if participant_id else Mail.registration_id == registration_id
    if not (participant_id or registration_id):
        return 0
    statement = (
        sa.select(Mail)
        .join(Mailing, Mailing.id == Mail.mailing_id)
        .where(about, Mail.state.in_(_NOT_GONE), Mailing.kind == kind)
        .order_by(Mail.id)
        .with_for_update(of=Mail)
    )
    old = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    for mail in old:
        mail.state, mail.outcome = MailState.STOPPED, OUTDATED
        mail.key = f"{mail.key[: KEY_LENGTH - 12]}~{mail.id}"
    db.session.flush()
    return len(old)


def queued() -> dict[str, Any]:
    """State and time of a mail that is to go now, or that lies in the outbox where no mail server is connected."""
    state = MailState.QUEUED if current_app.config.get("MAIL_URL") else MailState.KEPT
    return {"state": state, "next_try_at": clock.real_now()}


def find_written(key: str) -> Mail | None:
    """The mail with a key."""
    return db.session.scalar(sa.select(Mail).where(Mail.key == key))


def address_of(typed: str) -> str | None:
    """A mail address in its normal form; None where it is none."""
    try:
        return parse_email(one_line(typed, 1000))
    except ValueError:
        return None
