"""Reading candidates: the list as the viewer may see it, how many there are, and one by its id."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer
from nbe.access.permissions import Scope
from nbe.businesses.queries import found_by, narrowed
from nbe.core import clock
from nbe.core.database import db
from nbe.core.once import once
from nbe.core.paging import PAGE_SIZE, Page
from nbe.ledger import ASSESSED, closed_key, stage_key
from nbe.ledger.queries import states_at, sums
from nbe.models import Business, Candidacy
from nbe.models.states import STAGES_IN_ORDER, SUITABLE_STAGES, CloseReason, LedgerKind, Stage
from nbe.pipeline.conditions import lacks_step_condition, lacks_verdict_condition, silent_condition
from nbe.pipeline.filters import CandidateFilter
from nbe.pipeline.rows import CandidateRow, read_rows

_KEYS = [ASSESSED, *(stage_key(stage) for stage in Stage if stage is not Stage.CLOSED), *map(closed_key, CloseReason)]
FEW = 400  # so many rows are sorted sooner than a municipality's businesses are walked through

# Made once: making a statement costs more than running it.
_STANDING = (
    sa.select(Candidacy)
    .join(Business, Business.id == Candidacy.business_id)
    .where(Candidacy.is_hidden.is_(False), Business.is_hidden.is_(False))
)
_IS_NOT_CLOSED = Candidacy.stage != Stage.CLOSED


def _past(chosen: CandidateFilter) -> tuple[sa.Select[Any], Any, Any, Any]:
    stages = states_at(LedgerKind.STAGE, chosen.programme.id, chosen.day)
    same = sa.and_(Candidacy.business_id == stages.c.business_id, Candidacy.programme_id == chosen.programme.id)
    statement = (
        sa.select(Candidacy)
        .select_from(stages)
        .join(Business, Business.id == stages.c.business_id)
        .join(Candidacy, same)
        .where(stages.c.to_code.in_([stage.value for stage in chosen.stages]))
    )
    if chosen.is_assessed:
        verdicts = states_at(LedgerKind.VERDICT, chosen.programme.id, chosen.day)
        has_verdict = sa.and_(verdicts.c.id.is_not(None), stages.c.detail.is_distinct_from(CloseReason.MERGED.value))
        statement = statement.join(verdicts, verdicts.c.business_id == stages.c.business_id, isouter=True).where(
            sa.or_(has_verdict, stages.c.to_code.in_([stage.value for stage in SUITABLE_STAGES]))
        )
    return statement, stages.c.municipality_code, stages.c.to_code, stages.c.detail


def _today(chosen: CandidateFilter, *, by_business: bool) -> tuple[sa.Select[Any], Any, Any, Any]:
    # "+ 0" takes the programme's own index from the planner, so that it walks the businesses in order.
    programme: Any = Candidacy.programme_id + 0 if by_business else Candidacy.programme_id
    stage: Any = Candidacy.stage
    statement = _STANDING.where(programme == chosen.programme.id)
    if chosen.stages == STAGES_IN_ORDER:
        statement = statement.where(_IS_NOT_CLOSED)
    elif len(chosen.stages) < len(Stage):
        statement = statement.where(stage.in_(chosen.stages))
    if chosen.is_assessed:
        has_verdict = sa.and_(
            Candidacy.verdict.is_not(None), Candidacy.close_reason.is_distinct_from(CloseReason.MERGED)
        )
        statement = statement.where(sa.or_(has_verdict, stage.in_(SUITABLE_STAGES)))
    if chosen.lacks_verdict:
        statement = statement.where(lacks_verdict_condition())
    if chosen.lacks_step:
        statement = statement.where(lacks_step_condition(clock.today()))
    if chosen.is_silent:
        statement = statement.where(silent_condition(clock.today()))
    return statement, Business.municipality_code, stage, Candidacy.close_reason


def select_candidates(
    viewer: Viewer, chosen: CandidateFilter, *, by_business: bool = False
) -> tuple[sa.Select[Any], Any, Any, Any]:
    """The filtered select with the columns that say municipality, stage and closing reason on the day asked for."""
    statement, municipality, stage, detail = (
        _past(chosen) if chosen.is_past else _today(chosen, by_business=by_business)
    )
    statement = narrowed(viewer, statement, municipality, chosen.municipality_code)
    if chosen.reason:
        statement = statement.where(detail == chosen.reason.value)
    if chosen.division:
        statement = statement.where(
            Business.industry_code >= chosen.division, Business.industry_code < chosen.division + ":"
        )
    if chosen.source:
        statement = statement.where(Candidacy.source == chosen.source)
    if chosen.search:
        statement = statement.where(found_by(viewer, chosen.search))
    return statement, municipality, stage, detail


def seen_municipality(viewer: Viewer, chosen: CandidateFilter) -> int | None:
    """The one municipality a list is about, or None for all."""
    return viewer.municipality_code if viewer.scope(Permission.LISTS_READ) is Scope.OWN else chosen.municipality_code


def _totals(programme_id: int, day: dt.date, code: int | None) -> Counter[str]:
    """Key -> count, over the municipalities seen: the list's length and the goal are two of its sums."""

    def read() -> Counter[str]:
        counts: Counter[str] = Counter()
        for (_code, key), n in sums(programme_id, _KEYS, day, code).items():
            counts[key] += n
        return counts

    return once(f"candidates {programme_id} {day} {code}", read)


