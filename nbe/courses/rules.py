"""Who may have a seat, what a person's course may come to. Pure: no database, no request.

A team has so many seats, or is open (None). Of these some are kept for a municipality where that is agreed; the
rest are common. A person sits on a seat of his own municipality as long as there is one, else on a common one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.core.clock import DANISH
from nbe.models.gathering_states import ParticipantState as P

HOLDS_SEAT = (P.SIGNED_UP, P.CONFIRMED)  # and nothing has come of it yet
TOOK_PLACE = (P.ATTENDED, P.PARTLY, P.ABSENT)
OUTCOMES = (*TOOK_PLACE, P.CERTIFIED)
LINK_LIVES = dt.timedelta(days=60)


class CourseRefusedError(ValueError):
    """What cannot be done with a course, team or participant. `field` names what is wrong, `message` says it."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of a team. `total` None: open. `reserved`: those kept for a municipality. `taken`: people seated."""

    total: int | None
    reserved: Mapping[int, int] = field(default_factory=dict)
    taken: Mapping[int, int] = field(default_factory=dict)

    @property
    def common(self) -> int | None:
        """Seats kept for nobody; None where the team is open."""
        return None if self.total is None else self.total - sum(self.reserved.values())

    @property
    def common_taken(self) -> int:
        """People for whom their own municipality's seats were not enough."""
        return sum(max(0, n - self.reserved.get(code, 0)) for code, n in self.taken.items())

    def on_common(self, code: int) -> int:
        """People of a municipality with seats of its own who sit on common ones, as its own were not enough."""
        return max(0, self.taken.get(code, 0) - self.reserved[code]) if code in self.reserved else 0

    @property
    def free(self) -> int | None:
        """Seats nobody sits on, kept ones included; None where the team is open."""
        return None if self.total is None else self.total - sum(self.taken.values())

    @property
    def common_free(self) -> int | None:
        """Common seats nobody sits on; None where the team is open."""
        common = self.common
        return None if common is None else common - self.common_taken

    def kept_free(self, code: int) -> int:
        """Seats kept for a municipality that its people do not fill."""
        return max(0, self.reserved.get(code, 0) - self.taken.get(code, 0))

    def free_for(self, code: int) -> int | None:
        """Seats a municipality's next people can have: its own that are free, and the common ones. None: open."""
        common = self.common_free
        return None if common is None else self.kept_free(code) + common

    def has_room(self, code: int) -> bool:
        """Whether one more of a municipality can sit."""
        free = self.free_for(code)
        return free is None or free > 0

    @property
    def is_over(self) -> bool:
        """Whether more is agreed or taken than there is."""
        common = self.common
        return common is not None and (common < 0 or self.common_taken > common)

    def with_one(self, code: int) -> Seats:
        """The seats when one more of a municipality sits."""
        return Seats(self.total, self.reserved, {**self.taken, code: self.taken.get(code, 0) + 1})


def who_moves_up(seats: Seats, waiting: Sequence[tuple[int, int]]) -> list[int]:
    """Who gets a seat, of (id, municipality) in the order they came: the first for whose municipality there is one."""
    found = []
    for person_id, code in waiting:
        if seats.has_room(code):
            seats = seats.with_one(code)
            found.append(person_id)
    return found


def check_seats(seats: Seats) -> None:
    """Raises CourseRefusedError when a team would hold more than its seats."""
    if seats.total is None or not seats.is_over:
        return
    common = seats.total - sum(seats.reserved.values())
    if common < 0:
        raise CourseRefusedError("seats", _l("Der er aftalt flere pladser til kommunerne, end holdet har."))
    seated = sum(seats.taken.values())
    if seated > seats.total:
        text = _l("Der er allerede %(n)s på holdet. Flyt eller afmeld nogen først.", n=seated)
        raise CourseRefusedError("seats", text)
    text = _l("Pladserne er i brug: der er flere fra de andre kommuner på holdet, end der er fælles pladser til.")
    raise CourseRefusedError("seats", text)


def answer_deadline(now: dt.datetime, days: int, starts_on: dt.date | None) -> dt.datetime | None:
    """Until when somebody moved up may answer: so many whole days, and never later than the day before the course.

    None when the course begins today or has begun: then nobody is moved up by itself.
    """
    last = now.astimezone(DANISH).date() + dt.timedelta(days=days)
    if starts_on is not None:
        last = min(last, starts_on - dt.timedelta(days=1))
        if last < now.astimezone(DANISH).date():
            return None
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), DANISH).astimezone(dt.UTC)


def has_begun(starts_on: dt.date | None, today: dt.date) -> bool:
    """Whether a course has begun, so that nobody is moved up by itself any more."""
    return starts_on is not None and starts_on <= today


def has_ended(ends_on: dt.date | None, today: dt.date) -> bool:
    """Whether the last day of a course is past."""
    return ends_on is not None and ends_on < today


@dataclass(frozen=True, slots=True)
class Mark:
    """A person on one day of the course: signed up for it, and there or not (None: not noted)."""

    is_signed_up: bool = True
    was_there: bool | None = None


def outcome(marks: Iterable[Mark]) -> P | None:
    """What has come of a person's course, one mark for each day of the team; None while a day is still to be noted.

    Deltog: there every day. Deltog delvist: there some day. Udeblev: never there.
    """
    days = list(marks)
    noted = [mark.was_there for mark in days if mark.was_there is not None]
    if not noted or any(mark.is_signed_up and mark.was_there is None for mark in days):
        return None
    if all(mark.was_there for mark in days):
        return P.ATTENDED
    return P.PARTLY if any(noted) else P.ABSENT


def is_link_over(last_day: dt.date | None, today: dt.date) -> bool:
    """Whether a participant's link has ended: two months after the course."""
    return last_day is not None and today > last_day + LINK_LIVES


def certificate_number(year: int, municipality_code: int, participant_id: int) -> str:
    """The number on a certificate: "NBE-2016-849-00017"."""
    return f"NBE-{year}-{municipality_code:03d}-{participant_id:05d}"
