"""Sending what is due: each mail claimed by one job, handed over once, its outcome written.

A mail is never handed over twice by itself. The claim is an UPDATE that one of many jobs wins; just before the text
goes to the server, `sent_at` is written under the same claim. A job that dies before that leaves a mail that is
tried again; one that dies after it leaves a mail that may have gone, and a person decides.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.exc import DBAPIError

from nbe.core import clock
from nbe.core.database import db, table_of, writing
from nbe.core.smtp import sender
from nbe.mails import delivery
from nbe.mails.letters import Letter, build
from nbe.mails.queries import reply_address
from nbe.mails.rules import LEASE, code_of_answer, next_try, outcome
from nbe.models import Mail, Unsubscription
from nbe.models.gathering_states import MailState

log = structlog.get_logger()
_mail = table_of(Mail)


@dataclass(slots=True)
class Claim:
    """A mail that this job alone may send until the moment."""

    mail_id: int
    until: dt.datetime
    attempts: int


def send_due(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due and return how many went; needs an app context. Any number of jobs may do so at once."""
    url = current_app.config.get("MAIL_URL")
    release_dropped()
    if not url:
        keep_due()
        return 0
    sent = 0
    with delivery.Server(url) as server:
        while not is_stopping() and is_any_due():
            claim = claim_next()
            if claim is None:
                continue
            try:
                sent += _send(server, claim)
            except delivery.UnreachableError as error:  # nor would the next one be taken
                _put_back(claim, outcome(error.code, error.answer))
                break
    return sent


def is_any_due() -> bool:
    """Whether a mail waits to be sent now; asked without the write lock."""
    due = sa.select(_mail.c.id).where(_is_due(clock.real_now())).limit(1)
    found = db.session.scalar(due) is not None
    db.session.rollback()
    return found


def claim_next() -> Claim | None:
    """Take the mail that has waited longest; None when others were first."""
    now = clock.real_now()
    chosen = sa.select(_mail.c.id).where(_is_due(now)).order_by(_mail.c.next_try_at, _mail.c.id).limit(1)
    change = (
        sa.update(_mail)
        .where(_mail.c.id == chosen.with_for_update(skip_locked=True).scalar_subquery())
        .where(_mail.c.state == MailState.QUEUED)
        .values(state=MailState.SENDING, claimed_until=now + LEASE, attempts=_mail.c.attempts + 1, sent_at=None)
        .returning(_mail.c.id, _mail.c.attempts)
    )
    with writing():
        row = db.session.execute(change).one_or_none()
        db.session.commit()
    return Claim(row.id, now + LEASE, row.attempts) if row else None


def _is_due(now: dt.datetime) -> Any:
    return sa.and_(_mail.c.state == MailState.QUEUED, _mail.c.next_try_at <= now)


def _send(server: delivery.Server, claim: Claim) -> bool:
    letter = _letter(claim)
    if letter is None:
        return False
    try:
        if not server.hand_over(letter.message, parseaddr(sender())[1], letter.to, lambda: _mark(claim)):
            return False
    except delivery.RefusedError as error:
        kept = outcome(code_of_answer(error.status, error.answer), error.answer)
        if error.status < 500:
            _put_back(claim, kept)
        else:
            _finish(claim, MailState.FAILED, kept)
        return False
    except delivery.BadAddressError:
        _finish(claim, MailState.FAILED, "address")
        return False
    except delivery.UnsureError as error:
        _write(claim, claimed_until=clock.real_now(), outcome=outcome("unsure", str(error)))
        log.error("mail_unsure", mail_id=claim.mail_id)
        return False
    _finish(claim, MailState.SENT, "", sent_at=clock.now())
    return True


def _letter(claim: Claim) -> Letter | None:
    """The message, read before the server is asked, so that no transaction waits for it; None where it must not go."""
    mail = db.session.get_one(Mail, claim.mail_id)
    is_service = mail.mailing.is_service
    try:
        if not is_service and db.session.get(Unsubscription, mail.email.casefold()) is not None:
            db.session.rollback()
            _finish(claim, MailState.STOPPED, "unsubscribed")
            return None
        return build(mail, is_service=is_service, reply_to=reply_address(mail.mailing))
    except ValueError:
        db.session.rollback()
        _finish(claim, MailState.FAILED, "address")
        return None
    finally:
        db.session.rollback()
        db.session.expunge_all()


def _mark(claim: Claim) -> bool:
    """Say that the text goes now; False when the claim has run out, and the mail may be another's."""
    until = clock.real_now() + LEASE
    if not _write(claim, sent_at=clock.now(), claimed_until=until):
        return False
    claim.until = until
    return True


def _put_back(claim: Claim, kept: str) -> None:
    again = next_try(claim.attempts, clock.real_now())
    if again is None:
        _finish(claim, MailState.FAILED, kept)
    else:
        _finish(claim, MailState.QUEUED, kept, next_try_at=again)


def _finish(claim: Claim, state: MailState, kept: str, **values: Any) -> None:
    _write(claim, state=state, outcome=kept, claimed_until=None, **{"sent_at": None, **values})
    log.info("mail", mail_id=claim.mail_id, state=state.value, outcome=kept.partition(":")[0], attempt=claim.attempts)


def _write(claim: Claim, tries: int = 3, **values: Any) -> bool:
    """Write under the claim; False when it is another's by now."""
    change = (
        sa.update(_mail)
        .where(_mail.c.id == claim.mail_id, _mail.c.state == MailState.SENDING, _mail.c.claimed_until == claim.until)
        .values(**values)
        .returning(_mail.c.id)
    )
    for left in range(tries - 1, -1, -1):
        try:
            with writing():
                found = db.session.execute(change).one_or_none()
                db.session.commit()
            return found is not None
        except DBAPIError:
            db.session.rollback()
            if not left:
                raise
            time.sleep(0.2)
    return False


def release_dropped() -> None:
    """Queue again what a job had taken up and not begun to hand over when it ended."""
    now = clock.real_now()
    dropped = sa.and_(_mail.c.state == MailState.SENDING, _mail.c.claimed_until < now, _mail.c.sent_at.is_(None))
    _change_if_any(dropped, state=MailState.QUEUED, claimed_until=None, next_try_at=now)


def keep_due() -> None:
    """Without a mail server, what is due lies in the outbox."""
    _change_if_any(_is_due(clock.real_now()), state=MailState.KEPT)


def _change_if_any(which: Any, **values: Any) -> None:
    found = db.session.scalar(sa.select(_mail.c.id).where(which).limit(1))
    db.session.rollback()
    if found is not None:
        with writing():
            db.session.execute(sa.update(_mail).where(which).values(**values))
            db.session.commit()
