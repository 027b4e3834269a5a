"""From rows to states: what holds at a day, as known at a moment, and what each day adds to the totals.

Pure functions over rows; no database. The totals are by definition the sum of what every
business contributes, so that a changed past, an undo and a move between municipalities all
follow from folding that business again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nbe.models.gathering_states import ParticipantState, RegistrationState
from nbe.models.states import (
    SUITABLE_STAGES,
    CloseReason,
    LedgerKind,
    MeasureState,
    MembershipState,
    SavingPhase,
    ScreeningState,
    Stage,
)

ASSESSED = "assessed"
NO_PROGRAMME = 0
_SUITABLE = frozenset(stage.value for stage in SUITABLE_STAGES)
_MERGED = CloseReason.MERGED.value
CO2E = "co2e"  # beside the quantities: what a saving of them comes to in kg CO₂e


class Row(NamedTuple):
    """The part of a ledger row that folding needs."""

    id: int
    kind: str
    business_id: int
    programme_id: int | None
    municipality_code: int
    to_code: str
    detail: str | None
    happened_on: dt.date
    recorded_at: dt.datetime
    reverses_id: int | None
    subject_id: int | None = None
    amounts: tuple[tuple[str, int], ...] = ()


COLUMNS = Row._fields[:-1]  # those that are columns of the ledger itself


class Contribution(NamedTuple):
    """Where one unit of a total stands."""

    programme_id: int
    municipality_code: int
    key: str
    day: dt.date


def stage_key(stage: Stage) -> str:
    """The total that counts candidates at an open or further stage."""
    return f"stage:{stage.value}"


def closed_key(reason: CloseReason | str) -> str:
    """The total that counts closed candidates by reason."""
    return f"closed:{reason}"


def member_key(state: MembershipState) -> str:
    """The total that counts businesses by membership state."""
    return f"member:{state.value}"


def screening_key(state: ScreeningState) -> str:
    """The total that counts screenings by state."""
    return f"screening:{state.value}"


def measure_key(phase: SavingPhase) -> str:
    """The total that counts measures that have come to a phase."""
    return f"measure:{phase.value}"


def saving_key(phase: SavingPhase, quantity: str) -> str:
    """The total that adds up, in thousandths, what measures save of a quantity (or of CO2E) in a phase."""
    return f"saving:{phase.value}:{quantity}"


def participant_key(state: ParticipantState) -> str:
    """The total that counts participants of courses by state."""
    return f"participant:{state.value}"


def registration_key(state: RegistrationState) -> str:
    """The total that counts people at events by state."""
    return f"registration:{state.value}"


def phases_of(state: MeasureState) -> tuple[SavingPhase, ...]:
    """The phases in which a measure at `state` counts: seen, decided on, and documented; abandoned in none.

    Realised is what is documented, never what is only said to be carried out.
    """
    if state is MeasureState.ABANDONED:
        return ()
    if state is MeasureState.IDENTIFIED:
        return (SavingPhase.IDENTIFIED,)
    if state is MeasureState.DOCUMENTED:
        return tuple(SavingPhase)
    return (SavingPhase.IDENTIFIED, SavingPhase.DECIDED)


def effective(rows: Iterable[Row], until: dt.date | None = None, known_at: dt.datetime | None = None) -> list[Row]:
    """The rows that hold: recorded by `known_at`, not taken back by then, happened by `until`.

    Sorted by the day they happened, then by the order they were recorded.
    """
    known = [row for row in rows if known_at is None or row.recorded_at <= known_at]
    reversed_ids = {row.reverses_id for row in known if row.reverses_id is not None}
    holding = [
        row
        for row in known
        if row.reverses_id is None and row.id not in reversed_ids and (until is None or row.happened_on <= until)
    ]
    return sorted(holding, key=lambda row: (row.happened_on, row.id))


def _candidacy_keys(stage: Row | None, has_verdict: bool) -> frozenset[str]:
    if stage is None:
        return frozenset()
    is_closed = stage.to_code == Stage.CLOSED.value
    keys = {closed_key(stage.detail or CloseReason.UNKNOWN) if is_closed else f"stage:{stage.to_code}"}
    if (has_verdict or stage.to_code in _SUITABLE) and stage.detail != _MERGED:
        keys.add(ASSESSED)
    return frozenset(keys)


_TRACKS = {
    LedgerKind.STAGE: "candidacy",
    LedgerKind.VERDICT: "candidacy",
    LedgerKind.MEMBERSHIP: "membership",
    LedgerKind.SCREENING: "screening",
    LedgerKind.MEASURE: "measure",
    LedgerKind.PARTICIPANT: "participant",
    LedgerKind.REGISTRATION: "registration",
}
_FOLLOWING = (LedgerKind.SCREENING, LedgerKind.MEASURE)
Series = tuple[str, int, int, int]


def _series(row: Row) -> Series:
    """What a row tells about: (track, business, programme, subject), with 0 where there is none.

    A membership belongs to no programme; a candidacy has no subject beside business and programme.
    """
    return _TRACKS[LedgerKind(row.kind)], row.business_id or 0, row.programme_id or NO_PROGRAMME, row.subject_id or 0


def _measure_amounts(row: Row) -> dict[str, int]:
    phases = phases_of(MeasureState(row.to_code))
    counted = {measure_key(phase): 1 for phase in phases}
    starts = tuple(f"saving:{phase.value}:" for phase in phases)
    counted.update({key: amount for key, amount in row.amounts if starts and key.startswith(starts)})
    return counted


def _standing(row: Row, stage: Row | None, *, has_verdict: bool) -> tuple[int, dict[str, int]]:
    """(municipality, key -> how much) of a series after its latest row, beside its candidate's latest stage."""
    if row.kind in (LedgerKind.PARTICIPANT, LedgerKind.REGISTRATION):  # people stay where they signed up from
        return row.municipality_code, {f"{row.kind}:{row.to_code}": 1}
    place = stage.municipality_code if stage else row.municipality_code
    if row.kind in (LedgerKind.STAGE, LedgerKind.VERDICT):
        return place, dict.fromkeys(_candidacy_keys(stage, has_verdict), 1)
    if row.kind in _FOLLOWING and stage is not None and stage.to_code == Stage.CLOSED.value:
        return place, {}
    if row.kind == LedgerKind.MEASURE:
        return place, _measure_amounts(row)
    if row.kind == LedgerKind.MEMBERSHIP:
        is_merged = row.detail == _MERGED
        return row.municipality_code, {} if is_merged else {f"member:{row.to_code}": 1}
    return place, {f"{row.kind}:{row.to_code}": 1}