def count_candidates(viewer: Viewer, chosen: CandidateFilter) -> int:
    """How many rows the list has: from the totals where they know, else counted."""
    code = seen_municipality(viewer, chosen)
    is_elsewhere = chosen.municipality_code not in (None, code)
    if chosen.is_plain and not is_elsewhere and not (chosen.is_assessed and chosen.step):
        if chosen.is_assessed:
            keys = [ASSESSED]
        elif chosen.reason:
            keys = [closed_key(chosen.reason)]
        else:
            keys = [stage_key(stage) for stage in chosen.stages if stage is not Stage.CLOSED]
            keys += [closed_key(reason) for reason in CloseReason if Stage.CLOSED in chosen.stages]
        counts = _totals(chosen.programme.id, chosen.day, code)
        return sum(counts[key] for key in keys)
    statement, *_ = select_candidates(viewer, chosen)
    return db.session.scalar(statement.with_only_columns(sa.func.count())) or 0


def list_candidates(viewer: Viewer, chosen: CandidateFilter, number: int = 1) -> Page[CandidateRow]:
    """One page, by name unless the filter says otherwise."""
    total = count_candidates(viewer, chosen)
    by_business = total > FEW and chosen.order == "navn" and not chosen.search
    statement, municipality, stage, detail = select_candidates(viewer, chosen, by_business=by_business)
    statement = statement.order_by(*_order(chosen, stage), Business.sort_key, Business.id)
    statement = statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = read_rows(viewer, statement, municipality, stage, detail, is_past=chosen.is_past)
    return Page(rows, number, total)


def list_candidate_businesses(viewer: Viewer, chosen: CandidateFilter) -> list[int]:
    """The businesses of the whole list in Danish order, for an export."""
    statement, *_ = select_candidates(viewer, chosen)
    return list(db.session.scalars(statement.with_only_columns(Business.id).order_by(Business.sort_key, Business.id)))


def _order(chosen: CandidateFilter, stage: Any) -> tuple[Any, ...]:
    if chosen.order == "skridt":
        return Candidacy.next_step_on.is_(None), Candidacy.next_step_on
    if chosen.order == "aktivitet":
        return Business.last_activity_on.is_not(None), Business.last_activity_on
    if chosen.order == "trin":
        return (sa.case({s.value: s.position for s in Stage}, value=sa.cast(stage, sa.String), else_=99),)
    return ()
