"""Counting by rows: by industry or source, or as known at a moment.

Reads the rows of one programme through an index. Today's counts come from the records' own
columns, those of another day or another knowledge from the fold of the ledger; `flask check`
holds that the two agree. The industry and the source are today's: neither has a history.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core import clock
from nbe.core.database import db
from nbe.figures.results import EVERYTHING, Narrowing
from nbe.ledger import ASSESSED
from nbe.ledger.queries import states_at
from nbe.models import Business, Candidacy, LedgerRow, Membership
from nbe.models.states import SUITABLE_STAGES, CloseReason, LedgerKind, Source, Stage

By = Literal["industry", "source"]
Counts = Counter[tuple[int, str, str]]
_SUITABLE = [stage.value for stage in SUITABLE_STAGES]
SOURCES = ("", *(source.value for source in Source))  # "": not told
DIVISION = 2  # the digits of an industry code that name the division


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: a programme on a day, of one municipality or all, narrowed, split or not."""

    programme_id: int
    as_of: dt.date
    municipality_code: int | None = None
    known_at: dt.datetime | None = None
    narrowing: Narrowing = EVERYTHING
    by: By | None = None

    @property
    def is_now(self) -> bool:
        """Whether the records' own columns tell it."""
        return self.known_at is None and self.as_of >= clock.today()


def count_rows(asked: Asked) -> Counts:
    """(municipality, total key, part) -> count. Two statements; the part is "" where nothing is split."""
    counts: Counts = Counter()
    candidates, members = (_candidate_records, _member_records) if asked.is_now else (_candidate_moves, _member_moves)
    for code, stage, detail, assessed, part, n in db.session.execute(candidates(asked)):
        is_closed = stage == Stage.CLOSED.value
        reason = detail or CloseReason.UNKNOWN.value
        counts[code, f"closed:{reason}" if is_closed else f"stage:{stage}", part] += n
        if assessed:
            counts[code, ASSESSED, part] += n
    for code, state, part, n in db.session.execute(members(asked)):
        counts[code, f"member:{state}", part] += n
    return counts


def part_of(by: By | None) -> Any:
    """The column that names the part a business belongs to; the same for all where nothing is split."""
    if by == "industry":
        return sa.func.substr(Business.industry_code, 1, DIVISION)
    if by == "source":
        return sa.func.coalesce(sa.cast(Candidacy.source, sa.String), "")
    return sa.literal("")


def conditions_of(asked: Asked, owner: Any, *, of_candidates: bool) -> list[Any]:
    """What narrows a select over businesses; `owner` is the municipality they are counted in."""
    conditions: list[Any] = []
    if asked.municipality_code is not None:
        conditions.append(owner == asked.municipality_code)
    division = asked.narrowing.industry
    if division:  # a range, so that an index serves it; ":" comes after "9"
        conditions += [Business.industry_code >= division, Business.industry_code < division + ":"]
    if asked.narrowing.source and of_candidates:
        conditions.append(Candidacy.source == asked.narrowing.source)
    return conditions


def _candidate_records(asked: Asked) -> Any:
    is_assessed = sa.or_(
        Candidacy.stage.in_(SUITABLE_STAGES),
        sa.and_(Candidacy.verdict.is_not(None), Candidacy.close_reason.is_distinct_from(CloseReason.MERGED)),
    )
    columns = (
        Business.municipality_code,
        sa.cast(Candidacy.stage, sa.String).label("stage"),
        sa.cast(Candidacy.close_reason, sa.String).label("reason"),
        is_assessed.label("assessed"),
        part_of(asked.by).label("part"),
    )
    inner = (
        sa.select(*columns)
        .join_from(Candidacy, Business, Business.id == Candidacy.business_id)
        .where(
            Candidacy.programme_id == asked.programme_id,
            Candidacy.is_hidden.is_(False),
            Business.is_hidden.is_(False),
            *conditions_of(asked, Business.municipality_code, of_candidates=True),
        )
    )
    return _count_groups(inner)


def _member_records(asked: Asked) -> Any:
    by = asked.by if asked.by == "industry" else None
    inner = (
        sa.select(
            Business.municipality_code, sa.cast(Membership.state, sa.String).label("state"), part_of(by).label("part")
        )
        .join_from(Membership, Business, Business.id == Membership.business_id)
        .where(
            Membership.is_hidden.is_(False),
            Business.is_hidden.is_(False),
            *conditions_of(asked, Business.municipality_code, of_candidates=False),
        )
    )
    return _count_groups(inner)


def _candidate_moves(asked: Asked) -> Any:
    stages = states_at(LedgerKind.STAGE, asked.programme_id, asked.as_of, asked.known_at)
    is_merged = stages.c.detail.is_not_distinct_from(CloseReason.MERGED.value)
    is_assessed = sa.or_(
        stages.c.to_code.in_(_SUITABLE), sa.and_(~is_merged, _had_verdict(asked, stages.c.business_id))
    )
    inner = sa.select(
        stages.c.municipality_code,
        stages.c.to_code,
        stages.c.detail,
        is_assessed.label("assessed"),
        part_of(asked.by).label("part"),
    ).select_from(stages)
    if asked.by == "industry" or asked.narrowing.industry:
        inner = inner.join(Business, Business.id == stages.c.business_id)
    if asked.by == "source" or asked.narrowing.source:
        same = sa.and_(Candidacy.business_id == stages.c.business_id, Candidacy.programme_id == stages.c.programme_id)
        inner = inner.join(Candidacy, same)
    return _count_groups(inner.where(*conditions_of(asked, stages.c.municipality_code, of_candidates=True)))


def _member_moves(asked: Asked) -> Any:
    members = states_at(LedgerKind.MEMBERSHIP, None, asked.as_of, asked.known_at)
    by = asked.by if asked.by == "industry" else None
    inner = sa.select(members.c.municipality_code, members.c.to_code, part_of(by).label("part")).select_from(members)
    if by or asked.narrowing.industry:
        inner = inner.join(Business, Business.id == members.c.business_id)
    return _count_groups(inner.where(*conditions_of(asked, members.c.municipality_code, of_candidates=False)))


def _count_groups(inner: Any) -> Any:
    """The rows of `inner` grouped by all its columns, with their number."""
    rows = inner.subquery()
    return sa.select(*rows.c, sa.func.count()).group_by(*rows.c)


def _had_verdict(asked: Asked, business_id: Any) -> Any:
    verdict, undo = aliased(LedgerRow), aliased(LedgerRow)
    taken_back = sa.select(undo.id).where(undo.reverses_id == verdict.id)
    conditions = [
        verdict.business_id == business_id,
        verdict.programme_id == asked.programme_id,
        verdict.kind == LedgerKind.VERDICT,
        verdict.reverses_id.is_(None),
        verdict.happened_on <= asked.as_of,
    ]
    if asked.known_at is not None:
        conditions.append(verdict.recorded_at <= asked.known_at)
        taken_back = taken_back.where(undo.recorded_at <= asked.known_at)
    return sa.select(verdict.id).where(*conditions, ~taken_back.exists()).exists()


class Parts:
    """Counts of a split, to be summed key by key: part -> count."""

    def __init__(self, counts: Counts) -> None:
        self._by_place: dict[tuple[int, str], Counter[str]] = {}
        for (code, key, part), n in counts.items():
            self._by_place.setdefault((code, key), Counter())[part] += n

    def of(self, code: int, keys: Iterable[str]) -> Counter[str]:
        """The parts of these keys in one municipality."""
        parts: Counter[str] = Counter()
        for key in keys:
            parts.update(self._by_place.get((code, key), Counter()))
        return parts
