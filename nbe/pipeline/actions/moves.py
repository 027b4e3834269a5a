"""Moves of candidates, closing and opening again, and taking the latest move back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record, reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import Row, effective
from nbe.models import Candidacy, LedgerRow, Programme
from nbe.models.states import CloseReason, LedgerKind, Stage, Verdict
from nbe.pipeline.actions.following import follow_ledger, stage_move, standing_of, verdict_move
from nbe.pipeline.actions.naming import turn_up_later
from nbe.pipeline.rules import Decision, Wish, decide


def move_to_stage(candidacy: Candidacy, wish: Wish, *, user_id: int | None) -> Decision:
    """Move a candidate. Raises MoveRefusedError. Closing as not suitable is a verdict as well."""
    decision = decide(standing_of(candidacy), wish, clock.today())
    municipality = candidacy.business.municipality_code
    moves = []
    if wish.detail is CloseReason.NOT_SUITABLE and wish.to is Stage.CLOSED:
        moves.append(verdict_move(candidacy, Verdict.NOT_SUITABLE, wish.happened_on, wish.reason, municipality))
    moves.append(stage_move(candidacy, wish, municipality, candidacy.stage.value))
    record(moves, user_id=user_id)
    candidacy.postponed_to_year = wish.year if wish.detail is CloseReason.POSTPONED else None
    year = candidacy.postponed_to_year
    follow_ledger(candidacy)
    if wish.detail is CloseReason.POSTPONED:
        candidacy.postponed_to_year = year
        turn_up_later(candidacy, user_id)
    db.session.flush()
    return decision


def reopen(candidacy: Candidacy, day: dt.date, reason: str, *, user_id: int | None) -> None:
    """Open a closed candidate again, at the stage it was closed from. Raises MoveRefusedError."""
    move_to_stage(candidacy, Wish(stage_before_closing(candidacy), day, reason), user_id=user_id)


def stage_before_closing(candidacy: Candidacy) -> Stage:
    """Where a closed candidate stood before; the longlist when nothing is known."""
    rows = [
        row
        for row in effective(rows_of([candidacy.business_id]))
        if row.programme_id == candidacy.programme_id and row.kind == LedgerKind.STAGE
    ]
    before = [row.to_code for row in rows if row.to_code != Stage.CLOSED.value]
    return Stage(before[-1]) if before else Stage.LONGLIST


def latest_moves(candidacy: Candidacy) -> Sequence[LedgerRow]:
    """The rows of the candidate's latest move (a verdict and its stage go together), or none to undo.

    The first naming is not undone here: a candidate named by mistake is closed.
    """
    effective_ids = [
        row.id
        for row in effective(rows_of([candidacy.business_id]))
        if row.programme_id == candidacy.programme_id and row.kind in (LedgerKind.STAGE, LedgerKind.VERDICT)
    ]
    if len(effective_ids) < 2:
        return []
    rows = list(
        db.session.scalars(sa.select(LedgerRow).where(LedgerRow.id.in_(effective_ids)).order_by(LedgerRow.id.desc()))
    )
    last = rows[0]
    if last.from_code == last.to_code:  # the business moved to another municipality since: nothing to take back here
        return []
    return [
        row for row in rows if row.recorded_at == last.recorded_at and row.user_id == last.user_id and _same(row, last)
    ]


def _same(row: LedgerRow, last: LedgerRow) -> bool:
    return row.happened_on == last.happened_on and abs(row.id - last.id) <= 1


def undo_move(candidacy: Candidacy, *, user_id: int | None, ledger_id: int | None = None) -> bool:
    """Take the latest move back; -> whether it was done.

    With `ledger_id` only that move is taken back, and only while it is still the latest.
    """
    rows = latest_moves(candidacy)
    if not rows and ledger_id is not None:
        return _undo_naming(candidacy, ledger_id, user_id)
    if not rows or (ledger_id is not None and ledger_id not in [row.id for row in rows]):
        return False
    later = _turned_up(candidacy, rows[0])
    reverse([row.id for row in rows], user_id=user_id)
    if later is not None:
        reverse([later[1]], user_id=user_id)
        later[0].is_hidden = True
    follow_ledger(candidacy)
    return True


def first_move(candidacy: Candidacy) -> int:
    """The ledger row by which a candidate that has only been named came on the list."""
    return [row.id for row in _moves_of(candidacy)][-1]


def _undo_naming(candidacy: Candidacy, ledger_id: int, user_id: int | None) -> bool:
    """Take back that a candidate was named, while nothing else has been done with it."""
    rows = _moves_of(candidacy)
    if [row.id for row in rows] != [ledger_id] or candidacy.is_hidden:
        return False
    reverse([ledger_id], user_id=user_id)
    candidacy.is_hidden = True
    db.session.flush()
    return True


def _moves_of(candidacy: Candidacy) -> list[Row]:
    return [row for row in effective(rows_of([candidacy.business_id])) if row.programme_id == candidacy.programme_id]


def _turned_up(candidacy: Candidacy, closing: LedgerRow) -> tuple[Candidacy, int] | None:
    """The candidacy that a postponement named in its year, while nothing more has been done with it."""
    if closing.detail != CloseReason.POSTPONED.value:
        return None
    later = db.session.scalar(
        sa.select(Candidacy)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(
            Candidacy.business_id == candidacy.business_id,
            Programme.year == candidacy.postponed_to_year,
            Candidacy.is_hidden.is_(False),
        )
    )
    if later is None:
        return None
    rows = [row for row in effective(rows_of([later.business_id])) if row.programme_id == later.programme_id]
    is_untouched = len(rows) == 1 and rows[0].recorded_at >= closing.recorded_at and not later.last_activity_on
    return (later, rows[0].id) if is_untouched else None
