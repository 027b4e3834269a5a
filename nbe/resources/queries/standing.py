"""Hours beside the businesses they are for: whether more are suitable than there are hours for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from nbe.core.once import once
from nbe.ledger import stage_key
from nbe.ledger.queries import sums
from nbe.models import Programme
from nbe.models.states import StageGroup
from nbe.resources.queries.covering import coverage
from nbe.resources.rules import NONE, Coverage, add_up

_SUITABLE = tuple(stage_key(stage) for stage in StageGroup.SUITABLE.stages)


@dataclass(frozen=True, slots=True)
class Standing:
    """The coverage of a municipality (or of all) and the businesses that are suitable there.

    `hours_short`: the hours to be found for those suitable; `places_short`: municipalities that lack hours for them.
    """

    coverage: Coverage
    suitable: int
    hours_short: Decimal
    places_short: int


def standings(programme: Programme, as_of: dt.date) -> dict[int, Standing]:
    """municipality -> its coverage beside its suitable at the end of `as_of`; all eleven, four statements."""
    return dict(once(f"standings:{programme.id}:{as_of}", lambda: _read(programme, as_of)))


def _read(programme: Programme, as_of: dt.date) -> dict[int, Standing]:
    suitable: dict[int, int] = {}
    for (code, _key), number in sums(programme.id, _SUITABLE, as_of).items():
        suitable[code] = suitable.get(code, 0) + number
    return {code: stand(found, suitable.get(code, 0)) for code, found in coverage(programme, as_of).items()}


def stand(found: Coverage, suitable: int) -> Standing:
    """One municipality's coverage held up against its suitable businesses."""
    return Standing(found, suitable, found.hours_short(suitable), int(found.lacks(suitable)))


def standing_of(programme: Programme, as_of: dt.date, code: int | None) -> Standing:
    """The same for one municipality, or for all together (None)."""
    every = standings(programme, as_of)
    if code is not None:
        return every[code]
    parts = list(every.values())
    return Standing(
        add_up([part.coverage for part in parts]),
        sum(part.suitable for part in parts),
        sum((part.hours_short for part in parts), NONE),
        sum(part.places_short for part in parts),
    )
