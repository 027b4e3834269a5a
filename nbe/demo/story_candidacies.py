"""The candidates of the story: their moves, activities and verdicts, recorded when people record such things."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.demo.candidates import Plan
from nbe.demo.figures import TODAY
from nbe.ledger import Move
from nbe.models import Activity, Assessment, AssessmentAnswer, Business, Candidacy, Criterion, Programme
from nbe.models.states import CriterionAnswer, LedgerKind, Stage, Verdict


def moment(rng: random.Random, day: dt.date) -> dt.datetime:
    """Some time in the working hours of a Danish day."""
    time = dt.time(rng.randrange(8, 16), rng.randrange(60), rng.randrange(60))
    return dt.datetime.combine(day, time, DANISH).astimezone(dt.UTC)


def add_candidacy(
    rng: random.Random,
    business: Business,
    plan: Plan,
    programme: Programme,
    leader: int,
    criteria: list[Criterion],
) -> tuple[Candidacy, list[Move]]:
    """Put a candidacy in as it stands; -> (candidacy, its moves, to be recorded together with the others)."""
    last = plan.steps[-1]
    candidacy = Candidacy(
        business_id=business.id,
        programme_id=programme.id,
        stage=last.stage,
        stage_since_on=last.day,
        close_reason=last.reason,
        verdict=plan.verdict,
        verdict_on=plan.verdict_on,
        source=plan.source,
        screening_on=plan.screening_on,
        responsible_id=leader,
        next_step=plan.next_step,
        next_step_on=plan.next_step_on,
        created_at=moment(rng, plan.steps[0].day),
    )
    db.session.add(candidacy)
    db.session.flush()
    for day, kind, outcome, note in plan.activities:
        db.session.add(
            Activity(
                business_id=business.id,
                candidacy_id=candidacy.id,
                kind=kind,
                outcome=outcome,
                happened_on=day,
                note=note,
                user_id=leader,
                created_at=moment(rng, day),
            )
        )
    days = [day for day, *_ in plan.activities]
    candidacy.last_activity_on = business.last_activity_on = max(days, default=None)
    if plan.verdict_on:
        _add_assessment(rng, candidacy, plan, plan.verdict_on, leader, criteria)
    return candidacy, _candidacy_moves(rng, business, plan, programme, leader)


def _candidacy_moves(
    rng: random.Random, business: Business, plan: Plan, programme: Programme, leader: int
) -> list[Move]:
    moves = []
    before: Stage | None = None
    for step in plan.steps:
        late = rng.choice((0, 0, 0, 0, 1, 2)) if step.day < TODAY - dt.timedelta(days=3) else 0
        recorded_at = moment(rng, step.day + dt.timedelta(days=late))
        common: dict[str, Any] = {
            "municipality_code": business.municipality_code,
            "happened_on": step.day,
            "business_id": business.id,
            "programme_id": programme.id,
            "user_id": leader,
        }
        if plan.verdict and step.day == plan.verdict_on and step.stage in (Stage.SUITABLE, Stage.CLOSED):
            verdict = Move(
                kind=LedgerKind.VERDICT,
                to_code=plan.verdict.value,
                recorded_at=recorded_at,
                reason=plan.reason,
                **common,
            )
            moves.append(verdict)
        moves.append(
            Move(
                kind=LedgerKind.STAGE,
                from_code=before.value if before else None,
                to_code=step.stage.value,
                detail=step.reason.value if step.reason else None,
                recorded_at=recorded_at + dt.timedelta(seconds=1),
                reason=plan.reason if step.reason else "",
                **common,
            )
        )
        before = step.stage
    return moves


def _add_assessment(
    rng: random.Random, candidacy: Candidacy, plan: Plan, day: dt.date, leader: int, criteria: list[Criterion]
) -> None:
    good = plan.verdict is Verdict.SUITABLE
    choices = (
        (CriterionAnswer.YES, CriterionAnswer.YES, CriterionAnswer.PARTLY)
        if good
        else (CriterionAnswer.NO, CriterionAnswer.PARTLY, CriterionAnswer.NO)
    )
    assessment = Assessment(
        candidacy_id=candidacy.id,
        reason=plan.reason,
        assessor_id=leader,
        updated_at=moment(rng, day),
        answers=[AssessmentAnswer(criterion_id=c.id, answer=rng.choice(choices)) for c in criteria],
    )
    db.session.add(assessment)
