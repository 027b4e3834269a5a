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

from nbe.models.states import SUITABLE_STAGES, CloseReason, LedgerKind, MembershipState, Stage

ASSESSED = "assessed"
NO_PROGRAMME = 0
_SUITABLE = frozenset(stage.value for stage in SUITABLE_STAGES)
_MERGED = CloseReason.MERGED.value


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


def _series(row: Row) -> tuple[int, int]:
    """What a row tells about: (business, programme), with programme 0 for the membership."""
    return row.business_id, row.programme_id or NO_PROGRAMME


def contributions(rows: Sequence[Row]) -> Counter[Contribution]:
    """What these businesses' rows add to the totals, day by day.

    `rows` must hold every row of each business in it. A candidacy counts under one stage or
    closing reason, and under *assessed* once it has had a verdict or stands at egnet or further. What
    was closed as merged is assessed, and a member, in the business it went into, and there alone.
    """
    result: Counter[Contribution] = Counter()
    stage_rows: dict[tuple[int, int], Row] = {}
    verdicts: set[tuple[int, int]] = set()
    standing: dict[tuple[int, int], tuple[int, frozenset[str]]] = {}
    for row in effective(rows):
        series = _series(row)
        if row.kind == LedgerKind.MEMBERSHIP:
            is_merged = row.detail == _MERGED
            municipality, keys = row.municipality_code, frozenset(() if is_merged else {f"member:{row.to_code}"})
        else:
            if row.kind == LedgerKind.VERDICT:
                verdicts.add(series)
            else:
                stage_rows[series] = row
            stage = stage_rows.get(series)
            municipality = stage.municipality_code if stage else row.municipality_code
            keys = _candidacy_keys(stage, series in verdicts)
        before = standing.get(series)
        if before == (municipality, keys):
            continue
        if before:
            result.subtract(Contribution(series[1], before[0], key, row.happened_on) for key in before[1])
        result.update(Contribution(series[1], municipality, key, row.happened_on) for key in keys)
        standing[series] = (municipality, keys)
    return Counter({place: n for place, n in result.items() if n})


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())
