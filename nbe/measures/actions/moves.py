"""Moves of measures, and taking the latest thing told of one back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.measures.actions.following import act_moment, follow_ledger, follow_rows, measure_row, rows_of_measure
from nbe.measures.actions.savings import begin_decided, put_back
from nbe.measures.rules import STARTED, check_documented, check_move, decides
from nbe.models import Candidacy, LedgerRow, Measure
from nbe.models.states import CloseReason, LedgerKind, MeasureState, Stage
from nbe.pipeline.actions import follow_ledger as follow_candidate
from nbe.pipeline.actions import undo_move
from nbe.pipeline.actions.following import stage_move
from nbe.pipeline.rules import Wish


def move_measure(measure: Measure, state: MeasureState, day: dt.date, *, user_id: int | None, reason: str = "") -> int:
    """Move a measure; -> the row in the ledger. The first one started makes the candidate *Tiltag i gang*.

    Deciding copies what was identified; *dokumenteret* needs something realised, with what documents it.
    Raises MeasureRefusedError.
    """
    begun = clock.now()
    rows = rows_of_measure(measure)
    latest = rows[-1].happened_on if rows else measure.state_since_on
    before = measure.state
    check_move(before, state, day, reason, latest=latest, today=clock.today())
    if state is MeasureState.DOCUMENTED:
        check_documented(measure.savings)
    with db.session.no_autoflush:
        if decides(before, state):
            begin_decided(measure)
            measure.is_in_plan = True
    moment = act_moment(begun, measure.savings)
    moves = [measure_row(measure, before, state, day, reason=reason)]
    if state in STARTED:
        moves += stage_row(measure.candidacy, Stage.ACTIVE, day)
    made = record(moves, user_id=user_id, recorded_at=moment)
    follow_ledger(measure)
    follow_candidate(measure.candidacy)
    return made[0]


def stage_row(candidacy: Candidacy, stage: Stage, day: dt.date) -> list[Move]:
    """The move by which a candidate comes to `stage`; none when it is there or further, or closed."""
    if candidacy.stage is Stage.CLOSED or candidacy.stage.position >= stage.position:
        return []
    wish = Wish(stage, max(day, candidacy.stage_since_on))
    return [stage_move(candidacy, wish, candidacy.business.municipality_code, candidacy.stage.value)]


def undo_measure(measure: Measure, *, user_id: int | None, ledger_id: int | None = None) -> bool:
    """Take the latest move or change of numbers back; -> whether it was done.

    With `ledger_id` only that row, and only while it is the latest. What the move made of the candidate goes
    with it while that is still its latest move. The first row taken back hides the measure.
    """
    rows = rows_of_measure(measure)
    if not rows or (ledger_id is not None and rows[-1].id != ledger_id):
        return False
    last = rows[-1]
    if last.detail == CloseReason.MERGED.value:  # taken back with the merge
        return False
    was_decided_by_it = decides(MeasureState(rows[-2].to_code), MeasureState(last.to_code)) if len(rows) > 1 else False
    reverse([last.id], user_id=user_id)
    put_back(measure, last.recorded_at, rows[:-1])
    follow_rows(measure, rows[:-1])
    if was_decided_by_it and not _is_adopted(measure):
        measure.is_in_plan = False
    db.session.flush()
    for row_id in _stage_rows_at(measure, last.recorded_at):
        undo_move(measure.candidacy, user_id=user_id, ledger_id=row_id)
    return True


def _is_adopted(measure: Measure) -> bool:
    from nbe.models import ActionPlan

    statement = sa.select(ActionPlan.id).where(
        ActionPlan.candidacy_id == measure.candidacy_id, ActionPlan.adopted_on.is_not(None)
    )
    return db.session.scalar(statement) is not None


def _stage_rows_at(measure: Measure, moment: dt.datetime) -> list[int]:
    statement = sa.select(LedgerRow.id).where(
        LedgerRow.business_id == measure.business_id,
        LedgerRow.programme_id == measure.programme_id,
        LedgerRow.kind == LedgerKind.STAGE,
        LedgerRow.recorded_at == moment,
        LedgerRow.reverses_id.is_(None),
    )
    return list(db.session.scalars(statement))
