"""The sheet of a team: the columns and words that an export writes and an import knows. Danish in every language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from flask_babel import force_locale

from nbe.core.dates import format_date
from nbe.core.sheets import Column
from nbe.courses.rules import Mark
from nbe.models import CourseDay, Team
from nbe.models.gathering_states import ParticipantState

_PERSON = {
    "name": Column("Navn", width=28),
    "municipality": Column("Kommune", width=17),
    "email": Column("E-mail", width=32),
    "title": Column("Stilling", width=22),
}
_REST = {
    "certificate": Column("Kursusbevis", "date", 14),
    "state": Column("Status", width=18),
    "since_on": Column("Siden", "date", 12),
    "signed_up_on": Column("Tilmeldt", "date", 12),
    "course": Column("Kursus", width=24),
    "team": Column("Hold", width=14),
    "team_seats": Column("Holdets pladser", width=40),
}
HEADINGS = {key: column.title for key, column in (_PERSON | _REST).items()}
# Whose day is told by no other column.
WITH_DAY = (ParticipantState.CONFIRMED, ParticipantState.CANCELLED)
YES, NO = "x", "nej"
# On a day that has been held, of which nothing is noted yet.
PLANNED: dict[str, bool] = {"tilmeldt": True, "ikke tilmeldt": False}
OPEN = "åbent"
_PLANNED_WORDS = {value: word for word, value in PLANNED.items()}
_SEATS = re.compile(r"\s*(?P<total>\d{1,3}|åbent)\s*(?::\s*(?P<kept>.+?)\s*)?", re.IGNORECASE)
_KEPT = re.compile(r"(?P<name>.+?)(?:\s+(?P<seats>\d{1,3}))?")


@lru_cache(maxsize=1)
def state_words() -> dict[ParticipantState, str]:
    """How a person stands, as the sheet says it."""
    with force_locale("da"):
        return {state: str(state.label) for state in ParticipantState}


def columns_of(days: Iterable[CourseDay]) -> dict[str, Column]:
    """Key -> column, in order; "day-2" is that of the second day."""
    of_days = {f"day-{day.number}": Column(day_heading(day.number, day.held_on), width=10) for day in days}
    return _PERSON | of_days | _REST


def day_heading(number: int, held_on: dt.date | None) -> str:
    """ "Dag 2 (11-05-2016)"; "Dag 2" until the day is set."""
    return f"Dag {number} ({format_date(held_on)})" if held_on else f"Dag {number}"


def day_cell(mark: Mark, *, is_held: bool) -> str:
    """A day of a person: signed up for it; once it has been held, whether the person was there."""
    if not is_held:
        return YES if mark.is_signed_up else NO
    if mark.was_there is None:
        return _PLANNED_WORDS[mark.is_signed_up]
    return YES if mark.was_there else NO


def seats_cell(team: Team, names: Mapping[int, str]) -> str:
    """The seats of a team and those it is for: "15: Jammerbugt 4, Læsø"; without a limit "åbent: Jammerbugt"."""
    total = OPEN if team.seats is None else str(team.seats)
    kept = [
        names[row.municipality_code] + ("" if row.seats is None else f" {row.seats}") for row in team.municipalities
    ]
    return f"{total}: {', '.join(kept)}" if kept else total


def read_seats_cell(text: str, find: Callable[[str], int | None]) -> tuple[int | None, dict[int, int | None]]:
    """(seats, municipality -> seats kept for it) from such a cell. Raises ValueError."""
    match = _SEATS.fullmatch(text)
    if match is None:
        raise ValueError("not seats")
    total = int(match["total"]) if match["total"].isdigit() else None
    kept: dict[int, int | None] = {}
    for part in (match["kept"] or "").split(",") if match["kept"] else []:
        found = _KEPT.fullmatch(part.strip())
        code = find(found["name"]) if found else None
        if found is None or code is None:
            raise ValueError("not a municipality")
        kept[code] = int(found["seats"]) if found["seats"] else None
    if total is not None and sum(seats or 0 for seats in kept.values()) > total:
        raise ValueError("more kept than there is")
    return total, kept
