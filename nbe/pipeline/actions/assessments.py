"""The suitability assessment: criteria answered, and a person's verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record
from nbe.models import Assessment, AssessmentAnswer, Candidacy
from nbe.models.states import CloseReason, CriterionAnswer, Stage, Verdict
from nbe.pipeline.actions.following import follow_ledger, stage_move, standing_of, verdict_move
from nbe.pipeline.actions.moves import move_to_stage
from nbe.pipeline.rules import Standing, Wish, decide


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
    _keep_answers(candidacy, answers, reason, user_id)
    to = Stage.SUITABLE if verdict is Verdict.SUITABLE else Stage.CLOSED
    detail = CloseReason.NOT_SUITABLE if verdict is Verdict.NOT_SUITABLE else None
    municipality = candidacy.business.municipality_code
    moves = [verdict_move(candidacy, verdict, day, reason, municipality)]
    stays = (
        verdict is Verdict.SUITABLE
        and candidacy.stage is not Stage.CLOSED
        and (candidacy.stage.position >= Stage.SUITABLE.position)
    )
    if not stays and candidacy.stage is not to:
        wish = Wish(to, day, reason, detail)
        decide(standing_of(candidacy), wish, clock.today())
        moves.append(stage_move(candidacy, wish, municipality, candidacy.stage.value))
    elif day > clock.today():
        decide(Standing(Stage.LONGLIST, day), Wish(to, day, reason, detail), clock.today())
    record(moves, user_id=user_id)
    follow_ledger(candidacy)


def save_answers(
    candidacy: Candidacy, answers: Mapping[int, CriterionAnswer], reason: str, *, user_id: int | None
) -> Assessment:
    """Keep the criteria's answers; a candidate not yet under assessment is so from today."""
    assessment = _keep_answers(candidacy, answers, reason, user_id)
    if candidacy.stage is not Stage.CLOSED and candidacy.stage.position < Stage.ASSESSING.position:
        move_to_stage(candidacy, Wish(Stage.ASSESSING, clock.today()), user_id=user_id)
    return assessment


def _keep_answers(
    candidacy: Candidacy, answers: Mapping[int, CriterionAnswer], reason: str, user_id: int | None
) -> Assessment:
    assessment = candidacy.assessment
    if assessment is None:
        assessment = Assessment(candidacy=candidacy, updated_at=clock.now())
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
