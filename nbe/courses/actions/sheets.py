"""What a spreadsheet brings: a team by its name, and how a person on it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import sqlalchemy as sa

from nbe.core.database import db
from nbe.core.text import clean, fold
from nbe.courses.actions.following import Step, tell
from nbe.courses.actions.steps import hold
from nbe.courses.actions.teams import find_course, make_course, make_team
from nbe.models import Course, Participant, Programme, Team
from nbe.models.gathering_states import ParticipantState

_TEAM_NAME = re.compile(r"(?P<course>.*?)[\s,:–-]*\b(?P<team>hold\s*\w+)\s*", re.IGNORECASE)


def find_or_make_team(
    programme: Programme,
    name: str,
    course: str = "",
    *,
    seats: int | None = None,
    municipalities: Mapping[int, int | None] | None = None,
) -> Team:
    """The team a sheet or line names: "Kursus maj hold 1" is Hold 1 of the course Kursus maj; "Hold 1" the first such.

    With `course` both names are meant as they stand. One not known is made, with its course; `seats` and
    `municipalities` are for that one alone, and its seats are open until a number is set.
    """
    name = _one_line(name) or "Hold 1"
    team = find_team_named(programme, name, course)
    if team is not None:
        return team
    title, team_name = _names(name, course)
    found = find_course(programme, title) or make_course(programme, title)
    found.is_hidden = False
    known = next((team for team in found.teams if fold(team.name) == fold(team_name)), None)
    if known is not None:
        known.is_hidden = False
        db.session.flush()
        return known
    return make_team(found, team_name, seats, municipalities=municipalities)


def _names(name: str, course: str) -> tuple[str, str]:
    """(title of the course, name of the team)."""
    if _one_line(course):
        return _one_line(course), name
    match = _TEAM_NAME.fullmatch(name)
    if match is None:
        return name, "Hold 1"
    return match["course"].strip() or "Kursus", match["team"][:1].upper() + match["team"][1:]


def find_team_named(programme: Programme, name: str, course: str = "") -> Team | None:
    """The team that is shown under a name, with or without its course's title; None where there is none.

    With `course` only that course's.
    """
    statement = (
        sa.select(Team)
        .join(Course, Course.id == Team.course_id)
        .where(Course.programme_id == programme.id, Course.is_hidden.is_(False), Team.is_hidden.is_(False))
        .order_by(Course.id, Team.sort_key)
    )
    wanted, title = fold(_one_line(name)), fold(_one_line(course))
    for team in db.session.scalars(statement):
        own = fold(team.name)
        if title:
            is_meant = (fold(team.course.title), own) == (title, wanted)
        else:
            is_meant = wanted in (own, fold(f"{team.course.title} {team.name}"))
        if is_meant:
            return team
    return None


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def note_answer(participant: Participant, state: ParticipantState, day: dt.date | None, *, user_id: int | None) -> None:
    """Note that somebody signed up has confirmed, or has left: what a list tells afterwards. Nobody is moved up."""
    hold(participant)
    if participant.state is ParticipantState.SIGNED_UP:
        tell([Step(participant, participant.state, state)], user_id=user_id, day=day)
