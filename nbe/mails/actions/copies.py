"""What a person decides on copies that are written: left out, sent once more, said to have gone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.mails.actions.mails import OUTDATED, queued
from nbe.mails.jobs import note_written
from nbe.mails.rules import may_send_again, may_settle
from nbe.models import Mail, Mailing
from nbe.models.gathering_states import MailState

BY_HAND, REMOVED = "by_hand", "removed"


class MailRefusedError(Exception):
    """What was asked of a copy does not fit with how it stands by now."""


def leave_out(mail: Mail) -> None:
    """Somebody on a draft's list gets none, or a kept mail is not to go. Raises MailRefusedError."""
    if mail.state not in (MailState.DRAFT, MailState.KEPT):
        raise MailRefusedError
    mail.state, mail.outcome = MailState.STOPPED, REMOVED
    db.session.flush()


def bring_back(mail: Mail) -> None:
    """Undo of `leave_out`, also where the service left it out. Raises MailRefusedError where the letter has gone."""
    if mail.state is not MailState.STOPPED or mail.outcome not in (REMOVED, OUTDATED):
        raise MailRefusedError
    is_draft = mail.mailing.approved_at is None
    if not is_draft and not mail.subject:  # never filled in
        raise MailRefusedError
    mail.state, mail.outcome = MailState.DRAFT if is_draft else MailState.KEPT, ""
    db.session.flush()


def send_again(mailing: Mailing, state: MailState) -> int:
    """Queue a letter's failed or kept copies once more; returns how many."""
    return _requeue_all(copies_in(mailing, state))


def send_kept(mailings: sa.Select[Any]) -> int:
    """Queue what is kept of these letters, the oldest first; returns how many."""
    ids = mailings.with_only_columns(Mailing.id).order_by(None)
    return _requeue_all(sa.select(Mail).where(Mail.mailing_id.in_(ids), Mail.state == MailState.KEPT).order_by(Mail.id))


def send_one_again(mail: Mail) -> None:
    """Queue one copy once more: failed, kept, or perhaps sent, which a person has decided on."""
    if not may_send_again(mail, clock.real_now()):
        raise MailRefusedError
    _requeue(mail)
    db.session.flush()


def settle(mail: Mail) -> None:
    """A person says that this copy has gone: sent by hand, or arrived after all."""
    if not may_settle(mail, clock.real_now()):
        raise MailRefusedError
    mail.state, mail.outcome, mail.claimed_until = MailState.SENT, BY_HAND, None
    mail.sent_at = mail.sent_at or clock.now()
    db.session.flush()


def unsettle(mail: Mail) -> None:
    """Undo of `settle`: the mail lies in the outbox again."""
    if mail.state is not MailState.SENT or mail.outcome != BY_HAND:
        raise MailRefusedError
    mail.state, mail.outcome, mail.sent_at = MailState.KEPT, "", None
    db.session.flush()


def _requeue_all(statement: sa.Select[Any]) -> int:
    mails = db.session.scalars(statement.with_for_update()).all()
    for mail in mails:
        _requeue(mail)
    db.session.flush()
    return len(mails)


def _requeue(mail: Mail) -> None:
    for field, value in queued().items():
        setattr(mail, field, value)
    mail.attempts, mail.claimed_until, mail.sent_at, mail.outcome = 0, None, None, ""
    note_written()


def copies_in(mailing: Mailing, state: MailState) -> sa.Select[Any]:
    """A letter's copies in a state."""
    return sa.select(Mail).where(Mail.mailing_id == mailing.id, Mail.state == state).order_by(Mail.id)
