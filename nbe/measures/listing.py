"""The list of measures on a day: what the ledger says of each, and the sums that the figures show.

Rows and sums come from the same rows of the ledger as the totals, so that a figure and its list agree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.access import Viewer
from nbe.businesses.queries import found_by, may_read, municipality_names, narrowed
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.ledger import phases_of, saving_key
from nbe.ledger.queries import states_at, subjects_at
from nbe.measures.filters import MeasureFilter
from nbe.measures.rules import GOING_ON, is_overdue, payback_years
from nbe.models import Business, Candidacy, Contact, LedgerAmount, Measure
from nbe.models.measures import AMOUNT
from nbe.models.states import CloseReason, LedgerKind, MeasureState, Quantity, SavingPhase, Stage

Numbers = dict[str, Decimal]  # quantity or CO2E -> how much
_OF_PHASE = {phase: [state.value for state in MeasureState if phase in phases_of(state)] for phase in SavingPhase}
_Present = aliased(Business)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a list, with what it saves by phase. Without title and owner where it is not open to the viewer."""

    id: int
    name: str
    town: str
    municipality_code: int
    municipality_name: str
    state: MeasureState
    since_on: dt.date
    is_counted: bool
    is_open_to_viewer: bool = False
    title: str = ""
    owner: str = ""
    due_on: dt.date | None = None
    is_late: bool = False
    amounts: dict[SavingPhase, Numbers] = field(default_factory=dict)

    @property
    def phase(self) -> SavingPhase:
        """The furthest phase it has come to."""
        phases = phases_of(self.state)
        return phases[-1] if phases else SavingPhase.IDENTIFIED

    def payback(self, phase: SavingPhase) -> Decimal | None:
        """Years, by its own numbers of a phase."""
        return _payback(self.amounts.get(phase, {}))


@dataclass(frozen=True, slots=True)
class PhaseSum:
    """What all rows of a list that count in a phase come to together."""

    phase: SavingPhase
    count: int
    numbers: Numbers
    payback: Decimal | None = None
    payback_count: int = 0  # of how many `payback` tells: those with both an investment and a saving in kr.


def _payback(numbers: Numbers) -> Decimal | None:
    return payback_years(numbers.get(Quantity.INVESTMENT.value), numbers.get(Quantity.MONEY.value))


def _selected(viewer: Viewer, chosen: MeasureFilter) -> tuple[sa.Select[Any], Any, Any, Any]:
    """The filtered select with the ledger's row, the municipality, and whether it counts."""
    told = subjects_at(LedgerKind.MEASURE, chosen.programme.id, chosen.day)
    stages = states_at(LedgerKind.STAGE, chosen.programme.id, chosen.day)
    municipality = sa.func.coalesce(stages.c.municipality_code, told.c.municipality_code)
    counts = sa.func.coalesce(stages.c.to_code, "") != Stage.CLOSED.value
    statement: sa.Select[Any] = (
        sa.select(Measure)
        .select_from(told)
        .join(Measure, Measure.id == told.c.subject_id)
        .join(Business, Business.id == told.c.business_id)
        .join(_Present, _Present.id == Measure.business_id)
        .outerjoin(stages, stages.c.business_id == told.c.business_id)
        # What was closed as merged lives on in the business that was kept, and stands there.
        .where(sa.func.coalesce(stages.c.detail, "") != CloseReason.MERGED.value)
    )
    statement = narrowed(viewer, statement, municipality, chosen.municipality_code)
    if chosen.phase:
        statement = statement.where(counts, told.c.to_code.in_(_OF_PHASE[chosen.phase]))
    if chosen.state:
        statement = statement.where(told.c.to_code == chosen.state.value)
    if chosen.is_late:
        going_on = told.c.to_code.in_([state.value for state in GOING_ON])
        statement = statement.where(counts, going_on, Measure.due_on < clock.today())
    if chosen.division:
        statement = statement.where(
            Business.industry_code >= chosen.division, Business.industry_code < chosen.division + ":"
        )
    if chosen.source:
        of_source = sa.select(Candidacy.business_id).where(
            Candidacy.programme_id == chosen.programme.id, Candidacy.source == chosen.source
        )
        statement = statement.where(told.c.business_id.in_(of_source))
    if chosen.search:
        statement = statement.where(found_by(viewer, chosen.search))
    return statement, told, municipality, counts


def list_measures_of(
    viewer: Viewer, chosen: MeasureFilter, number: int = 1, size: int | None = PAGE_SIZE
) -> Page[MeasureRow]:
    """One page by business and title; all rows when `size` is None."""
    statement, told, municipality, counts = _selected(viewer, chosen)
    total = db.session.scalar(statement.with_only_columns(sa.func.count())) or 0
    columns = (
        told.c.id, told.c.to_code, told.c.happened_on, municipality.label("code"), counts.label("counts"),
        Measure.id.label("measure_id"), Measure.title, Measure.due_on, Measure.owner_name,
        Contact.name.label("contact"), Business.name, Business.town, _Present.municipality_code.label("present_code"),
    )  # fmt: skip
    rows = statement.with_only_columns(*columns).outerjoin(Contact, Contact.id == Measure.owner_id)
    rows = rows.order_by(Business.sort_key, Business.id, Measure.title, Measure.id)
    if size is not None:
        rows = rows.limit(size).offset((number - 1) * size)
    found = db.session.execute(rows).all()
    amounts = _amounts(row.id for row in found)
    names = municipality_names()
    made = [_row(viewer, row, names, amounts.get(row.id, {}), is_today=not chosen.is_past) for row in found]
    return Page(made, number, total, size or max(1, total))