def contributions(
    rows: Sequence[Row], until: dt.date | None = None, known_at: dt.datetime | None = None
) -> Counter[Contribution]:
    """What these businesses' (or people's) rows add to the totals, day by day.

    `rows` must hold every row of each business in it. A candidacy counts under one stage or
    closing reason, and under *assessed* once it has had a verdict or stands at egnet or further. What
    was closed as merged is assessed, and a member, in the business it went into, and there alone.
    A measure counts, with its savings, in each phase it has come to; measures and screenings count
    where their candidate counts, and not while it is closed.
    """
    result: Counter[Contribution] = Counter()
    latest: dict[Series, Row] = {}
    followers: dict[tuple[int, int], set[Series]] = {}
    verdicts: set[Series] = set()
    standing: dict[Series, tuple[int, dict[str, int]]] = {}
    stages: dict[tuple[int, int], Row] = {}

    def stand(series: Series, day: dt.date) -> None:
        stage = stages.get(series[1:3])
        now = _standing(latest[series], stage, has_verdict=series in verdicts)
        before = standing.get(series, (0, {}))
        if before == now:
            return
        for sign, (code, amounts) in ((-1, before), (1, now)):
            for key, amount in amounts.items():
                result[Contribution(series[2], code, key, day)] += sign * amount
        standing[series] = now

    for row in effective(rows, until, known_at):
        if row.kind not in _TRACKS:
            continue
        series = _series(row)
        latest[series] = row
        if row.kind == LedgerKind.VERDICT:
            verdicts.add(series)
        elif row.kind == LedgerKind.STAGE:
            stages[series[1:3]] = row
        elif row.kind in _FOLLOWING:
            followers.setdefault(series[1:3], set()).add(series)
        stand(series, row.happened_on)
        if row.kind == LedgerKind.STAGE:
            for follower in followers.get(series[1:3], ()):
                stand(follower, row.happened_on)
    return Counter({place: n for place, n in result.items() if n})


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())
