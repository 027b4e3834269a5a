"""A screening on its way: held, reported on, cancelled, and its latest step taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record, reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import Candidacy, Change, LedgerRow, Screening
from nbe.models.states import LedgerKind, ScreeningState, Stage
from nbe.screenings.actions.following import (
    candidate_move,
    follow_candidate,
    follow_screening,
    moves_for,
    moves_of,
    other_screenings,
    screening_move,
)
from nbe.screenings.rules import ScreeningRefusedError, refuse_state


def move_screening_state(
    screening: Screening, state: ScreeningState, day: dt.date, *, user_id: int | None, reason: str = ""
) -> None:
    """Take a step; held and handed over move the candidate along. Raises ScreeningRefusedError."""
    refuse_state(screening.state, screening.state_since_on, state, day, clock.today())
    record(moves_for(screening, state, day, screening.state, reason), user_id=user_id)
    follow_screening(screening)
    follow_candidate(screening.candidacy)


def hold_screening(screening: Screening, day: dt.date, *, user_id: int | None) -> None:
    """The visit was held on a day: the candidate is *screenet*. Raises ScreeningRefusedError."""
    refuse_state(screening.state, screening.state_since_on, ScreeningState.HELD, day, clock.today())
    screening.held_on = day
    move_screening_state(screening, ScreeningState.HELD, day, user_id=user_id)


def cancel_screening(screening: Screening, reason: str, *, user_id: int | None) -> None:
    """Call the visit off, with why. Raises ScreeningRefusedError.

    A candidate that still stands at *Screening planlagt*, and has no other screening, goes back to where it
    stood before, with the same reason.
    """
    if not reason:
        raise ScreeningRefusedError("reason", "missing")
    today = clock.today()
    refuse_state(screening.state, screening.state_since_on, ScreeningState.CANCELLED, today, today)
    moves = [screening_move(screening, ScreeningState.CANCELLED, today, screening.state, reason)]
    candidacy = screening.candidacy
    if candidacy.stage is Stage.SCREENING_PLANNED and not other_screenings(candidacy.id, screening.id):
        moves.append(candidate_move(screening, stage_before_planning(candidacy), today, reason))
    record(moves, user_id=user_id)
    follow_screening(screening)
    follow_candidate(candidacy)


def stage_before_planning(candidacy: Candidacy) -> Stage:
    """Where a candidate stood before *Screening planlagt*; *Egnet* when it came on the list as planned."""
    stages = [
        Stage(row.to_code)
        for row in effective(rows_of([candidacy.business_id]))
        if row.programme_id == candidacy.programme_id and row.kind == LedgerKind.STAGE
    ]
    before = [s for s in stages if s is not Stage.CLOSED and s.position < Stage.SCREENING_PLANNED.position]
    return before[-1] if before else Stage.SUITABLE


def latest_move(screening: Screening) -> int | None:
    """The ledger row of the latest step, for its undoing; None when there is none."""
    rows = moves_of(screening)
    return rows[-1].id if rows else None


def undo_screening_move(screening: Screening, ledger_id: int, *, user_id: int | None) -> bool:
    """Take the latest step back, with the candidate's move that went with it; -> whether it was done.

    Done only while `ledger_id` is still the latest, and nothing has moved the candidate on since.
    """
    if latest_move(screening) != ledger_id:
        return False
    step = db.session.get_one(LedgerRow, ledger_id)
    together = _recorded_with(step)
    candidacy = screening.candidacy
    stages = [
        row.id
        for row in effective(rows_of([candidacy.business_id]))
        if row.programme_id == candidacy.programme_id and row.kind == LedgerKind.STAGE
    ]
    if any(row_id in stages and row_id != stages[-1] for row_id in together):
        return False
    reverse([ledger_id, *together], user_id=user_id)
    follow_screening(screening)
    if ScreeningState.HELD.value not in [row.to_code for row in moves_of(screening)]:
        screening.held_on = None
    follow_candidate(candidacy)
    if step.from_code is None:
        _restore_date(candidacy, screening)
        _restore_step(candidacy, screening)
    return True


def _recorded_with(step: LedgerRow) -> list[int]:
    """The candidate's moves that were recorded in the same breath, and have not been taken back."""
    undo = aliased(LedgerRow)
    statement = sa.select(LedgerRow.id).where(
        LedgerRow.kind == LedgerKind.STAGE,
        LedgerRow.business_id == step.business_id,
        LedgerRow.programme_id == step.programme_id,
        LedgerRow.recorded_at == step.recorded_at,
        LedgerRow.reverses_id.is_(None),
        ~sa.select(undo.id).where(undo.reverses_id == LedgerRow.id).exists(),
    )
    return list(db.session.scalars(statement))


def _changes_since(candidacy: Candidacy, screening: Screening) -> Sequence[dict[str, Any]]:
    """What was changed of a candidate since a visit was planned, the earliest first: field -> before and after."""
    changed = sa.select(Change.diff).where(
        Change.entity == Candidacy.__tablename__,
        Change.entity_id == candidacy.id,
        Change.at >= screening.created_at,
    )
    return db.session.scalars(changed.order_by(Change.id)).all()


def _restore_date(candidacy: Candidacy, screening: Screening) -> None:
    """The date and screener that a first planning replaced (a spreadsheet's) come back, as the audit has them."""
    if other_screenings(candidacy.id):
        return
    diffs = _changes_since(candidacy, screening)
    day, name = (next((d[key][0] for d in diffs if key in d), None) for key in ("screening_on", "screener_name"))
    candidacy.screening_on = dt.date.fromisoformat(day) if day else None
    candidacy.screener_name = name or ""
    db.session.flush()


def _restore_step(candidacy: Candidacy, screening: Screening) -> None:
    """The next step that the planning settled comes back, as the audit has it, unless another has been agreed."""
    if candidacy.next_step or candidacy.next_step_on is not None:
        return
    diffs = _changes_since(candidacy, screening)
    settled = next((diff for diff in diffs if {"next_step", "next_step_on"} & set(diff)), None)
    if settled is None:
        return
    step, day = (settled.get(key, [None])[0] for key in ("next_step", "next_step_on"))
    candidacy.next_step = step or ""
    candidacy.next_step_on = dt.date.fromisoformat(day) if day else None
    db.session.flush()
