"""What the ledger is told about a participant, and what the participant's own columns then say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record
from nbe.ledger.actions import rows_of_subjects
from nbe.ledger.fold import Row, effective
from nbe.models import Participant
from nbe.models.gathering_states import ParticipantState
from nbe.models.states import LedgerKind


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one participant. `before` None: just signed up."""

    participant: Participant
    before: ParticipantState | None
    to: ParticipantState
    reason: str = ""


def rows_of_participant(participant: Participant) -> list[Row]:
    """The rows of one participant that hold, by day."""
    return effective(rows_of_subjects([(LedgerKind.PARTICIPANT, participant.id)]))


def tell(
    steps: Sequence[Step], *, user_id: int | None, day: dt.date | None = None, import_id: int | None = None
) -> list[int]:
    """Write moves into the ledger and follow them; the rows' ids. A row's `detail` is the team.

    A day before the latest thing told of a participant counts as that day: nothing is entered before it.
    """
    moves = []
    for step in steps:
        person = step.participant
        wished = day or clock.today()
        happened_on = wished if step.before is None else max(wished, person.state_since_on)
        person.state, person.state_since_on = step.to, happened_on
        if step.to is not ParticipantState.SIGNED_UP:
            person.answer_by = None
    db.session.flush()
    for step in steps:
        person = step.participant
        moves.append(
            Move(
                kind=LedgerKind.PARTICIPANT,
                municipality_code=person.municipality_code,
                programme_id=person.team.course.programme_id,
                subject_id=person.id,
                from_code=step.before.value if step.before else None,
                to_code=step.to.value,
                detail=str(person.team_id),
                happened_on=person.state_since_on,
                reason=step.reason,
            )
        )
    return record(moves, user_id=user_id, import_id=import_id)
