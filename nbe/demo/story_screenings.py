"""The visits behind the story's stages: who came, what was seen, and how far the report is."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.demo.candidates import Plan
from nbe.demo.figures import TODAY
from nbe.demo.proposals import SEEN
from nbe.ledger import Move
from nbe.models import Business, Candidacy, Screener, Screening, ScreeningPerson, ThemeAnswer, ThemeSet
from nbe.models.states import LedgerKind, Relevance, ScreeningRole, ScreeningState, Stage
from nbe.screenings.rules import STATES_IN_ORDER

TO_PREPARE = "El-, varme- og vandregninger for 12 måneder\nAffaldsmængder og -regninger\nListe over kemikalier"


def add_screening(
    rng: random.Random,
    business: Business,
    candidacy: Candidacy,
    plan: Plan,
    themes: ThemeSet,
    screener: Screener,
) -> tuple[Screening | None, list[Move]]:
    """The visit of a candidate that has come so far; -> (screening, its moves, to be recorded with the others)."""
    days = {step.stage: step.day for step in plan.steps}
    if plan.screening_on is None or plan.steps[-1].stage is Stage.CLOSED:
        return None, []
    held_on = days.get(Stage.SCREENED)
    planned_on = days.get(Stage.SCREENING_PLANNED, plan.screening_on - dt.timedelta(days=7))
    states = _states(planned_on, held_on, days.get(Stage.REPORTED), is_drafted=business.municipality_code == 849)
    hour = dt.time(rng.choice((9, 10, 13)), rng.choice((0, 30)))
    screening = Screening(
        business_id=business.id,
        candidacy_id=candidacy.id,
        programme_id=candidacy.programme_id,
        theme_set_id=themes.id,
        state=states[-1][0],
        state_since_on=states[-1][1],
        starts_at=dt.datetime.combine(plan.screening_on, hour, DANISH).astimezone(dt.UTC),
        place=", ".join(part for part in (business.address, f"{business.postcode} {business.town}") if part.strip()),
        to_prepare=TO_PREPARE,
        summary="Åben dialog og et godt overblik over driften." if held_on else "",
        held_on=held_on,
        created_at=_moment(planned_on),
    )
    screening.people = [ScreeningPerson(role=ScreeningRole.LEAD, screener_id=screener.id)]
    if business.contacts:
        person = {"contact_id": business.contacts[0].id, "name": business.contacts[0].name}
        screening.people.append(ScreeningPerson(role=ScreeningRole.BUSINESS, **person))
    candidacy.screener_name = screener.name
    db.session.add(screening)
    db.session.flush()
    if held_on:
        db.session.add_all(_answers(rng, screening, themes, business.name))
    return screening, _moves(screening, business, states, screener.user_id)


def _states(
    planned_on: dt.date, held_on: dt.date | None, reported_on: dt.date | None, *, is_drafted: bool
) -> list[tuple[ScreeningState, dt.date]]:
    states = [(ScreeningState.PLANNED, planned_on)]
    if held_on:
        states.append((ScreeningState.HELD, held_on))
    if held_on and reported_on:
        states += zip(STATES_IN_ORDER[2:], days_of_report(held_on, reported_on), strict=True)
    elif held_on and is_drafted:
        states.append((ScreeningState.DRAFT, held_on + dt.timedelta(days=4)))
    return states


def days_of_report(held_on: dt.date, handed_over_on: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """The days a report was begun, approved and handed over."""
    return held_on, held_on + (handed_over_on - held_on) // 2, handed_over_on


def _moves(
    screening: Screening, business: Business, states: list[tuple[ScreeningState, dt.date]], user_id: int | None
) -> list[Move]:
    common: dict[str, Any] = {
        "kind": LedgerKind.SCREENING,
        "municipality_code": business.municipality_code,
        "business_id": business.id,
        "programme_id": screening.programme_id,
        "subject_id": screening.id,
        "user_id": user_id,
    }
    moves, before = [], None
    for place, (state, day) in enumerate(states):
        recorded_at = _moment(min(day, TODAY)) + dt.timedelta(minutes=place)
        moves.append(Move(from_code=before, to_code=state.value, happened_on=day, recorded_at=recorded_at, **common))
        before = state.value
    return moves


def _answers(rng: random.Random, screening: Screening, themes: ThemeSet, name: str) -> list[ThemeAnswer]:
    left_out = set(rng.sample([theme.code for theme in themes.themes], 3))
    answers = []
    for theme in themes.themes:
        answer = _answer(rng, screening, theme.id, theme.code, is_left_out=theme.code in left_out)
        if theme.code == "transport" and "transport" in name.casefold():
            make_relevant(answer, theme.code)
        answers.append(answer)
    return answers


def make_relevant(answer: ThemeAnswer, code: str) -> None:
    """What a business lives by, or a proposal is about, was looked at; one that was left out is so no more."""
    if answer.relevance is Relevance.NOT_RELEVANT:
        answer.relevance, answer.why_not, answer.potential = Relevance.RELEVANT, "", 2
        answer.does_already, answer.observation = SEEN[code]


def _answer(
    rng: random.Random,
    screening: Screening,
    theme_id: int,
    code: str,
    *,
    is_left_out: bool,
) -> ThemeAnswer:
    place = {"screening_id": screening.id, "theme_id": theme_id}
    if is_left_out or code not in SEEN:
        why = "Betyder intet for driften her."
        return ThemeAnswer(relevance=Relevance.NOT_RELEVANT, why_not=why, **place)
    already, observation = SEEN[code]
    return ThemeAnswer(
        relevance=Relevance.RELEVANT,
        does_already=already,
        observation=observation,
        potential=rng.choice((1, 1, 2, 2, 3)),
        **place,
    )


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(15), DANISH).astimezone(dt.UTC)
