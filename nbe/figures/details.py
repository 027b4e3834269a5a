"""What a municipality's own page tells beside the headline figures: splits, medians, enterprises.

These read the municipality's rows through an index, and so stand on Kommune only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.figures.declared import CANDIDATES, REASON_FIGURES, SUITABLE
from nbe.figures.masking import Shown, mask_split
from nbe.figures.results import FigureSet
from nbe.figures.rows import SOURCES, Asked, By, Parts, count_rows
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


def split(programme: Programme, as_of: dt.date, code: int, by: By, *, is_masked: bool) -> list[Part]:
    """Candidates and suitable by source or industry; only parts that have candidates, the most first."""
    parts = Parts(count_rows(Asked(programme.id, as_of, code, by=by)))
    candidates, suitable = parts.of(code, CANDIDATES.sums), parts.of(code, SUITABLE.sums)
    names = SOURCES if by == "source" else tuple(candidates)
    shown = [
        _mask({name: counts.get(name, 0) for name in names}, is_masked=is_masked) for counts in (candidates, suitable)
    ]
    kept = [name for name in names if candidates[name]]
    if not is_masked:
        kept.sort(key=lambda name: (-candidates[name], name))
    return [Part(name, shown[0][name], shown[1][name]) for name in kept]


def reasons(figures: FigureSet, code: int, *, is_masked: bool) -> list[tuple[str, Shown]]:
    """Why candidates were closed: (label, how many); only reasons there are."""
    counts = {figure.key: int(figures.value(figure.key, code) or 0) for figure in REASON_FIGURES}
    shown = _mask(counts, is_masked=is_masked)
    return [(str(figure.title), shown[figure.key]) for figure in REASON_FIGURES if counts[figure.key]]


def _mask(parts: Mapping[str, int], *, is_masked: bool) -> Mapping[str, Shown]:
    return mask_split(parts) if is_masked else parts


def stage_times(programme: Programme, as_of: dt.date, code: int) -> list[StageTime]:
    """Median days per stage of the candidates that have left it, by the ledger as known now."""
    columns = [getattr(LedgerRow, name) for name in Row._fields]
    statement = sa.select(*columns).where(
        LedgerRow.programme_id == programme.id,
        LedgerRow.kind == LedgerKind.STAGE,
        LedgerRow.municipality_code == code,
        LedgerRow.happened_on <= as_of,
    )
    rows = sorted(
        effective((Row(*row) for row in db.session.execute(statement)), as_of), key=lambda row: row.business_id
    )
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
    if as_of >= clock.today():
        states: Any = sa.select(Candidacy.business_id, sa.cast(Candidacy.stage, sa.String).label("to_code")).where(
            Candidacy.programme_id == programme.id, Candidacy.is_hidden.is_(False)
        )
        members: Any = sa.select(Membership.business_id, sa.cast(Membership.state, sa.String).label("to_code")).where(
            Membership.is_hidden.is_(False)
        )
        owner: Any = Business.municipality_code
        candidates, joined = states.subquery(), members.subquery()
        by_record = True
    else:
        candidates = states_at(LedgerKind.STAGE, programme.id, as_of)
        joined = states_at(LedgerKind.MEMBERSHIP, None, as_of)
        by_record = False
        owner = None

    def distinct(states: Any, codes: Iterable[str]) -> int:
        place = owner if by_record else states.c.municipality_code
        statement = (
            sa.select(sa.func.count(sa.distinct(Business.cvr)))
            .join(states, states.c.business_id == Business.id)
            .where(states.c.to_code.in_(list(codes)), place == code)
        )
        if by_record:
            statement = statement.where(Business.is_hidden.is_(False))
        return db.session.scalar(statement) or 0

    suitable = [stage.value for stage in SUITABLE_STAGES]
    return Enterprises(
        members=distinct(joined, [MembershipState.MEMBER.value]),
        candidates=distinct(candidates, [*suitable, *(stage.value for stage in OPEN_STAGES)]),
        suitable=distinct(candidates, suitable),
    )
