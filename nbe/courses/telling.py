"""Who has been told of the seat he was moved up to, and who has not: a mail may lie in the outbox, or there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from nbe.core.database import db
from nbe.courses.letters import KIND, OFFER
from nbe.ledger.actions import rows_of_subjects
from nbe.ledger.fold import effective
from nbe.models import Mail, Participant
from nbe.models.gathering_states import MailState, ParticipantState
from nbe.models.states import LedgerKind


def told_of_offers(people: Sequence[Participant]) -> dict[int, dt.datetime]:
    """Participant -> when the mail with his latest offer went; whom no such mail has reached is left out."""
    latest = _offers_to(people)
    return {key: mail.sent_at for key, mail in latest.items() if mail.state is MailState.SENT and mail.sent_at}


def not_told(people: Sequence[Participant]) -> set[int]:
    """Who was moved up, has not answered, and nobody has told: his mail lies still, failed, or could not be written."""
    seated = [person for person in people if person.state is ParticipantState.SIGNED_UP]
    offered = [person.id for person in seated if person.answer_by is not None]
    latest, is_told = _offers_to(seated), (MailState.SENT, MailState.QUEUED)
    found = {one for one in offered if one not in latest or latest[one].state not in is_told}
    return found | _moved_up([person.id for person in seated if not person.email])


def _offers_to(people: Sequence[Participant]) -> dict[int, Mail]:
    ids = [person.id for person in people]
    statement = sa.select(Mail).where(Mail.participant_id.in_(ids), Mail.key.like(f"{KIND}:%:{OFFER}:%"))
    return {mail.participant_id or 0: mail for mail in db.session.scalars(statement.order_by(Mail.id))}


def _moved_up(ids: Sequence[int]) -> set[int]:
    """Those of them whose seat came from the waiting list."""
    before: dict[int | None, str] = {}
    found = set()
    for row in effective(rows_of_subjects((LedgerKind.PARTICIPANT, one) for one in ids)):
        found.discard(row.subject_id)
        if before.get(row.subject_id) == ParticipantState.WAITING.value:
            found.add(row.subject_id)
        before[row.subject_id] = row.to_code
    return {one for one in found if one is not None}
