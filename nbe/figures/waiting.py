"""How long candidates wait between *egnet* and *screenet*: the median of days, from the moves themselves.

A median cannot be added up from totals, so this reads the stage moves of one programme through an index: it stands on
Kommune, in the interface and on the command line, and not on Overblik.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.figures.declared import ALL, Number
from nbe.figures.rows import Asked, conditions_of
from nbe.ledger.queries import moves_until, states_at
from nbe.models import Business, Candidacy
from nbe.models.states import LedgerKind, Stage, StageGroup, stages_from

_SCREENED = [stage.value for stage in stages_from(Stage.SCREENED)]
_BEFORE = [stage.value for stage in StageGroup.SUITABLE.stages if stage.value not in _SCREENED]


def days_to_screened(asked: Asked) -> dict[int | None, Number]:
    """municipality -> median days, and of all together; absent where nobody can be counted. One statement."""
    days: dict[int | None, Counter[int]] = {ALL: Counter()}
    for code, suitable_on, screened_on, n in db.session.execute(_waits(asked)):
        wait = (screened_on - suitable_on).days
        days.setdefault(code, Counter())[wait] += n
        days[ALL][wait] += n
    return {code: median_of(counts) for code, counts in days.items() if counts}


def median_of(counts: Counter[int]) -> Number:
    """The median of numbers given as how often each occurs; halves where it lies between two."""
    total = counts.total()
    low, high = (_at(sorted(counts.items()), place) for place in ((total - 1) // 2, total // 2))
    return low if low == high else (low + high) / 2


def _at(counts: Iterable[tuple[int, int]], place: int) -> int:
    passed = 0
    for number, n in counts:
        passed += n
        if place < passed:
            return number
    raise IndexError(place)


def _waits(asked: Asked) -> Any:
    moves = moves_until(LedgerKind.STAGE, asked.programme_id, asked.as_of, asked.known_at)
    firsts = (
        sa.select(
            moves.c.business_id,
            sa.func.min(sa.case((moves.c.to_code.in_(_BEFORE), moves.c.happened_on))).label("suitable_on"),
            sa.func.min(sa.case((moves.c.to_code.in_(_SCREENED), moves.c.happened_on))).label("screened_on"),
        )
        .group_by(moves.c.business_id)
        .subquery()
    )
    stages = states_at(LedgerKind.STAGE, asked.programme_id, asked.as_of, asked.known_at)
    columns = (stages.c.municipality_code, firsts.c.suitable_on, firsts.c.screened_on)
    statement = (
        sa.select(*columns, sa.func.count())
        .select_from(stages)
        .join(firsts, firsts.c.business_id == stages.c.business_id)
        .where(stages.c.to_code.in_(_SCREENED), firsts.c.suitable_on <= firsts.c.screened_on)
        .group_by(*columns)
    )
    if asked.narrowing.industry:
        statement = statement.join(Business, Business.id == stages.c.business_id)
    if asked.narrowing.source:
        same = sa.and_(Candidacy.business_id == stages.c.business_id, Candidacy.programme_id == asked.programme_id)
        statement = statement.join(Candidacy, same)
    return statement.where(*conditions_of(asked, stages.c.municipality_code, of_candidates=True))
