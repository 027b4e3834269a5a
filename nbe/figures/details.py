"""What a municipality's own page tells beside the headline figures: splits, medians, enterprises.

These read the municipality's rows through an index, and so stand on Kommune only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.figures.declared import CANDIDATES, REASON_FIGURES, SUITABLE, Figure
from nbe.figures.masking import HIDDEN, Shown, mask_split
from nbe.figures.results import FigureSet
from nbe.figures.rows import SOURCES, Asked, By, Parts, count_rows
from nbe.ledger.actions import read_rows, row_columns
from nbe.ledger.fold import Row, effective
from nbe.ledger.queries import states_at
from nbe.models import Business, Candidacy, LedgerRow, Membership, Programme
from nbe.models.states import OPEN_STAGES, STAGES_IN_ORDER, SUITABLE_STAGES, LedgerKind, MembershipState, Stage


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: candidates, and the suitable among them."""

    name: str
    candidates: Shown
    suitable: Shown


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long candidates stood at a stage before they went on: median days, and of how many."""

    stage: Stage
    days: float
    passed: int


@dataclass(frozen=True, slots=True)
class Enterprises:
    """Counts in which each enterprise counts once, by its CVR number."""

    members: int
    candidates: int
    suitable: int


OTHERS = "others"  # the parts that a viewer who sees small splits only roughly is not told apart


def split(programme: Programme, as_of: dt.date, code: int, by: By, *, is_masked: bool) -> list[Part]:
    """Candidates and suitable by source or industry, the most first.

    Masked, a part is named only where its candidates may be told: that a part is there at all would
    already say something of it. The rest stand under one name.
    """
    parts = Parts(count_rows(Asked(programme.id, as_of, code, by=by)))
    candidates, suitable = parts.of(code, CANDIDATES.sums), parts.of(code, SUITABLE.sums)
    if not is_masked:
        names = sorted((name for name in candidates if candidates[name]), key=lambda name: (-candidates[name], name))
        return [Part(name, candidates[name], suitable[name]) for name in names]
    names = list(SOURCES) if by == "source" else sorted(candidates)
    shown, shown_suitable = (mask_split({name: counts[name] for name in names}) for counts in (candidates, suitable))
    told = [Part(name, shown[name], shown_suitable[name]) for name in names if isinstance(shown[name], int)]
    named = sorted((part for part in told if part.candidates), key=lambda part: (-int(part.candidates), part.name))
    return [*named, Part(OTHERS, HIDDEN, HIDDEN)] if len(told) < len(names) else named


def reasons(figures: FigureSet, code: int, *, is_masked: bool) -> list[tuple[Figure, Shown]]:
    """Why candidates were closed: (the reason's figure, how many); only reasons there are."""
    counts = {figure.key: int(figures.value(figure.key, code) or 0) for figure in REASON_FIGURES}
    if not is_masked:
        return [(figure, counts[figure.key]) for figure in REASON_FIGURES if counts[figure.key]]
    shown = mask_split(counts)
    return [(figure, shown[figure.key]) for figure in REASON_FIGURES if shown[figure.key] != 0]


def stage_times(programme: Programme, as_of: dt.date, code: int) -> list[StageTime]:
    """Median days per stage of the candidates that have left it, by the ledger as known now."""
    statement = sa.select(*row_columns()).where(
        LedgerRow.programme_id == programme.id,
        LedgerRow.kind == LedgerKind.STAGE,
        LedgerRow.municipality_code == code,
        LedgerRow.happened_on <= as_of,
    )
    rows = sorted(effective(read_rows(statement), as_of), key=lambda row: row.business_id)
    days: dict[str, list[int]] = {}
    for _, moves in groupby(rows, key=lambda row: row.business_id):
        for stage, stood in _stays(list(moves)):
            days.setdefault(stage, []).append(stood)
    return [
        StageTime(stage, float(median(days[stage.value])), len(days[stage.value]))
        for stage in STAGES_IN_ORDER
        if stage.value in days
    ]


def _stays(moves: Sequence[Row]) -> Iterable[tuple[str, int]]:
    """(stage, days) for each stage a candidate has left; a move to the same stage (a relocation) is no move."""
    entered: Row | None = None
    for move in moves:
        if entered is None or move.to_code != entered.to_code:
            if entered is not None:
                yield entered.to_code, (move.happened_on - entered.happened_on).days
            entered = move


def count_enterprises(programme: Programme, as_of: dt.date, code: int) -> Enterprises:
    """Members, candidates and suitable with each CVR number counted once."""
    candidates, members = _states(programme.id, as_of)
    suitable = [stage.value for stage in SUITABLE_STAGES]
    further = [*suitable, *(stage.value for stage in OPEN_STAGES)]
    return Enterprises(
        members=_count_distinct(members, [MembershipState.MEMBER.value], code),
        candidates=_count_distinct(candidates, further, code),
        suitable=_count_distinct(candidates, suitable, code),
    )


def _states(programme_id: int, as_of: dt.date) -> tuple[Any, Any]:
    """Who stood where on the day: candidates and memberships, each with its municipality."""
    if as_of < clock.today():
        return states_at(LedgerKind.STAGE, programme_id, as_of), states_at(LedgerKind.MEMBERSHIP, None, as_of)
    place = Business.municipality_code
    candidates = (
        sa.select(Candidacy.business_id, sa.cast(Candidacy.stage, sa.String).label("to_code"), place)
        .join(Business, Business.id == Candidacy.business_id)
        .where(Candidacy.programme_id == programme_id, Candidacy.is_hidden.is_(False), Business.is_hidden.is_(False))
    )
    members = (
        sa.select(Membership.business_id, sa.cast(Membership.state, sa.String).label("to_code"), place)
        .join(Business, Business.id == Membership.business_id)
        .where(Membership.is_hidden.is_(False), Business.is_hidden.is_(False))
    )
    return candidates.subquery(), members.subquery()


def _count_distinct(states: Any, codes: Iterable[str], code: int) -> int:
    statement = (
        sa.select(sa.func.count(sa.distinct(Business.cvr)))
        .join(states, states.c.business_id == Business.id)
        .where(states.c.to_code.in_(list(codes)), states.c.municipality_code == code)
    )
    return db.session.scalar(statement) or 0
