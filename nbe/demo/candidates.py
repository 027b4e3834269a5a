"""How the story's candidates came to stand where they stand."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace

from nbe.demo.figures import LAST_MEETING, TODAY, Standing
from nbe.models.states import STAGES_IN_ORDER, ActivityKind, ActivityOutcome, CloseReason, Source, Stage, Verdict

GOOD = "Ledelsen bakker op, og der er tid til forløbet i år."
BAD = "For få ansatte og ingen tid til forløbet i år."
NEXT_STEPS = (
    "Ring og aftal møde",
    "Send materiale om forløbet",
    "Aftal dato for screening",
    "Følg op på tilbuddet",
    "Besøg virksomheden",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage entered on a day."""

    stage: Stage
    day: dt.date
    reason: CloseReason | None = None


@dataclass(slots=True)
class Plan:
    """One candidate's way through the programme so far."""

    steps: list[Step]
    source: Source
    verdict: Verdict | None = None
    verdict_on: dt.date | None = None
    reason: str = ""
    screening_on: dt.date | None = None
    next_step: str = ""
    next_step_on: dt.date | None = None
    activities: list[tuple[dt.date, ActivityKind, ActivityOutcome | None, str]] = field(default_factory=list)


def workday(day: dt.date, step: int = -1) -> dt.date:
    """The day itself, or from a weekend the Friday before it (with 1: the Monday after it)."""
    while day.weekday() >= 5:
        day += dt.timedelta(days=step)
    return day


def _steps_to(rng: random.Random, stage: Stage, last: dt.date, pause: int = 6) -> list[Step]:
    """Every stage up to `stage`, the last one entered on `last`, the others some days apart before it."""
    steps = [Step(stage, last)]
    for earlier in reversed(STAGES_IN_ORDER[: stage.position]):
        steps.insert(0, Step(earlier, steps[0].day - dt.timedelta(days=rng.randrange(6, 15))))
    return steps


def _final_stages(standing: Standing) -> list[Stage]:
    """The stages of those who count: planned first, then screened, then egnet."""
    only_screened = standing.screened - standing.plans
    only_suitable = standing.suitable - standing.screened
    planned = [Stage.ACTIVE if i % 3 == 2 else Stage.PLANNED for i in range(standing.plans)]
    screened = [Stage.REPORTED if i % 2 else Stage.SCREENED for i in range(only_screened)]
    suitable = [(Stage.SUITABLE, Stage.AGREED, Stage.SCREENING_PLANNED)[i % 3] for i in range(only_suitable)]
    return planned + screened + suitable


def plan_candidates(rng: random.Random, code: int, standing: Standing) -> list[Plan]:
    """The plans of one municipality's candidates: those who count, the open, the closed."""
    plans = [_counting(rng, code, i, stage) for i, stage in enumerate(_final_stages(standing))]
    stages = (Stage.INTERESTED, Stage.ASSESSING, Stage.CONTACTED, Stage.LONGLIST)
    plans += [_open(rng, code, i, stages[i % 4]) for i in range(standing.open)]
    plans += [_closed(rng) for _ in range(standing.not_suitable)]
    return plans


def _counting(rng: random.Random, code: int, place: int, stage: Stage) -> Plan:
    last = TODAY - dt.timedelta(days=rng.randrange(4, 25))
    if code == 849:  # one was suitable before the last meeting, two came after; the first is screened
        last = (dt.date(2016, 4, 7), dt.date(2016, 2, 24), dt.date(2016, 4, 14))[place]
    steps = _steps_to(rng, stage, last, 6 if code == 849 else 13)
    if code == 849 and place == 0:
        days = (15, 29, 43, 57, 86, 108, 139, 180)
        steps = [Step(step.stage, last - dt.timedelta(days=days[7 - i])) for i, step in enumerate(steps)]
        steps = [
            Step(s.stage, min(s.day, LAST_MEETING - dt.timedelta(days=8)) if s.stage is Stage.SUITABLE else s.day)
            for s in steps[:-1]
        ] + [Step(stage, last)]
    steps = [replace(step, day=workday(step.day)) if step.stage is Stage.SCREENED else step for step in steps]
    skipped = place == 1 and code in (851, 787)  # egnet was skipped: the verdict is still missing
    if skipped:
        steps = [step for step in steps if step.stage is not Stage.SUITABLE]
    suitable_on = next((step.day for step in steps if step.stage is Stage.SUITABLE), None)
    screened_on = next((step.day for step in steps if step.stage is Stage.SCREENED), None)
    plan = Plan(
        steps=steps,
        source=rng.choice((Source.NETWORK, Source.NETWORK, Source.RECOMMENDATION, Source.OUTREACH)),
        verdict=Verdict.SUITABLE if suitable_on else None,
        verdict_on=suitable_on,
        reason=GOOD if suitable_on else "",
        screening_on=screened_on
        or (workday(TODAY + dt.timedelta(days=rng.randrange(8, 30)), 1) if stage is Stage.SCREENING_PLANNED else None),
    )
    plan.activities = _talks(steps)
    plan.activities.append((workday(last), ActivityKind.VISIT, ActivityOutcome.DONE, "Møde på virksomheden"))
    if place % 3 != 2:
        plan.next_step = rng.choice(NEXT_STEPS[2:])
        plan.next_step_on = TODAY + dt.timedelta(days=rng.randrange(-2, 14))
    return plan


def _talks(steps: list[Step]) -> list[tuple[dt.date, ActivityKind, ActivityOutcome | None, str]]:
    talks: list[tuple[dt.date, ActivityKind, ActivityOutcome | None, str]] = []
    for step in steps:
        if step.stage is Stage.CONTACTED:
            talks.append((step.day, ActivityKind.CALL, ActivityOutcome.REACHED, "Fortalte om forløbet"))
        if step.stage is Stage.INTERESTED:
            talks.append((step.day, ActivityKind.CALL, ActivityOutcome.INTERESTED, "Vil gerne høre mere"))
    return talks


def _open(rng: random.Random, code: int, place: int, stage: Stage) -> Plan:
    last = TODAY - dt.timedelta(days=rng.randrange(3, 20))
    if code == 773 or (code == 849 and stage is Stage.CONTACTED):
        last = dt.date(2016, 2, 20) if code == 773 else dt.date(2016, 3, 18)  # gone silent
    plan = Plan(
        steps=_steps_to(rng, stage, last),
        source=rng.choice((Source.OUTREACH, Source.RECOMMENDATION, Source.NETWORK, Source.LIST)),
    )
    plan.activities = _talks(plan.steps)
    if code == 773 or stage is Stage.CONTACTED:
        return plan
    days = (-3, 0, 99, 3)[place % 4] if code == 849 else rng.randrange(-4, 10)
    plan.next_step = NEXT_STEPS[place % len(NEXT_STEPS)] if stage is not Stage.LONGLIST else "Første opkald"
    plan.next_step_on = TODAY + dt.timedelta(days=days)
    return plan


def _closed(rng: random.Random) -> Plan:
    day = TODAY - dt.timedelta(days=rng.randrange(20, 150))
    steps = _steps_to(rng, Stage.ASSESSING, day - dt.timedelta(days=rng.randrange(3, 12)))
    steps.append(Step(Stage.CLOSED, day, CloseReason.NOT_SUITABLE))
    plan = Plan(
        steps=steps,
        source=rng.choice((Source.OUTREACH, Source.LIST, Source.LIST)),
        verdict=Verdict.NOT_SUITABLE,
        verdict_on=day,
        reason=BAD,
    )
    plan.activities = _talks(steps)
    return plan
