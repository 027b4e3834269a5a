"""How a screening may go on, and what an appointment must hold. Pure: no database, no request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.models.states import ScreeningRole, ScreeningState, Stage

# How much there is to gain under a theme: beside the number, and in a sentence of its own.
POTENTIAL_WORDS: dict[int, Any] = {0: _l("intet"), 1: _l("lille"), 2: _l("mellem"), 3: _l("stort")}
POTENTIALS: dict[int, Any] = {
    0: _l("Intet potentiale"),
    1: _l("Lille potentiale"),
    2: _l("Mellem potentiale"),
    3: _l("Stort potentiale"),
}
LENGTHS = (60, 90, 120, 150, 180, 210, 240, 300, 360, 420, 480)
USUAL_MINUTES = 180
# The order in which a screening goes on; `cancelled` stands outside it.
STATES_IN_ORDER = tuple(state for state in ScreeningState if state is not ScreeningState.CANCELLED)
# What a state makes of the candidate; the others make nothing of it.
STAGE_OF = {
    ScreeningState.PLANNED: Stage.SCREENING_PLANNED,
    ScreeningState.HELD: Stage.SCREENED,
    ScreeningState.HANDED_OVER: Stage.REPORTED,
}
# A draft goes back and forth between its author and its second reader; a corrected report is handed over anew.
_NEXT: dict[ScreeningState, tuple[ScreeningState, ...]] = {
    ScreeningState.PLANNED: (ScreeningState.HELD, ScreeningState.CANCELLED),
    ScreeningState.HELD: (ScreeningState.DRAFT,),
    ScreeningState.DRAFT: (ScreeningState.HELD, ScreeningState.APPROVED),
    ScreeningState.APPROVED: (ScreeningState.DRAFT, ScreeningState.HANDED_OVER),
    ScreeningState.HANDED_OVER: (ScreeningState.DRAFT, ScreeningState.APPROVED),
    ScreeningState.CANCELLED: (),
}


class ScreeningRefusedError(ValueError):
    """What cannot be done with a screening. `field` names what is wrong: state, day, reason, starts, people."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(field))
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody at the visit: a screener, a contact person, or a name alone."""

    role: ScreeningRole
    screener_id: int | None = None
    contact_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is agreed: when (UTC) and for how long, where, who comes, and what the business has ready."""

    starts_at: dt.datetime
    minutes: int = USUAL_MINUTES
    place: str = ""
    to_prepare: str = ""
    people: tuple[Attendee, ...] = ()


def is_open(state: ScreeningState) -> bool:
    """Whether the visit is still to come, or to be noted as held."""
    return state is ScreeningState.PLANNED


def refuse_state(current: ScreeningState, since_on: dt.date, to: ScreeningState, day: dt.date, today: dt.date) -> None:
    """Judge a step. Raises ScreeningRefusedError with the field and a sentence when it cannot be taken."""
    if to is current:
        raise ScreeningRefusedError("state", _l("Screeningen står der allerede."))
    if to not in _NEXT[current]:
        message = _l("Screeningen er %(state)s og kan ikke gå dertil.", state=str(current.label).lower())
        raise ScreeningRefusedError("state", message)
    if day > today:
        raise ScreeningRefusedError("day", _l("Datoen ligger i fremtiden."))
    if day < since_on:
        message = _l("Datoen ligger før screeningens seneste skridt den %(day)s.", day=since_on.strftime("%d-%m-%Y"))
        raise ScreeningRefusedError("day", message)


def refuse_planning(stage: Stage, has_planned: bool) -> None:
    """Whether a visit can be agreed with a candidate. Raises ScreeningRefusedError."""
    if stage is Stage.CLOSED:
        raise ScreeningRefusedError("starts", _l("Kandidaten er lukket. Genåbn den, før der aftales en screening."))
    if has_planned:
        raise ScreeningRefusedError("starts", _l("Der er allerede aftalt en screening. Ret den i stedet."))


def planned_on(visit_on: dt.date, today: dt.date, stage_since_on: dt.date) -> dt.date:
    """The day an appointment was made: today, or the visit's own day when the visit is over.

    Never before the candidate came to where it stands.
    """
    return max(stage_since_on, min(today, visit_on))


def moves_candidate(stage: Stage, to: Stage) -> bool:
    """Whether a fact moves the candidate: only forward, and never a closed one."""
    return stage is not Stage.CLOSED and stage.position < to.position
