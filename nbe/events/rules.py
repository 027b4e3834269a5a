"""What may be done with an event and with a person's sign-up. Pure: no database, no request.

Three counts, never mixed: people signed up; of these, members (from a business that was a member of the network on
the day of the event); of these, who came.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from nbe.core import clock
from nbe.core.text import fold
from nbe.models.gathering_states import REGISTERED, RegistrationState

S = RegistrationState
EVENT_CANCELLED = "cancelled"  # in the ledger: a sign-up that fell away with its event
NIGHT_ENDS = dt.time(6)  # an hour of ending before it is of the day after
MOST_ITEMS = 60
# From a state to those a person may be moved to. None: somebody new. Coming without a sign-up is a fact as well.
_MOVES: dict[RegistrationState | None, tuple[RegistrationState, ...]] = {
    None: (S.INVITED, S.SIGNED_UP, S.ATTENDED),
    S.INVITED: (S.SIGNED_UP, S.DECLINED, S.ATTENDED),
    S.SIGNED_UP: (S.DECLINED, S.ATTENDED, S.ABSENT),
    S.WAITING: (S.DECLINED, S.ATTENDED),
    S.ATTENDED: (S.SIGNED_UP, S.ABSENT),
    S.ABSENT: (S.SIGNED_UP, S.ATTENDED, S.DECLINED),
    S.DECLINED: (S.SIGNED_UP, S.ATTENDED),
}
_OF_THE_DAY = (S.ATTENDED, S.ABSENT)  # what can only be told once the day has come
_LINE = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?(?=\s|$)\s*(.*)", re.IGNORECASE)


class EventRefusedError(ValueError):
    """What cannot be done with an event or a sign-up. `field` names what is wrong, `message` says it."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Counts:
    """People of an event. `signed_up`: sign-ups not cancelled, come or not; `members` and `came` are of these.

    `declined`: who sent apologies; `fell`: who fell away with an event that was cancelled.
    """

    signed_up: int = 0
    members: int = 0
    came: int = 0
    absent: int = 0
    invited: int = 0
    waiting: int = 0
    declined: int = 0
    fell: int = 0

    def plus(self, state: RegistrationState, number: int, *, of_members: bool) -> Counts:
        """With so many people more in a state."""
        if state not in REGISTERED:
            name = state.value
            return replace(self, **{name: getattr(self, name) + number})
        return replace(
            self,
            signed_up=self.signed_up + number,
            members=self.members + (number if of_members else 0),
            came=self.came + (number if state is S.ATTENDED else 0),
            absent=self.absent + (number if state is S.ABSENT else 0),
        )


def count_words(counts: Counts, *, is_held: bool) -> str:
    """ "10 tilmeldte, heraf 6 medlemmer; 8 kom"; who came is left out until the day has come."""
    told = ngettext("%(num)s tilmeldt", "%(num)s tilmeldte", counts.signed_up)
    if counts.signed_up:
        members = ngettext("heraf %(num)s medlem", "heraf %(num)s medlemmer", counts.members)
        told = _("%(told)s, %(members)s", told=told, members=members)
    if is_held and counts.signed_up:
        told = _("%(told)s; %(came)s", told=told, came=ngettext("%(num)s kom", "%(num)s kom", counts.came))
    return str(told)


def free_seats(seats: int | None, taken: int) -> int | None:
    """Seats left; None without a limit, never less than none."""
    return None if seats is None else max(0, seats - taken)


def how_many_move_up(seats: int | None, taken: int, waiting: int) -> int:
    """How many of those waiting get a seat now."""
    return waiting if seats is None else min(waiting, max(0, seats - taken))


def moves_from(state: RegistrationState | None, *, day_has_come: bool) -> list[RegistrationState]:
    """Where a person may be moved to."""
    return [to for to in _MOVES[state] if day_has_come or to not in _OF_THE_DAY]


