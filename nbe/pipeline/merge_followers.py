"""What follows a candidate in a merge: its screenings and measures, its plan and the looks at it.

They go to the candidacy of the business that stays. The ledger is told of each once more, there; what it told of
them where they were counts no longer, as that candidacy is closed. Sign-ups for events stay with the business that
was there that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import Row, effective
from nbe.models import ActionPlan, Business, Candidacy, FollowUp, LedgerRow, Measure, Screening
from nbe.models.states import CloseReason, LedgerKind
from nbe.pipeline.merge_plan import MergePlan

_KINDS = (LedgerKind.SCREENING, LedgerKind.MEASURE)


def bring_followers(plan: MergePlan, candidacies: Mapping[int, Candidacy]) -> None:
    """Let the records of the candidacies that give way belong to those that stay; `candidacies` by programme."""
    for pair in plan.candidacies:
        candidacy = candidacies[pair.programme_id]
        place = {"business_id": plan.kept.id, "candidacy_id": candidacy.id}
        number = _highest_number(candidacy)
        for screening in _of(Screening, pair.gone):
            number += 1
            _set(screening, place | {"number": number})
        for measure in _of(Measure, pair.gone):
            _set(measure, place)
        if not _of(ActionPlan, candidacy):
            for action_plan in _of(ActionPlan, pair.gone):
                _set(action_plan, place)
        held = {look.months for look in _of(FollowUp, candidacy)}
        for look in _of(FollowUp, pair.gone):
            if look.months not in held:
                _set(look, place)


def _of(model: Any, candidacy: Candidacy) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(model.candidacy_id == candidacy.id).order_by(model.id)))


def _highest_number(candidacy: Candidacy) -> int:
    return max((screening.number for screening in _of(Screening, candidacy)), default=0)


def _set(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(record, name) != value:
            setattr(record, name, value)


def follower_moves(plan: MergePlan, place: int, today: dt.date) -> list[Move]:
    """One row for each screening and measure, which says where it stands now: with the business that stays."""
    programmes = {pair.programme_id for pair in plan.candidacies}
    latest: dict[tuple[str, int | None], Row] = {}
    for row in effective(rows_of([plan.gone.id])):
        if row.kind in _KINDS and row.programme_id in programmes:
            latest[(row.kind, row.subject_id)] = row
    return [
        Move(
            kind=LedgerKind(row.kind),
            municipality_code=place,
            business_id=plan.kept.id,
            programme_id=row.programme_id,
            subject_id=row.subject_id,
            from_code=row.to_code,
            to_code=row.to_code,
            detail=CloseReason.MERGED.value,
            happened_on=max(today, row.happened_on),
            amounts=dict(row.amounts),
        )
        for row in latest.values()
    ]


def follow_back(kept: Business, gone: Business, moment: dt.datetime, *, user_id: int | None) -> None:
    """What has been told of followers since the merge at `moment` goes back with them: said where they return to.

    Called before the moves of the merge are taken back.
    """
    merged = sa.select(LedgerRow.kind, LedgerRow.subject_id, LedgerRow.id).where(
        LedgerRow.business_id == kept.id,
        LedgerRow.recorded_at == moment,
        LedgerRow.kind.in_(_KINDS),
        LedgerRow.detail == CloseReason.MERGED.value,
    )
    began = {(row.kind, row.subject_id): row.id for row in db.session.execute(merged)}
    since: dict[tuple[Any, int | None], list[Row]] = {}
    for row in effective(rows_of([kept.id])):
        series = (LedgerKind(row.kind), row.subject_id) if row.kind in _KINDS else None
        if series in began and row.id > began[series]:
            since.setdefault(series, []).append(row)
    reverse([row.id for rows in since.values() for row in rows], user_id=user_id)
    record(
        [
            Move(
                kind=LedgerKind(row.kind),
                municipality_code=gone.municipality_code,
                business_id=gone.id,
                programme_id=row.programme_id,
                subject_id=row.subject_id,
                from_code=row.to_code,
                to_code=row.to_code,
                detail=CloseReason.MERGED.value,
                happened_on=row.happened_on,
                amounts=dict(row.amounts),
            )
            for row in (rows[-1] for rows in since.values())
        ],
        user_id=user_id,
    )
