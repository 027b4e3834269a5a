"""The measures of the story: proposed at the visit, decided in the plan, started, and one in a while documented."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.demo.candidates import Plan
from nbe.demo.proposals import PROPOSALS, Proposal, decimal_amounts
from nbe.demo.story_screenings import make_relevant
from nbe.ledger import Move
from nbe.measures.rules import co2e, follow_up_days, ledger_amounts
from nbe.models import (
    ActionPlan,
    Business,
    Candidacy,
    EmissionFactor,
    FollowUp,
    Measure,
    Saving,
    Screening,
    ThemeAnswer,
    ThemeSet,
)
from nbe.models.states import LedgerKind, MeasureState, Quantity, SavingPhase, Stage

Factors = dict[tuple[Quantity, str], EmissionFactor]
_LAST_STATES = (MeasureState.DECIDED, MeasureState.ACTIVE, MeasureState.DOCUMENTED)


def add_measures(
    rng: random.Random,
    business: Business,
    candidacy: Candidacy,
    plan: Plan,
    screening: Screening,
    themes: ThemeSet,
    factors: Factors,
) -> list[Move]:
    """What came of a held visit; the moves, to be recorded together with the others."""
    days = {step.stage: step.day for step in plan.steps}
    if screening.held_on is None:
        return []
    planned_on, active_on = days.get(Stage.PLANNED), days.get(Stage.ACTIVE)
    theme_ids = {theme.code: theme.id for theme in themes.themes}
    moves: list[Move] = []
    answers = {
        answer.theme_id: answer
        for answer in db.session.scalars(sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id))
    }
    for place, proposal in enumerate(rng.sample(PROPOSALS, k=rng.choice((2, 3, 3, 4)))):
        make_relevant(answers[theme_ids[proposal.theme]], proposal.theme)
        measure = Measure(
            business_id=business.id,
            candidacy_id=candidacy.id,
            programme_id=candidacy.programme_id,
            screening_id=screening.id,
            theme_id=theme_ids[proposal.theme],
            key=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            title=proposal.title,
            description=proposal.description,
            state=MeasureState.IDENTIFIED,
            state_since_on=screening.held_on,
            created_at=_moment(screening.held_on),
        )
        db.session.add(measure)
        db.session.flush()
        amounts = decimal_amounts(proposal, rng.randrange(60, 150))
        measure.savings = _savings(SavingPhase.IDENTIFIED, proposal, amounts, factors)
        moves.append(_row(measure, business, MeasureState.IDENTIFIED, screening.held_on))
        if planned_on and place < 2:
            moves += _carry_on(measure, business, proposal, amounts, factors, planned_on, active_on, place)
    db.session.flush()
    if planned_on:
        _add_plan(business, candidacy, planned_on)
    return moves


def _carry_on(
    measure: Measure,
    business: Business,
    proposal: Proposal,
    amounts: dict[Quantity, Decimal],
    factors: Factors,
    planned_on: dt.date,
    active_on: dt.date | None,
    place: int,
) -> list[Move]:
    """Decided in the plan; the first is started, and documented where that is a while ago."""
    measure.is_in_plan = True
    measure.owner_name = business.contacts[0].name if business.contacts else ""
    measure.due_on = planned_on + dt.timedelta(days=120 + 60 * place)
    measure.savings += _savings(SavingPhase.DECIDED, proposal, amounts, factors)
    moves = [_row(measure, business, MeasureState.DECIDED, planned_on)]
    if active_on and place == 0:
        moves.append(_row(measure, business, MeasureState.ACTIVE, active_on))
        if amounts.get(Quantity.INVESTMENT, Decimal(0)) < 20_000:  # what costs little is soon done
            real = {quantity: number * 9 / 10 for quantity, number in amounts.items()}
            measure.savings += _savings(SavingPhase.REALISED, proposal, real, factors)
            moves.append(_row(measure, business, MeasureState.DOCUMENTED, active_on + dt.timedelta(days=2)))
    return moves


def _savings(
    phase: SavingPhase, proposal: Proposal, amounts: dict[Quantity, Decimal], factors: Factors
) -> list[Saving]:
    savings = []
    for quantity, amount in amounts.items():
        factor = factors.get((quantity, proposal.factor))
        savings.append(
            Saving(
                phase=phase,
                quantity=quantity,
                amount=amount,
                evidence=proposal.evidence if phase is SavingPhase.REALISED else "",
                factor_id=factor.id if factor else None,
                factor_kg=factor.kg_per_unit if factor else None,
                factor_year=factor.year if factor else None,
                factor_source=f"{factor.title}. {factor.source}" if factor else "",
                co2e_kg=co2e(amount, factor.kg_per_unit) if factor else None,
            )
        )
    return savings


def _row(measure: Measure, business: Business, state: MeasureState, day: dt.date) -> Move:
    before = None if state is MeasureState.IDENTIFIED else measure.state.value
    place = _LAST_STATES.index(state) + 1 if state in _LAST_STATES else 0
    common: dict[str, Any] = {"from_code": before, "to_code": state.value, "happened_on": day}
    move = Move(
        kind=LedgerKind.MEASURE,
        municipality_code=business.municipality_code,
        business_id=business.id,
        programme_id=measure.programme_id,
        subject_id=measure.id,
        amounts=ledger_amounts(measure.savings),
        recorded_at=_moment(day) + dt.timedelta(minutes=place),
        **common,
    )
    measure.state, measure.state_since_on = state, day
    return move


def _add_plan(business: Business, candidacy: Candidacy, day: dt.date) -> None:
    common: dict[str, Any] = {"business_id": business.id, "candidacy_id": candidacy.id}
    who = business.contacts[0].name if business.contacts else ""
    note = "To tiltag først; resten ses på til efteråret."
    db.session.add(ActionPlan(adopted_on=day, adopted_by=who, note=note, **common))
    for months, due_on in follow_up_days(day).items():
        db.session.add(FollowUp(months=months, due_on=due_on, **common))
    db.session.flush()


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(16), DANISH).astimezone(dt.UTC)
