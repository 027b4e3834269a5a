"""Which measures a list is about: read from an address, the same for the page and the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbe.core.arguments import OnADay, asked_day, asked_number, asked_text
from nbe.models import Programme
from nbe.models.industries import DIVISIONS
from nbe.models.states import MeasureState, SavingPhase, Source
from nbe.targets.queries import asked_programme


@dataclass(frozen=True, slots=True)
class MeasureFilter(OnADay):
    """What a list of measures is narrowed to. `phase`: only those that the figures count in it.

    `as_of` None is today; `is_late` tells of today only.
    """

    programme: Programme
    municipality_code: int | None = None
    state: MeasureState | None = None
    phase: SavingPhase | None = None
    division: str = ""
    source: Source | None = None
    search: str = ""
    is_late: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but programme and municipality is asked for."""
        return bool(
            self.state or self.phase or self.division or self.source or self.search or self.is_past or self.is_late
        )


def read_filter(arguments: Mapping[str, str]) -> MeasureFilter | None:
    """What the address asks for, nonsense left out; None where there is no programme at all."""
    programme = asked_programme(arguments)
    if programme is None:
        return None
    state, phase, source = (arguments.get(name, "") for name in ("tilstand", "fase", "kilde"))
    division = arguments.get("branche", "")
    return MeasureFilter(
        programme=programme,
        municipality_code=asked_number(arguments, "kommune"),
        state=MeasureState(state) if state in {code.value for code in MeasureState} else None,
        phase=SavingPhase(phase) if phase in {code.value for code in SavingPhase} else None,
        division=division if division in DIVISIONS else "",
        source=Source(source) if source in {code.value for code in Source} else None,
        search=asked_text(arguments),
        as_of=asked_day(arguments),
        is_late=arguments.get("forfalden") == "1",
    )
