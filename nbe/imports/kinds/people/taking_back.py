"""People as they were before an import; what came with it and stands empty is hidden."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.courses.actions import rows_of_participant
from nbe.models import Change, DayMark, ImportRow, LedgerRow, Participant
from nbe.models.gathering_states import ParticipantState
from nbe.models.states import LedgerKind

# Remark -> what it wrote on a person's day.
_ON_DAYS: dict[str, tuple[str, bool]] = {
    "person_there": ("was_there", True),
    "person_not_there": ("was_there", False),
    "person_day": ("is_signed_up", True),
    "person_not_day": ("is_signed_up", False),
}
_EMPTY = "–"


def told_of(import_id: int, kind: LedgerKind) -> list[int]:
    """The people an import has moved, by their ids."""
    statement = sa.select(LedgerRow.subject_id).where(LedgerRow.import_id == import_id, LedgerRow.kind == kind)
    return sorted({subject for subject in db.session.scalars(statement) if subject is not None})


def take_back_participants(import_id: int) -> list[int]:
    """State and day as the rows say that still hold; -> the teams concerned."""
    teams: set[int] = set()
    _take_back_notes(import_id)
    for ids in chunks(told_of(import_id, LedgerKind.PARTICIPANT)):
        for person in db.session.scalars(sa.select(Participant).where(Participant.id.in_(ids))):
            rows = rows_of_participant(person)
            teams.add(person.team_id)
            person.is_hidden = not rows
            if rows:
                person.state, person.state_since_on = ParticipantState(rows[-1].to_code), rows[-1].happened_on
            if person.state is not ParticipantState.CERTIFIED:
                person.certificate_on = None
    db.session.flush()
    return sorted(teams)


def _take_back_notes(import_id: int) -> None:
    """Days and titles that the import noted of people known before, where they still stand as it left them."""
    statement = sa.select(ImportRow.messages).where(ImportRow.import_id == import_id)
    for messages in db.session.scalars(statement):
        for code, _column, _value, params in messages:
            if code in _ON_DAYS:
                name, value = _ON_DAYS[code]
                mark = db.session.get(DayMark, (params["participant"], params["day"]))
                if mark is not None and getattr(mark, name) is value:
                    setattr(mark, name, None if name == "was_there" else not value)
            elif code == "person_title":
                person = db.session.get_one(Participant, params["participant"])
                if person.title == params["new"]:
                    person.title = params["old"] if params["old"] != _EMPTY else ""
    db.session.flush()


def hide_made(import_id: int, model: Any, is_used: Any) -> None:
    """Hide the records that an import made, but those in use."""
    made = sa.select(Change.entity_id).where(
        Change.import_id == import_id, Change.entity == model.__tablename__, Change.operation == "I"
    )
    for record in db.session.scalars(sa.select(model).where(model.id.in_(made), ~is_used)):
        record.is_hidden = True
    db.session.flush()
