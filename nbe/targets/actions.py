"""Making a programme year, and setting what a municipality must find in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import AlreadyReversedError
from nbe.models import DEFAULT_TARGET, Candidacy, Change, ImportRun, LedgerRow, Municipality, Programme, Target
from nbe.models.states import LedgerKind
from nbe.targets.queries import find_programme


def ensure_programme(year: int) -> tuple[Programme, bool]:
    """The programme of a year, made with targets of 5 and 31 December when missing; -> (programme, was it made)."""
    programme = find_programme(year)
    if programme is not None:
        return programme, False
    programme = Programme(year=year, deadline_on=dt.date(year, 12, 31))
    db.session.add(programme)
    db.session.flush()
    return programme, True


def find_target(programme_id: int, municipality_code: int) -> Target:
    """The target's row, made with the default number when missing."""
    target = db.session.scalar(
        sa.select(Target)
        .where(Target.programme_id == programme_id, Target.municipality_code == municipality_code)
        .with_for_update()
    )
    if target is None:
        target = Target(programme_id=programme_id, municipality_code=municipality_code, required=DEFAULT_TARGET)
        db.session.add(target)
        db.session.flush()
    return target


def set_target(
    target: Target, number: int, deadline_on: dt.date | None, reason: str, *, user_id: int | None
) -> int | None:
    """Set number, deadline and reason; another number is a row in the ledger from today on, whose id is returned."""
    ids: list[int] = []
    if number != target.required:
        ids = record(
            [
                Move(
                    kind=LedgerKind.TARGET,
                    municipality_code=target.municipality_code,
                    from_code=str(target.required),
                    to_code=str(number),
                    happened_on=clock.today(),
                    programme_id=target.programme_id,
                    reason=reason,
                )
            ],
            user_id=user_id,
        )
    target.required = number
    target.deadline_on = deadline_on
    target.reason = reason
    db.session.flush()
    return ids[0] if ids else None


class ChangedSinceError(ValueError):
    """A target was changed again, or taken back already, after the saving somebody wants undone."""


def undo_targets(
    programme: Programme, versions: Mapping[int, int], ledger_ids: Sequence[int], *, user_id: int | None
) -> int:
    """Take one saving of targets back: the numbers by counter-rows, deadlines and reasons from the audit; -> how many.

    `versions`: target id -> the version that saving left. Raises ChangedSinceError, and then nothing is taken back.
    """
    statement = sa.select(Target).where(Target.id.in_(versions), Target.programme_id == programme.id)
    targets = list(db.session.scalars(statement.order_by(Target.id).with_for_update()))
    if (
        not versions
        or len(targets) != len(versions)
        or any(target.version != versions[target.id] for target in targets)
    ):
        raise ChangedSinceError
    codes = {target.municipality_code for target in targets}
    rows = db.session.scalars(sa.select(LedgerRow).where(LedgerRow.id.in_(ledger_ids))).all()
    if len(rows) != len(set(ledger_ids)) or not all(_is_number_of(row, programme, codes) for row in rows):
        raise ChangedSinceError
    numbers = {row.municipality_code: int(row.from_code or DEFAULT_TARGET) for row in rows}
    try:
        reverse(ledger_ids, user_id=user_id)
    except AlreadyReversedError as error:
        raise ChangedSinceError from error
    before = _fields_before(versions)
    for target in targets:
        target.required = numbers.get(target.municipality_code, target.required)
        fields = before.get(target.id, {})
        if "deadline_on" in fields:
            day = fields["deadline_on"][0]
            target.deadline_on = dt.date.fromisoformat(day) if day else None
        if "reason" in fields:
            target.reason = fields["reason"][0] or ""
    db.session.flush()
    return len(targets)


def _is_number_of(row: LedgerRow, programme: Programme, codes: Container[int]) -> bool:
    return row.kind == LedgerKind.TARGET and row.programme_id == programme.id and row.municipality_code in codes


def _fields_before(versions: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """target id -> field -> [before, after] of the change that led to its version."""
    statement = sa.select(Change.entity_id, Change.version, Change.diff).where(
        Change.entity == Target.__tablename__, Change.entity_id.in_(versions), Change.operation == "U"
    )
    return {row_id: diff for row_id, version, diff in db.session.execute(statement) if version == versions[row_id]}


def set_rules(programme: Programme, day: dt.date, measures_required: int) -> None:
    """Change the day by which every municipality without a deadline of its own must have found its number,
    and how many measures a plan must hold before it can be adopted.
    """
    programme.deadline_on = day
    programme.measures_required = measures_required
    db.session.flush()


def create_programme(year: int, deadline_on: dt.date) -> Programme:
    """A new programme year with a target for each of the eleven, 5 to begin with."""
    programme = Programme(year=year, deadline_on=deadline_on)
    db.session.add(programme)
    db.session.flush()
    for code in db.session.scalars(sa.select(Municipality.code)):
        db.session.add(Target(programme_id=programme.id, municipality_code=code, required=DEFAULT_TARGET))
    db.session.flush()
    return programme


def delete_unused_programme(programme: Programme) -> bool:
    """Take back a programme made by mistake; False, and nothing happens, once anything refers to it."""
    used = [
        sa.select(model.programme_id).where(model.programme_id == programme.id).exists()
        for model in (Candidacy, LedgerRow, ImportRun)
    ]
    if db.session.scalar(sa.select(sa.or_(*used))):
        return False
    for target in db.session.scalars(sa.select(Target).where(Target.programme_id == programme.id)):
        db.session.delete(target)
    db.session.flush()
    db.session.delete(programme)
    db.session.flush()
    return True
