"""A letter to many: a draft that a person sees, edits and sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, table_of
from nbe.mails.actions.copies import MailRefusedError, copies_in
from nbe.mails.actions.mails import address_of, queued
from nbe.mails.followers import tell_approved
from nbe.mails.jobs import note_written
from nbe.mails.rules import LINK, fill, one_line
from nbe.models import Mail, Mailing, Unsubscription
from nbe.models.gathering_states import MailState

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
    attachment: tuple[str, bytes] | None = None,
) -> Mailing:
    """A draft to many, to be shown at /breve/<id>; nothing goes before `approve`.

    {navn} and {link} in text and subject are filled in for each. Who gets none (no address, unsubscribed, listed
    before, had it already) is kept beside, with the reason. `attachment` is a name and its bytes, for all of them.
    Raises HeaderError on a line break in a subject.
    """
    now = clock.now()
    mailing = Mailing(
        kind=kind, subject=one_line(subject), text=text, is_service=is_service, municipality_code=municipality_code,
        subject_kind=subject_kind, subject_id=subject_id, user_id=user_id, created_at=now,
    )  # fmt: skip
    db.session.add(mailing)
    db.session.flush()
    addresses = [address_of(person.email) for person in recipients]
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
        if attachment:
            mail.attachment_name, mail.attachment = one_line(attachment[0], 120), attachment[1]
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
    """Send a draft: fill in each copy and queue it; returns how many. A draft is sent once.

    Raises MailRefusedError where the text has a {link} and somebody has none.
    """
    if mailing.approved_at is not None:
        return 0
    drafts = list(db.session.scalars(copies_in(mailing, MailState.DRAFT).with_for_update()))
    if LINK in mailing.subject + mailing.text and not all(mail.text for mail in drafts):
        raise MailRefusedError
    mailing.approved_at = clock.now()
    had = _taken([mail.key.partition(_MARK)[2] for mail in drafts])
    number = 0
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
        for field, value in queued().items():
            setattr(mail, field, value)
        number += 1
    db.session.flush()
    tell_approved(mailing)
    note_written()
    return number


def drop_draft(mailing: Mailing) -> None:
    """Throw a draft away; what has been sent stays."""
    if mailing.approved_at is None:
        db.session.execute(sa.delete(table_of(Mail)).where(Mail.mailing_id == mailing.id))
        db.session.expire(mailing)
        db.session.delete(mailing)
        db.session.flush()


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
