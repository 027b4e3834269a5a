"""What is done with candidates. Every change of stage or verdict is a row in the ledger; the columns follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import (
    Assessment,
    AssessmentAnswer,
    Business,
    Candidacy,
    LedgerRow,
    Programme,
)
from nbe.models.states import (
    CloseReason,
    CriterionAnswer,
    LedgerKind,
    Source,
    Stage,
    Verdict,
)
from nbe.pipeline.rules import Decision, Standing, Wish, decide


def standing_of(candidacy: Candidacy) -> Standing:
    """A candidacy in the shape the rules read."""
    return Standing(candidacy.stage, candidacy.stage_since_on, candidacy.verdict is not None)


def follow_ledger(candidacy: Candidacy) -> None:
    """Set stage, closing reason and verdict to what the ledger says now."""
    rows = [row for row in effective(rows_of([candidacy.business_id])) if row.programme_id == candidacy.programme_id]
    stages = [row for row in rows if row.kind == LedgerKind.STAGE]
    verdicts = [row for row in rows if row.kind == LedgerKind.VERDICT]
    if stages:
        last = stages[-1]
        entered = next(
            row for i, row in enumerate(stages) if all(later.to_code == last.to_code for later in stages[i:])
        )
        candidacy.stage = Stage(last.to_code)
        candidacy.stage_since_on = entered.happened_on
        is_closed = candidacy.stage is Stage.CLOSED
        candidacy.close_reason = CloseReason(last.detail or CloseReason.UNKNOWN) if is_closed else None
        if candidacy.close_reason is not CloseReason.POSTPONED:
            candidacy.postponed_to_year = None
    candidacy.verdict = Verdict(verdicts[-1].to_code) if verdicts else None
    candidacy.verdict_on = verdicts[-1].happened_on if verdicts else None
    db.session.flush()


def _stage_move(candidacy: Candidacy, wish: Wish, municipality_code: int, from_code: str | None) -> Move:
    return Move(
        kind=LedgerKind.STAGE,
        municipality_code=municipality_code,
        from_code=from_code,
        to_code=wish.to.value,
        detail=wish.detail.value if wish.detail and wish.to is Stage.CLOSED else None,
        happened_on=wish.happened_on,
        business_id=candidacy.business_id,
        programme_id=candidacy.programme_id,
        reason=wish.reason,
    )


def _verdict_move(candidacy: Candidacy, verdict: Verdict, day: dt.date, reason: str, municipality_code: int) -> Move:
    return Move(
        kind=LedgerKind.VERDICT,
        municipality_code=municipality_code,
        from_code=candidacy.verdict.value if candidacy.verdict else None,
        to_code=verdict.value,
        happened_on=day,
        business_id=candidacy.business_id,
        programme_id=candidacy.programme_id,
        reason=reason,
    )


def name_candidate(
    business: Business,
    programme: Programme,
    *,
    user_id: int | None,
    source: Source | None = None,
    happened_on: dt.date | None = None,
    responsible_id: int | None = None,
) -> tuple[Candidacy, bool]:
    """Put a business on the longlist of a programme; -> (candidacy, was it new). Known ones stay as they are."""
    known = db.session.scalar(
        sa.select(Candidacy).where(Candidacy.business_id == business.id, Candidacy.programme_id == programme.id)
    )
    if known is not None and not known.is_hidden:
        return known, False
    day = happened_on or clock.today()
    candidacy = known or Candidacy(
        business_id=business.id, programme_id=programme.id, created_at=clock.now(), stage_since_on=day
    )
    candidacy.is_hidden = False
    candidacy.stage = Stage.LONGLIST
    candidacy.stage_since_on = day
    candidacy.close_reason = None
    candidacy.source = source
    candidacy.responsible_id = responsible_id
    db.session.add(candidacy)
    db.session.flush()
    record([_stage_move(candidacy, Wish(Stage.LONGLIST, day), business.municipality_code, None)], user_id=user_id)
    follow_ledger(candidacy)
    return candidacy, True


def move_to_stage(candidacy: Candidacy, wish: Wish, *, user_id: int | None) -> Decision:
    """Move a candidate. Raises MoveRefusedError. Closing as not suitable is a verdict as well."""
    decision = decide(standing_of(candidacy), wish, clock.today())
    municipality = candidacy.business.municipality_code
    moves = []
    if wish.detail is CloseReason.NOT_SUITABLE and wish.to is Stage.CLOSED:
        moves.append(_verdict_move(candidacy, Verdict.NOT_SUITABLE, wish.happened_on, wish.reason, municipality))
    moves.append(_stage_move(candidacy, wish, municipality, candidacy.stage.value))
    record(moves, user_id=user_id)
    candidacy.postponed_to_year = wish.year if wish.detail is CloseReason.POSTPONED else None
    year = candidacy.postponed_to_year
    follow_ledger(candidacy)
    if wish.detail is CloseReason.POSTPONED:
        candidacy.postponed_to_year = year
        _turn_up_later(candidacy, user_id)
    db.session.flush()
    return decision


def _turn_up_later(candidacy: Candidacy, user_id: int | None) -> None:
    programme = db.session.scalar(sa.select(Programme).where(Programme.year == candidacy.postponed_to_year))
    if programme is not None and programme.id != candidacy.programme_id:
        name_candidate(candidacy.business, programme, user_id=user_id, source=candidacy.source)


def welcome_postponed(programme: Programme, *, user_id: int | None) -> int:
    """A new programme takes in those who were postponed to its year; -> how many."""
    waiting = db.session.scalars(
        sa.select(Candidacy).where(
            Candidacy.postponed_to_year == programme.year,
            Candidacy.is_hidden.is_(False),
            Candidacy.programme_id != programme.id,
        )
    )
    return sum(
        name_candidate(c.business, programme, user_id=user_id, source=c.source)[1] for c in waiting.unique().all()
    )


def give_verdict(
    candidacy: Candidacy,
    verdict: Verdict,
    day: dt.date,
    reason: str,
    answers: Mapping[int, CriterionAnswer],
    *,
    user_id: int | None,
) -> None:
    """A person's verdict: egnet lifts the candidate to egnet, ikke egnet closes it. Raises MoveRefusedError."""
    save_answers(candidacy, answers, reason, user_id=user_id)
    to = Stage.SUITABLE if verdict is Verdict.SUITABLE else Stage.CLOSED
    detail = CloseReason.NOT_SUITABLE if verdict is Verdict.NOT_SUITABLE else None
    municipality = candidacy.business.municipality_code
    moves = [_verdict_move(candidacy, verdict, day, reason, municipality)]
    stays = (
        verdict is Verdict.SUITABLE
        and candidacy.stage is not Stage.CLOSED
        and (candidacy.stage.position >= Stage.SUITABLE.position)
    )
    if not stays and candidacy.stage is not to:
        wish = Wish(to, day, reason, detail)
        decide(standing_of(candidacy), wish, clock.today())
        moves.append(_stage_move(candidacy, wish, municipality, candidacy.stage.value))
    elif day > clock.today():
        decide(Standing(Stage.LONGLIST, day), Wish(to, day, reason, detail), clock.today())
    record(moves, user_id=user_id)
    follow_ledger(candidacy)