def _row(
    viewer: Viewer, row: Any, names: dict[int, str], amounts: dict[SavingPhase, Numbers], *, is_today: bool
) -> MeasureRow:
    state = MeasureState(row.to_code)
    common: dict[str, Any] = {
        "id": row.measure_id,
        "name": row.name,
        "town": row.town,
        "municipality_code": row.code,
        "municipality_name": names[row.code],
        "state": state,
        "since_on": row.happened_on,
        "is_counted": bool(row.counts),
        "amounts": amounts,
    }
    if not may_read(viewer, row.present_code):  # it has moved to another municipality since
        return MeasureRow(**common)
    return MeasureRow(
        **common,
        is_open_to_viewer=True,
        title=row.title,
        owner=row.contact or row.owner_name,
        due_on=row.due_on,
        is_late=is_today and bool(row.counts) and is_overdue(state, row.due_on, clock.today()),
    )


def _amounts(row_ids: Iterable[int]) -> dict[int, dict[SavingPhase, Numbers]]:
    """Row of the ledger -> phase -> numbers."""
    found: dict[int, dict[SavingPhase, Numbers]] = defaultdict(lambda: defaultdict(dict))
    for ids in chunks(row_ids):
        statement = sa.select(LedgerAmount.ledger_id, LedgerAmount.key, LedgerAmount.amount)
        for row_id, key, amount in db.session.execute(statement.where(LedgerAmount.ledger_id.in_(ids))):
            _saving, phase, quantity = key.split(":")
            found[row_id][SavingPhase(phase)][quantity] = Decimal(amount).scaleb(-AMOUNT)
    return found


def sum_measures(viewer: Viewer, chosen: MeasureFilter) -> list[PhaseSum]:
    """What the rows of the list come to, each phase by itself: all three, or the one asked for."""
    phases = [chosen.phase] if chosen.phase else list(SavingPhase)
    statement, told, _municipality, counts = _selected(viewer, chosen)
    listed = statement.with_only_columns(told.c.id, told.c.to_code).where(counts).subquery()
    states = db.session.execute(sa.select(listed.c.to_code, sa.func.count()).group_by(listed.c.to_code)).all()
    in_phase = sa.or_(
        *(
            sa.and_(LedgerAmount.key.like(saving_key(phase, "%")), listed.c.to_code.in_(_OF_PHASE[phase]))
            for phase in phases
        )
    )
    totals = (
        sa.select(LedgerAmount.key, sa.func.sum(LedgerAmount.amount))
        .join(listed, listed.c.id == LedgerAmount.ledger_id)
        .where(in_phase)
        .group_by(LedgerAmount.key)
    )
    numbers: dict[str, Decimal] = {key: Decimal(int(n)).scaleb(-AMOUNT) for key, n in db.session.execute(totals)}
    paid = _paybacks(listed, phases)
    return [
        PhaseSum(phase, _count(states, phase), _of_phase(numbers, phase), *paid.get(phase, (None, 0)))
        for phase in phases
    ]


def _paybacks(listed: Any, phases: Iterable[SavingPhase]) -> dict[SavingPhase, tuple[Decimal | None, int]]:
    """Phase -> years and of how many measures, over those of the list with both numbers."""
    spent, saved = aliased(LedgerAmount), aliased(LedgerAmount)
    of_phase = (
        sa.and_(
            spent.key == saving_key(phase, Quantity.INVESTMENT.value),
            saved.key == saving_key(phase, Quantity.MONEY.value),
            listed.c.to_code.in_(_OF_PHASE[phase]),
        )
        for phase in phases
    )
    statement = (
        sa.select(spent.key, sa.func.sum(spent.amount), sa.func.sum(saved.amount), sa.func.count())
        .select_from(listed)
        .join(spent, spent.ledger_id == listed.c.id)
        .join(saved, saved.ledger_id == listed.c.id)
        .where(sa.or_(*of_phase))
        .group_by(spent.key)
    )
    return {
        SavingPhase(key.split(":")[1]): (payback_years(Decimal(int(investment)), Decimal(int(money))), count)
        for key, investment, money, count in db.session.execute(statement)
    }


def _count(states: Sequence[Any], phase: SavingPhase) -> int:
    return sum(n for code, n in states if code in _OF_PHASE[phase])


def _of_phase(numbers: Numbers, phase: SavingPhase) -> Numbers:
    start = saving_key(phase, "")
    return {key.removeprefix(start): number for key, number in numbers.items() if key.startswith(start)}
