"""What a row about a person would do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True)
class ParticipantPlan:
    """A person on a team. By number of the day: `signed_up` for it, `there` or not; `days` are those of the sheet."""

    team: str
    name: str
    municipality_code: int
    email: str = ""
    title: str = ""
    days: set[int] = field(default_factory=set)
    signed_up: dict[int, bool] = field(default_factory=dict)
    there: dict[int, bool] = field(default_factory=dict)
    is_certified: bool = False


@dataclass(slots=True)
class RegistrationPlan:
    """A person signed up for an event; for the business with `cvr`, else for `organisation`.

    `came` None: nothing said.
    """

    event: str
    held_on: dt.date
    name: str
    cvr: str = ""
    p_number: str = ""
    municipality_code: int | None = None
    email: str = ""
    organisation: str = ""
    note: str = ""
    signed_up_on: dt.date | None = None
    came: bool | None = None