def check_move(before: RegistrationState | None, to: RegistrationState, *, day_has_come: bool) -> None:
    """Raises EventRefusedError when a person may not be moved so."""
    if to in _OF_THE_DAY and not day_has_come:
        raise EventRefusedError("til", _l("Fremmøde noteres fra den dag, arrangementet holdes."))
    if to not in _MOVES[before]:
        raise EventRefusedError("til", _l("Tilmeldingen kan ikke flyttes dertil, som den står nu."))


def check_day(day: dt.date, latest: dt.date | None, today: dt.date) -> None:
    """Nothing happens tomorrow, nor before what has happened already. Raises EventRefusedError."""
    if day > today:
        raise EventRefusedError("happened_on", _l("Datoen ligger i fremtiden."))
    if latest is not None and day < latest:
        message = _l("Datoen ligger før det seneste skridt den %(day)s.", day=latest.strftime("%d-%m-%Y"))
        raise EventRefusedError("happened_on", message)


def check_sign_up_day(day: dt.date, held_on: dt.date) -> None:
    """One signs up for what has not been held yet. Raises EventRefusedError."""
    if day > held_on:
        message = _l("Arrangementet blev holdt den %(day)s; tilmeld senest den dag.", day=held_on.strftime("%d-%m-%Y"))
        raise EventRefusedError("happened_on", message)


def is_open(held_on: dt.date, until: dt.date | None, cancelled_on: dt.date | None, today: dt.date) -> bool:
    """Whether one may sign up oneself today; without a deadline, to the day of the event."""
    return cancelled_on is None and today <= (until or held_on) and today <= held_on


def person_key(name: str) -> str:
    """A person's name as it is compared."""
    return fold(" ".join(name.split()))[:200]


def moments(held_on: dt.date, begins: dt.time | None, ends: dt.time | None) -> tuple[dt.datetime | None, int | None]:
    """(when it begins, in UTC; how many minutes it lasts) from two Danish hours; a night of change is as long as it is.

    Raises EventRefusedError (field `ends`) where it ends before it begins.
    """
    if begins is None:
        if ends is not None:
            raise EventRefusedError("begins", _l("Skriv, hvornår det begynder."))
        return None, None
    start = dt.datetime.combine(held_on, begins, clock.DANISH).astimezone(dt.UTC)
    if ends is None:
        return start, None
    day = held_on + dt.timedelta(days=1) if ends <= begins and ends <= NIGHT_ENDS else held_on
    end = dt.datetime.combine(day, ends, clock.DANISH).astimezone(dt.UTC)
    minutes = int((end - start).total_seconds() // 60)
    if minutes < 1:
        raise EventRefusedError("ends", _l("Det slutter, før det begynder."))
    return start, minutes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a programme; `begins` is minutes after midnight."""

    begins: int | None
    title: str
    speaker: str = ""


def read_programme(text: str) -> list[Line]:
    """A programme as it is pasted: "16.00 Velkomst v/ Anne Jensen", one line each.

    Raises EventRefusedError for more than 60 lines, a line too long or an hour that is none.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS:
        raise EventRefusedError("program", _l("Skriv højst %(most)s linjer.", most=MOST_ITEMS))
    return [_read_line(line) for line in lines]


def _read_line(line: str) -> Line:
    begins, rest = None, line
    match = _LINE.fullmatch(line)
    if match and (match[2] or line.lower().startswith("kl")):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > 23 or minute > 59:
            raise EventRefusedError("program", _l('"%(line)s": det klokkeslæt findes ikke.', line=line[:60]))
        begins, rest = hour * 60 + minute, match[3]
    title, _mark, speaker = re.sub(r"\sv\.?/\s*", "\0", rest, count=1).partition("\0")
    title, speaker = title.strip(" –-:"), speaker.strip()
    if not title:
        title, speaker = speaker or line, ""
    if len(title) > 200 or len(speaker) > 200:
        raise EventRefusedError("program", _l('"%(line)s …" er for lang; skriv højst 200 tegn.', line=line[:40]))
    return Line(begins, title, speaker)


def hours(event: Any) -> str:
    """ "16.00–18.30", as far as it is known."""
    told = (event.begins, event.ends if event.begins else None)
    return "–".join(hour.strftime("%H.%M") for hour in told if hour is not None)
