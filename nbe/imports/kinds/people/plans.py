"""What a row about a person would do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbe.core.text import fold
from nbe.models.gathering_states import ParticipantState, RegistrationState
from nbe.models.states import EventKind


@dataclass(frozen=True, slots=True)
class TeamNamed:
    """A team as a sheet names it; `course` empty where it does not say.

    The rest is for a team that is not known: when its days are held, its seats, and whom it is for.
    """

    name: str
    course: str = ""
    days: Mapping[int, dt.date] = field(default_factory=dict)
    seats: int | None = None
    municipalities: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(slots=True)
class ParticipantPlan:
    """A person on a team. By number of the day: `signed_up` for it, `there` or not; `days` are those of the sheet.

    `told`: how the sheet says the person stands, `since` when; `answer` is what is to be noted of it.
    """

    team: TeamNamed
    name: str
    municipality_code: int
    email: str = ""
    title: str = ""
    days: set[int] = field(default_factory=set)
    signed_up: dict[int, bool] = field(default_factory=dict)
    there: dict[int, bool] = field(default_factory=dict)
    is_certified: bool = False
    certified_on: dt.date | None = None
    signed_up_on: dt.date | None = None
    told: ParticipantState | None = None
    answer: ParticipantState | None = None
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EventNamed:
    """An event as a sheet names it; `number` among those of the day by just this name, 0 where only the sheet names it.

    The rest is for an event that is not known. `municipality_code` None: the network's own.
    """

    title: str
    held_on: dt.date
    number: int = 0
    kind: EventKind | None = None
    municipality_code: int | None = None
    seats: int | None = None

    @property
    def key(self) -> tuple[str, dt.date, int]:
        """Equal for rows about the same event."""
        return fold(self.title), self.held_on, self.number


@dataclass(slots=True)
class RegistrationPlan:
    """A person at an event; for the business with `cvr`, else for `organisation`.

    `came` None: nothing said. `told`: how the sheet says the person stands, `since` when.
    """

    event: EventNamed
    name: str
    cvr: str = ""
    p_number: str = ""
    municipality_code: int | None = None
    email: str = ""
    organisation: str = ""
    note: str = ""
    signed_up_on: dt.date | None = None
    came: bool | None = None
    told: RegistrationState | None = None
    since: dt.date | None = None
