"""Which candidates a list is about: read from an address, the same for board, table and export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbe.core import clock
from nbe.core.arguments import asked_day, asked_number, asked_text
from nbe.models import Programme
from nbe.models.industries import DIVISIONS
from nbe.models.states import STAGES_IN_ORDER, CloseReason, Source, Stage, StageGroup
from nbe.targets.queries import asked_programme

ORDERS = ("navn", "skridt", "aktivitet", "trin")
_PAST_ORDERS = ("navn", "trin")


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """What a list of candidates is narrowed to. `step` is the stage or group as the address names it.

    `as_of` None is today. The ticks (`lacks_…`, `is_silent`) tell of today only.
    """

    programme: Programme
    municipality_code: int | None = None
    step: str = ""
    stages: tuple[Stage, ...] = STAGES_IN_ORDER
    reason: CloseReason | None = None
    division: str = ""
    source: Source | None = None
    search: str = ""
    as_of: dt.date | None = None
    is_assessed: bool = False
    lacks_verdict: bool = False
    lacks_step: bool = False
    is_silent: bool = False
    order: str = ORDERS[0]
    is_past: bool = field(default=False)

    @property
    def day(self) -> dt.date:
        """The day the list tells of."""
        return self.as_of if self.is_past and self.as_of else clock.today()

    @property
    def is_plain(self) -> bool:
        """Whether the totals know how many rows there are."""
        return not (
            self.division or self.source or self.search or self.lacks_verdict or self.lacks_step or self.is_silent
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but programme and municipality is asked for."""
        return bool(self.step or self.reason or self.is_assessed or self.is_past or not self.is_plain)


def _stages(step: str) -> tuple[str, tuple[Stage, ...]]:
    if step in {group.value for group in StageGroup}:
        return step, StageGroup(step).stages
    if step in {stage.value for stage in Stage}:
        return step, (Stage(step),)
    return "", STAGES_IN_ORDER


def _code(codes: type[CloseReason] | type[Source], raw: str) -> CloseReason | Source | None:
    return codes(raw) if raw in {code.value for code in codes} else None


# What only those may ask who may open the candidates: by it one would learn more than name, town, industry and stage.
_DETAILS = ("aarsag", "kilde", "vurderet", "mangler", "uden_skridt", "tavs", "orden")


def read_filter(arguments: Mapping[str, str], *, sees_details: bool = True) -> CandidateFilter | None:
    """What the address asks for; None where there is no programme at all."""
    if not sees_details:
        arguments = {name: value for name, value in arguments.items() if name not in _DETAILS}
    programme = asked_programme(arguments)
    if programme is None:
        return None
    step, stages = _stages(arguments.get("trin", ""))
    reason = _code(CloseReason, arguments.get("aarsag", ""))
    is_assessed = arguments.get("vurderet") == "1"
    if reason:
        step, stages = StageGroup.CLOSED.value, (Stage.CLOSED,)
    elif is_assessed and not step:
        stages = tuple(Stage)
    as_of = asked_day(arguments)
    is_past = as_of is not None and as_of < clock.today()
    division = arguments.get("branche", "")
    order = arguments.get("orden", "")
    return CandidateFilter(
        programme=programme,
        municipality_code=asked_number(arguments, "kommune"),
        step=step,
        stages=stages,
        reason=reason if isinstance(reason, CloseReason) else None,
        division=division if division in DIVISIONS else "",
        source=source if isinstance(source := _code(Source, arguments.get("kilde", "")), Source) else None,
        search=asked_text(arguments),
        as_of=as_of if is_past else None,
        is_assessed=is_assessed,
        lacks_verdict=not is_past and arguments.get("mangler") == "vurdering",
        lacks_step=not is_past and arguments.get("uden_skridt") == "1",
        is_silent=not is_past and arguments.get("tavs") == "1",
        order=order if order in (_PAST_ORDERS if is_past else ORDERS) else ORDERS[0],
        is_past=is_past,
    )
