"""The board: a column per stage, each with its count, what has come this far of the target, and its first cards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from nbe.access import Viewer
from nbe.core.database import db
from nbe.ledger import closed_key, stage_key
from nbe.ledger.queries import sums
from nbe.models import Business, Candidacy
from nbe.models.states import STAGES_IN_ORDER, SUITABLE_STAGES, CloseReason, Stage
from nbe.pipeline.filters import CandidateFilter
from nbe.pipeline.queries import seen_municipality, select_candidates
from nbe.pipeline.rows import CandidateRow, read_rows
from nbe.targets.queries import required

CARDS = 30


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One stage: its cards (the most urgent first), how many there are, how many stand here or further."""

    stage: Stage
    cards: list[CandidateRow]
    count: int
    reached: int
    target: int

    @property
    def is_counting(self) -> bool:
        """Whether candidates here count toward the target."""
        return self.stage in SUITABLE_STAGES

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return self.count - len(self.cards)


def build_board(viewer: Viewer, chosen: CandidateFilter) -> list[BoardColumn]:
    """The columns of today for one filter; the number of statements does not depend on the rows."""
    counts = _count_stages(viewer, chosen)
    cards = _first_cards(viewer, chosen)
    code = seen_municipality(viewer, chosen)
    numbers = required(chosen.programme.id, chosen.day)
    target = numbers.get(code, 0) if code is not None else sum(numbers.values())
    columns = []
    for stage in chosen.stages if chosen.step or chosen.is_assessed else tuple(Stage):
        reached = sum(counts.get(further, 0) for further in STAGES_IN_ORDER[stage.position :])
        if stage is Stage.CLOSED:
            reached = 0
        columns.append(BoardColumn(stage, cards.get(stage, []), counts.get(stage, 0), reached, target))
    return columns


def _count_stages(viewer: Viewer, chosen: CandidateFilter) -> dict[Stage, int]:
    everything = replace(chosen, stages=tuple(Stage))
    code = seen_municipality(viewer, chosen)
    if chosen.is_plain and not chosen.is_assessed and not chosen.reason and chosen.municipality_code in (None, code):
        keys = {stage_key(stage): stage for stage in STAGES_IN_ORDER}
        keys |= {closed_key(reason): Stage.CLOSED for reason in CloseReason}
        counts: dict[Stage, int] = {}
        for (_code, key), n in sums(chosen.programme.id, list(keys), chosen.day, code).items():
            counts[keys[key]] = counts.get(keys[key], 0) + n
        return counts
    statement, _municipality, stage, _detail = select_candidates(viewer, everything)
    rows = db.session.execute(statement.with_only_columns(stage, sa.func.count()).group_by(stage))
    return {Stage(code): n for code, n in rows}


def _first_cards(viewer: Viewer, chosen: CandidateFilter) -> dict[Stage, list[CandidateRow]]:
    statement, municipality, stage, detail = select_candidates(viewer, chosen)
    urgency = (Candidacy.next_step_on.is_(None), Candidacy.next_step_on, Business.sort_key, Business.id)
    place = sa.func.row_number().over(partition_by=stage, order_by=urgency)
    ranked = statement.with_only_columns(Candidacy.id, place.label("place")).subquery()
    first = sa.select(ranked.c.id).where(ranked.c.place <= CARDS)
    shown = (
        sa.select(Candidacy)
        .join(Business, Business.id == Candidacy.business_id)
        .where(Candidacy.id.in_(first))
        .order_by(*urgency)
    )
    cards: dict[Stage, list[CandidateRow]] = {}
    for row in read_rows(viewer, shown, municipality, stage, detail):
        cards.setdefault(row.stage, []).append(row)
    return cards
