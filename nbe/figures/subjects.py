"""Counting visits, measures and savings by rows of the ledger: by industry or source, or as known at a moment.

By the same rule as the totals: each stands where its candidate stands, and not while that is closed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.figures.rows import Asked, Counts, conditions_of, part_of
from nbe.ledger import measure_key, phases_of
from nbe.ledger.queries import states_at, subjects_at
from nbe.models import Business, Candidacy, LedgerAmount
from nbe.models.states import LedgerKind, MeasureState, Stage


def count_subjects(asked: Asked) -> Counts:
    """(municipality, total key, part) -> count; of savings, thousandths. Three statements."""
    counts: Counts = Counter()
    for code, state, part, n in db.session.execute(_count_groups(_standing(asked, LedgerKind.SCREENING))):
        counts[code, f"{LedgerKind.SCREENING.value}:{state}", part] += n
    measures = _standing(asked, LedgerKind.MEASURE)
    for code, state, part, n in db.session.execute(_count_groups(measures)):
        for phase in phases_of(MeasureState(state)):
            counts[code, measure_key(phase), part] += n
    for code, state, part, key, amount in db.session.execute(_sum_amounts(measures)):
        if any(key.startswith(f"saving:{phase.value}:") for phase in phases_of(MeasureState(state))):
            counts[code, key, part] += int(amount)
    return counts


def _standing(asked: Asked, kind: LedgerKind) -> sa.Subquery:
    """Each visit or measure that counts: municipality, state, part, and the row of the ledger that says so."""
    told = subjects_at(kind, asked.programme_id, asked.as_of, asked.known_at)
    stages = states_at(LedgerKind.STAGE, asked.programme_id, asked.as_of, asked.known_at)
    code = sa.func.coalesce(stages.c.municipality_code, told.c.municipality_code)
    same = sa.and_(Candidacy.business_id == told.c.business_id, Candidacy.programme_id == told.c.programme_id)
    statement = (
        sa.select(code.label("code"), told.c.to_code, part_of(asked.by).label("part"), told.c.id)
        .select_from(told)
        .join(Business, Business.id == told.c.business_id)
        .outerjoin(Candidacy, same)
        .outerjoin(stages, stages.c.business_id == told.c.business_id)
        .where(sa.func.coalesce(stages.c.to_code, "") != Stage.CLOSED.value)
    )
    return statement.where(*conditions_of(asked, code, of_candidates=True)).subquery()


def _count_groups(standing: sa.Subquery) -> Any:
    columns = (standing.c.code, standing.c.to_code, standing.c.part)
    return sa.select(*columns, sa.func.count()).group_by(*columns)


def _sum_amounts(standing: sa.Subquery) -> Any:
    columns = (standing.c.code, standing.c.to_code, standing.c.part, LedgerAmount.key)
    return (
        sa.select(*columns, sa.func.sum(LedgerAmount.amount))
        .join(LedgerAmount, LedgerAmount.ledger_id == standing.c.id)
        .group_by(*columns)
    )


def count_people(asked: Asked) -> Counts:
    """(municipality, total key, "") -> participants of courses and people at events by state. Two statements."""
    counts: Counts = Counter()
    for kind in (LedgerKind.PARTICIPANT, LedgerKind.REGISTRATION):
        told = subjects_at(kind, asked.programme_id, asked.as_of, asked.known_at)
        columns = (told.c.municipality_code, told.c.to_code)
        for place, state, n in db.session.execute(sa.select(*columns, sa.func.count()).group_by(*columns)):
            if asked.municipality_code in (None, place):
                counts[place, f"{kind.value}:{state}", ""] += n
    return counts
