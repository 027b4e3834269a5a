"""Which participants a list is about: read from an address, the same for the page and the export."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from nbe.core.arguments import OnADay, asked_day, asked_number, asked_text
from nbe.models import Programme
from nbe.models.gathering_states import SEATED, TRAINED, ParticipantState
from nbe.targets.queries import asked_programme

# What the figures count, by the word an address has for it; every state has its own word beside these.
GROUPS: dict[str, tuple[ParticipantState, ...]] = {"kursister": SEATED, "uddannede": TRAINED}


@dataclass(frozen=True, slots=True)
class ParticipantFilter(OnADay):
    """What a list of participants is narrowed to. No `states`: all. `as_of` None is today."""

    programme: Programme
    municipality_code: int | None = None
    course_id: int | None = None
    team_id: int | None = None
    states: tuple[ParticipantState, ...] = ()
    search: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but programme and municipality is asked for."""
        return bool(self.course_id or self.team_id or self.states or self.search or self.is_past)


def read_filter(arguments: MultiDict[str, str]) -> ParticipantFilter | None:
    """What the address asks for, nonsense left out; None where there is no programme at all."""
    programme = asked_programme(arguments)
    if programme is None:
        return None
    words = arguments.getlist("status")
    wanted = {state for word in words for state in GROUPS.get(word, ())}
    wanted |= {state for state in ParticipantState if state.value in words}
    return ParticipantFilter(
        programme=programme,
        municipality_code=asked_number(arguments, "kommune"),
        course_id=asked_number(arguments, "kursus"),
        team_id=asked_number(arguments, "hold"),
        states=tuple(state for state in ParticipantState if state in wanted),
        search=asked_text(arguments),
        as_of=asked_day(arguments),
    )
