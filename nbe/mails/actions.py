"""Writing mails: one service mail at once, or a letter to many that a person sees, edits and sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from nbe.access.viewers import current_viewer
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.core.mail_addresses import parse_email
from nbe.mails.jobs import note_written
from nbe.mails.rules import fill, one_line
from nbe.models import Mail, Mailing, Unsubscription
from nbe.models.gathering_states import MailState

KEY_LENGTH = 120
SUFFIX_LENGTH = 50
_MARK = "~"  # parts a draft's number from the key that its mail gets when it is sent


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter is for. `link` fills {link}.

    `key_suffix`: who it is, within the letter's kind and subject, e.g. "participant:17"; nobody gets the same kind
    about the same subject twice. Empty: nothing is compared with earlier letters.
    """

    name: str
    email: str
    link: str = ""
    key_suffix: str = ""
    participant_id: int | None = None
    registration_id: int | None = None


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
) -> Mail | None:
    """Write one mail that goes as soon as the change is committed; None where the address is none.

    Asked again with the same `key` (at most 120 characters), it returns the mail that was written then. `attachment`
    is a name and its bytes. Raises HeaderError on a line break in subject or name, ValueError on a key too long.
    """
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError(f"a key has 1 to {KEY_LENGTH} characters")
    line, name = one_line(subject), one_line(to_name)
    address = _address(to_email)
    if address is None:
        return None
    if (written := _find(key)) is not None:
        return written
    now = clock.now()
    mailing = Mailing(
        kind=kind, subject=line, text=text, is_service=is_service, municipality_code=municipality_code,
        subject_kind=subject_kind, subject_id=subject_id, user_id=current_viewer().user_id, approved_at=now,
        created_at=now,
    )  # fmt: skip
    mail = Mail(
        key=key, name=name, email=address, subject=line, text=text, participant_id=participant_id,
        registration_id=registration_id, created_at=now, **_queued(),
    )  # fmt: skip
    if attachment:
        mail.attachment_name, mail.attachment = one_line(attachment[0], 120), attachment[1]
    mailing.mails.append(mail)
    try:
        with db.session.begin_nested():
            db.session.add(mailing)
    except IntegrityError:
        return _find(key)  # somebody else wrote it meanwhile
    note_written()
    return mail


def compose(
    *,
    kind: str,
    subject: str,
    text: str,
    recipients: Sequence[Recipient],
    municipality_code: int | None,
    subject_kind: str,
    subject_id: int | None,
    is_service: bool,
    user_id: int | None,
) -> Mailing:
    """A draft to many, to be shown at /breve/<id>; nothing goes before `approve`.

    {navn} and {link} in text and subject are filled in for each. Who gets none (no address, unsubscribed, listed
    before, had it already) is kept beside, with the reason. Raises HeaderError on a line break in a subject.
    """
    now = clock.now()
    mailing = Mailing(
        kind=kind, subject=one_line(subject), text=text, is_service=is_service, municipality_code=municipality_code,
        subject_kind=subject_kind, subject_id=subject_id, user_id=user_id, created_at=now,
    )  # fmt: skip
    db.session.add(mailing)
    db.session.flush()
    addresses = [_address(person.email) for person in recipients]
    gone = _unsubscribed([a for a in addresses if a]) if not is_service else set()
    had = _taken([_key(mailing, person) for person in recipients if person.key_suffix])
    seen: set[str] = set()
    for place, (person, address) in enumerate(zip(recipients, addresses, strict=True)):
        reason = _reason(mailing, person, address, seen, gone, had)
        seen.update(((address or "").casefold(), _key(mailing, person) if person.key_suffix else ""))
        mail = Mail(
            mailing_id=mailing.id, key=f"{mailing.id}{_MARK}{place}", name=" ".join(person.name.split())[:200],
            email=address or "", subject="", text=person.link, participant_id=person.participant_id,
            registration_id=person.registration_id, outcome=reason, created_at=now,
            state=MailState.STOPPED if reason else MailState.DRAFT,
        )  # fmt: skip
        if person.key_suffix and not reason:
            mail.key = f"{mailing.id}{_MARK}{_key(mailing, person)}"
        db.session.add(mail)
    db.session.flush()
    return mailing


def _reason(
    mailing: Mailing, person: Recipient, address: str | None, seen: set[str], gone: set[str], had: set[str]
) -> str:
    """Why somebody gets none; empty where he does."""
    if address is None:
        return "no_mail"
    if address.casefold() in seen or (person.key_suffix and _key(mailing, person) in seen):
        return "twice"
    if address.casefold() in gone:
        return "unsubscribed"
    return "had" if person.key_suffix and _key(mailing, person) in had else ""


