"""Which moves a candidate may make, and what each needs. Pure: no database, no request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.models.states import OPEN_STAGES, STAGES_IN_ORDER, SUITABLE_STAGES, CloseReason, Stage

SILENT_BEFORE = 30
SILENT_AFTER = 60

# What has to be there when a stage is passed by; shown when somebody skips ahead.
NEEDED: dict[Stage, Any] = {
    Stage.CONTACTED: _l("første kontakt"),
    Stage.INTERESTED: _l("ja til en samtale"),
    Stage.ASSESSING: _l("kriterierne åbnet"),
    Stage.SUITABLE: _l("vurderingen egnet med dato og begrundelse"),
    Stage.AGREED: _l("aftale med ledelsen"),
    Stage.SCREENING_PLANNED: _l("dato og screener"),
    Stage.SCREENED: _l("besøget holdt"),
    Stage.REPORTED: _l("rapporten afleveret"),
    Stage.PLANNED: _l("handlingsplan med mindst ét tiltag"),
    Stage.ACTIVE: _l("første tiltag i gang"),
}


class MoveRefusedError(ValueError):
    """A move that cannot be made. `field` names what is wrong: to, happened_on, reason, detail, year."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(field))
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a candidate stands."""

    stage: Stage
    since_on: dt.date
    has_verdict: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody wants to move it."""

    to: Stage
    happened_on: dt.date
    reason: str = ""
    detail: CloseReason | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A move that may be made, with what it passes by."""

    skipped: tuple[Stage, ...] = field(default=())
    is_backward: bool = False

    @property
    def missing(self) -> list[str]:
        """What is missing, in words."""
        return [str(NEEDED[stage]) for stage in self.skipped if stage in NEEDED]


def is_backward(current: Stage, to: Stage) -> bool:
    """Whether a move goes back in the order; opening a closed candidate does not."""
    return Stage.CLOSED not in (current, to) and to.position < current.position


def needs_reason(current: Stage, to: Stage) -> bool:
    """Moving back and closing ask why."""
    return to is Stage.CLOSED or is_backward(current, to)


def skipped_stages(current: Stage, to: Stage, has_verdict: bool) -> tuple[Stage, ...]:
    """The stages a move passes by, the one entered included when it is egnet without a verdict."""
    if to is Stage.CLOSED or (current is not Stage.CLOSED and to.position <= current.position):
        return ()
    start = 0 if current is Stage.CLOSED else current.position + 1
    passed = [s for s in STAGES_IN_ORDER[start : to.position] if not (s is Stage.SUITABLE and has_verdict)]
    if to is Stage.SUITABLE and not has_verdict:
        return (Stage.SUITABLE,)
    if current is Stage.CLOSED:
        passed = [s for s in passed if s is Stage.SUITABLE and not has_verdict and to in SUITABLE_STAGES]
    return tuple(passed)


def decide(current: Standing, wish: Wish, today: dt.date) -> Decision:
    """Judge a wish. Raises MoveRefusedError with the field and a sentence when it cannot be met."""
    if wish.to is current.stage:
        raise MoveRefusedError("to", _l("Kandidaten står der allerede."))
    if wish.happened_on > today:
        raise MoveRefusedError("happened_on", _l("Datoen ligger i fremtiden."))
    if wish.happened_on < current.since_on:
        message = _l(
            "Datoen ligger før kandidatens seneste flytning den %(day)s.", day=current.since_on.strftime("%d-%m-%Y")
        )
        raise MoveRefusedError("happened_on", message)
    if wish.to is Stage.CLOSED and wish.detail is None:
        raise MoveRefusedError("detail", _l("Vælg, hvorfor kandidaten lukkes."))
    if wish.detail is CloseReason.POSTPONED and (wish.year is None or not today.year <= wish.year <= 2100):
        raise MoveRefusedError("year", _l("Skriv det år, kandidaten udskydes til."))
    if needs_reason(current.stage, wish.to) and not wish.reason:
        raise MoveRefusedError("reason", _l("Skriv en begrundelse."))
    skipped = skipped_stages(current.stage, wish.to, current.has_verdict)
    return Decision(skipped, is_backward(current.stage, wish.to))


def silent_after(stage: Stage, before: int = SILENT_BEFORE, after: int = SILENT_AFTER) -> int | None:
    """Days without activity after which a candidate at `stage` has gone silent; None where it cannot."""
    if stage in OPEN_STAGES:
        return before
    return after if stage in SUITABLE_STAGES and stage is not Stage.COMPLETED else None


def is_silent(
    stage: Stage, last_on: dt.date, today: dt.date, before: int = SILENT_BEFORE, after: int = SILENT_AFTER
) -> bool:
    """Whether nothing has happened for too long."""
    days = silent_after(stage, before, after)
    return days is not None and (today - last_on).days >= days


def lacks_verdict(stage: Stage, has_verdict: bool) -> bool:
    """Counts as egnet, but nobody has said so: "vurdering mangler"."""
    return stage in SUITABLE_STAGES and not has_verdict


def awaits_visit(stage: Stage, screening_on: dt.date | None, today: dt.date) -> bool:
    """A planned screening still to come is the next step, and needs no other."""
    return stage is Stage.SCREENING_PLANNED and screening_on is not None and screening_on >= today
