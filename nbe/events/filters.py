"""Which events, and which sign-ups, a list is about: read from an address, the same wherever the list is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbe.core.arguments import OnADay, asked_day, asked_number, asked_text
from nbe.models import Programme
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import EventKind
from nbe.targets.queries import asked_programme

NETWORK = 0  # in an address: the events of the network itself


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a list of events is narrowed to; `is_held`: those gone by, else those to come, today's included;
    `is_cancelled`: those that are not held, whenever they were to be.
    """

    is_held: bool = False
    year: int | None = None
    municipality_code: int | None = None
    kind: EventKind | None = None
    search: str = ""
    is_cancelled: bool = False

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
        is_cancelled=arguments.get("vis") == "aflyste",
    )


# What the figures count, by the word an address has for it; every state has its own word beside it.
ANSWERS: dict[str, tuple[RegistrationState, ...]] = {
    "tilmeldte": REGISTERED,
    **{state.value: (state,) for state in RegistrationState},
}


@dataclass(frozen=True, slots=True)
class SignUpFilter(OnADay):
    """What a list of sign-ups over all events is narrowed to. `answer`: a key of ANSWERS. `as_of` None is today."""

    programme: Programme
    municipality_code: int | None = None
    event_id: int | None = None
    kind: EventKind | None = None
    answer: str = ""
    is_member: bool = False
    search: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but programme and municipality is asked for."""
        return bool(self.event_id or self.kind or self.answer or self.is_member or self.search or self.is_past)


def read_sign_up_filter(arguments: Mapping[str, str]) -> SignUpFilter | None:
    """What the address asks for, nonsense left out; None where there is no programme at all."""
    programme = asked_programme(arguments)
    if programme is None:
        return None
    kind, answer = arguments.get("type", ""), arguments.get("svar", "")
    return SignUpFilter(
        programme=programme,
        municipality_code=asked_number(arguments, "kommune"),
        event_id=asked_number(arguments, "arrangement"),
        kind=EventKind(kind) if kind in {code.value for code in EventKind} else None,
        answer=answer if answer in ANSWERS else "",
        is_member=arguments.get("medlem") == "1",
        search=asked_text(arguments),
        as_of=asked_day(arguments),
    )