def _key(mailing: Mailing, person: Recipient) -> str:
    if len(person.key_suffix) > SUFFIX_LENGTH:
        raise ValueError(f"a key suffix has at most {SUFFIX_LENGTH} characters")
    return f"{mailing.kind[:20]}:{mailing.subject_kind}:{mailing.subject_id or 0}:{person.key_suffix}"


def edit_mailing(mailing: Mailing, *, subject: str, text: str) -> None:
    """Change a draft's words."""
    mailing.subject, mailing.text = one_line(subject), text
    db.session.flush()


def approve(mailing: Mailing) -> int:
    """Send a draft: fill in each copy and queue it; returns how many. A draft is sent once."""
    if mailing.approved_at is not None:
        return 0
    mailing.approved_at = clock.now()
    drafts = list(db.session.scalars(_of(mailing, MailState.DRAFT).with_for_update()))
    had = _taken([mail.key.partition(_MARK)[2] for mail in drafts])
    queued = 0
    for mail in drafts:
        key = mail.key.partition(_MARK)[2]
        is_named = not key.isdigit()
        link, mail.subject = mail.text, fill(mailing.subject, name=mail.name, link=mail.text)[:200]
        mail.text = fill(mailing.text, name=mail.name, link=link)
        if is_named and key in had:
            mail.state, mail.outcome = MailState.STOPPED, "had"
            continue
        if is_named:
            mail.key = key
        for field, value in _queued().items():
            setattr(mail, field, value)
        queued += 1
    db.session.flush()
    note_written()
    return queued


def drop_draft(mailing: Mailing) -> None:
    """Throw a draft away; what has been sent stays."""
    if mailing.approved_at is None:
        db.session.execute(sa.delete(table_of(Mail)).where(Mail.mailing_id == mailing.id))
        db.session.expire(mailing)
        db.session.delete(mailing)
        db.session.flush()


def send_again(mailing: Mailing, state: MailState) -> int:
    """Queue a letter's failed or kept copies once more; returns how many."""
    mails = db.session.scalars(_of(mailing, state).with_for_update()).all()
    for mail in mails:
        _requeue(mail)
    db.session.flush()
    return len(mails)


def send_one_again(mail: Mail) -> None:
    """Queue one copy once more: failed, kept, or perhaps sent, which a person has decided on."""
    _requeue(mail)
    db.session.flush()


def settle(mail: Mail) -> None:
    """A person says that this copy has gone: sent by hand, or arrived after all."""
    mail.state, mail.outcome, mail.claimed_until = MailState.SENT, "by_hand", None
    mail.sent_at = mail.sent_at or clock.now()
    db.session.flush()


def unsubscribe(email: str) -> None:
    """This address wants no more letters; done twice, it is done once."""
    if db.session.get(Unsubscription, email.casefold()) is None:
        db.session.add(Unsubscription(email=email.casefold(), at=clock.now()))
        db.session.flush()


def subscribe(email: str) -> None:
    """This address wants letters again."""
    found = db.session.get(Unsubscription, email.casefold())
    if found is not None:
        db.session.delete(found)
        db.session.flush()


def _requeue(mail: Mail) -> None:
    for field, value in _queued().items():
        setattr(mail, field, value)
    mail.attempts, mail.claimed_until, mail.sent_at, mail.outcome = 0, None, None, ""
    note_written()


def _queued() -> dict[str, Any]:
    """State and time of a mail that is to go now, or that lies in the outbox where no mail server is connected."""
    state = MailState.QUEUED if current_app.config.get("MAIL_URL") else MailState.KEPT
    return {"state": state, "next_try_at": clock.real_now()}


def _of(mailing: Mailing, state: MailState) -> sa.Select[Any]:
    return sa.select(Mail).where(Mail.mailing_id == mailing.id, Mail.state == state).order_by(Mail.id)


def _find(key: str) -> Mail | None:
    return db.session.scalar(sa.select(Mail).where(Mail.key == key))


def _address(typed: str) -> str | None:
    try:
        return parse_email(one_line(typed, 1000))
    except ValueError:
        return None


def _taken(keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(keys):
        found.update(db.session.scalars(sa.select(Mail.key).where(Mail.key.in_(part))))
    return found


def _unsubscribed(emails: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks([email.casefold() for email in emails]):
        found.update(db.session.scalars(sa.select(Unsubscription.email).where(Unsubscription.email.in_(part))))
    return found