def save_answers(
    candidacy: Candidacy, answers: Mapping[int, CriterionAnswer], reason: str, *, user_id: int | None
) -> Assessment:
    """Keep the criteria's answers; opening them moves a candidate before assessment there."""
    assessment = candidacy.assessment
    if assessment is None:
        assessment = Assessment(candidacy_id=candidacy.id, updated_at=clock.now())
        db.session.add(assessment)
        db.session.flush()
    known = {answer.criterion_id: answer for answer in assessment.answers}
    for criterion_id, answer in answers.items():
        if criterion_id in known:
            known[criterion_id].answer = answer
        else:
            assessment.answers.append(AssessmentAnswer(criterion_id=criterion_id, answer=answer))
    assessment.reason = reason
    assessment.assessor_id = user_id
    assessment.updated_at = clock.now()
    db.session.flush()
    return assessment


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


def undo_move(candidacy: Candidacy, *, user_id: int | None) -> bool:
    """Take the latest move back; -> whether there was one."""
    rows = latest_moves(candidacy)
    if not rows:
        return False
    reverse([row.id for row in rows], user_id=user_id)
    follow_ledger(candidacy)
    return True


def set_next_step(candidacy: Candidacy, text: str, day: dt.date | None) -> None:
    """What to do next, and when."""
    candidacy.next_step = text
    candidacy.next_step_on = day
    db.session.flush()
