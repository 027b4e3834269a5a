"""Which events a list is about: read from an address, the same wherever the list is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbe.core.arguments import asked_number, asked_text
from nbe.models.states import EventKind

NETWORK = 0  # in an address: the events of the network itself


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a list of events is narrowed to; `is_held`: those gone by, else those to come, today's included."""

    is_held: bool = False
    year: int | None = None
    municipality_code: int | None = None
    kind: EventKind | None = None
    search: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the side of today is asked for."""
        return bool(self.year or self.kind or self.search or self.municipality_code is not None)


def read_filter(arguments: Mapping[str, str]) -> EventFilter:
    """What the address asks for, nonsense left out."""
    kind = arguments.get("type", "")
    return EventFilter(
        is_held=arguments.get("vis") == "afholdte",
        year=asked_number(arguments, "aar"),
        municipality_code=asked_number(arguments, "kommune"),
        kind=EventKind(kind) if kind in {code.value for code in EventKind} else None,
        search=asked_text(arguments),
    )
