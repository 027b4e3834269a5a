"""Courses and their teams; seats for all and for each municipality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.core.text import clean, fold, sort_key
from nbe.courses.actions.seats import lock_team, read_seats, settle_team
from nbe.courses.rules import CourseRefusedError, Seats, check_seats
from nbe.models import Course, Participant, Programme, Team, TeamMunicipality
from nbe.models.gathering_states import ParticipantState

KEEP: Any = object()


def make_course(programme: Programme, title: str, description: str = "") -> Course:
    """A course of a programme. Raises CourseRefusedError where its title is taken."""
    title = " ".join(clean(title).split())[:200]
    _refuse_title(find_course(programme, title))
    course = Course(programme_id=programme.id, title=title, description=description, created_at=clock.now())
    course.programme = programme
    db.session.add(course)
    db.session.flush()
    return course


def find_course(programme: Programme, title: str) -> Course | None:
    """The course of that title, however it is written."""
    courses = db.session.scalars(sa.select(Course).where(Course.programme_id == programme.id).order_by(Course.id))
    return next((course for course in courses if fold(course.title) == fold(title)), None)


def edit_course(course: Course, *, title: str, description: str) -> None:
    """Set what is written of a course. Raises CourseRefusedError where its title is taken."""
    same = find_course(course.programme, title)
    _refuse_title(same if same is not course else None)
    course.title, course.description = " ".join(clean(title).split())[:200], description
    db.session.flush()


def _refuse_title(same: Course | None) -> None:
    if same is not None:
        raise CourseRefusedError("title", _l("Der er allerede et kursus med det navn det år."))


def make_team(
    course: Course,
    name: str,
    seats: int | None = None,
    *,
    place: str = "",
    answer_days: int = 3,
    municipalities: Mapping[int, int | None] | None = None,
) -> Team:
    """A team of a course; `municipalities`: whom it serves, with the seats kept for each where agreed (else None).

    Raises CourseRefusedError where the name is taken or more is kept than there is.
    """
    name = " ".join(clean(name).split())[:120]
    if any(fold(team.name) == fold(name) for team in course.teams):
        raise CourseRefusedError("name", _l("Kurset har allerede et hold med det navn."))
    kept = dict(municipalities or {})
    check_seats(Seats(seats, {code: n for code, n in kept.items() if n is not None}))
    team = Team(
        course_id=course.id, name=name, sort_key=sort_key(_padded(name)), seats=seats, place=place,
        answer_days=answer_days, created_at=clock.now(),
    )  # fmt: skip
    team.course = course
    team.municipalities = [TeamMunicipality(municipality_code=code, seats=n) for code, n in sorted(kept.items())]
    db.session.add(team)
    db.session.flush()
    return team


def _padded(name: str) -> str:
    """Hold 2 before Hold 10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(4), name)


def edit_team(
    team: Team,
    *,
    user_id: int | None,
    name: str = KEEP,
    seats: int | None = KEEP,
    place: str = KEEP,
    answer_days: int = KEEP,
    municipalities: Mapping[int, int | None] = KEEP,
) -> None:
    """Change a team; more seats move the waiting list up. Raises CourseRefusedError and changes nothing of the seats.

    Seats cannot become fewer than those who sit on them, nor a municipality be left out that has people there.
    """
    team = lock_team(team.id)
    if name is not KEEP:
        if any(other.id != team.id and fold(other.name) == fold(name) for other in team.course.teams):
            raise CourseRefusedError("name", _l("Kurset har allerede et hold med det navn."))
        team.name, team.sort_key = " ".join(clean(name).split())[:120], sort_key(_padded(name))
    if place is not KEEP:
        team.place = place
    if answer_days is not KEEP:
        team.answer_days = answer_days
    if seats is not KEEP or municipalities is not KEEP:
        _set_seats(team, team.seats if seats is KEEP else seats, municipalities)
    db.session.flush()
    settle_team(team, user_id=user_id)


def _set_seats(team: Team, seats: int | None, municipalities: Any) -> None:
    now = read_seats(team)
    kept = dict(now.reserved)
    if municipalities is not KEEP:
        kept = {code: n for code, n in municipalities.items() if n is not None}
    check_seats(Seats(seats, kept, now.taken))
    team.seats = seats
    if municipalities is KEEP:
        return
    left_out = _codes_with_people(team) - set(municipalities)
    if municipalities and left_out:
        raise CourseRefusedError("municipalities", _l("En kommune med folk på holdet kan ikke tages af."))
    by_code = {row.municipality_code: row for row in team.municipalities}
    for code, row in by_code.items():
        if code not in municipalities:
            team.municipalities.remove(row)
    for code, number in municipalities.items():
        if code in by_code:
            by_code[code].seats = number
        else:
            team.municipalities.append(TeamMunicipality(municipality_code=code, seats=number))
    db.session.flush()


def remove_team(team: Team) -> None:
    """Take a team away that nobody is on. Raises CourseRefusedError."""
    team = lock_team(team.id)
    if _codes_with_people(team):
        raise CourseRefusedError("team", _l("Der er folk på holdet. Flyt eller afmeld dem først."))
    team.is_hidden = True
    db.session.flush()


def restore_team(team: Team) -> None:
    """Bring a team back, and its course with it."""
    team = lock_team(team.id)
    team.is_hidden = team.course.is_hidden = False
    db.session.flush()


def remove_course(course: Course) -> None:
    """Take a course away that has no teams left. Raises CourseRefusedError."""
    if any(not team.is_hidden for team in course.teams):
        raise CourseRefusedError("course", _l("Kurset har hold. Fjern dem først."))
    course.is_hidden = True
    db.session.flush()


def restore_course(course: Course) -> None:
    """Bring a course back."""
    course.is_hidden = False
    db.session.flush()


def _codes_with_people(team: Team) -> set[int]:
    statement = sa.select(Participant.municipality_code).where(
        Participant.team_id == team.id,
        Participant.is_hidden.is_(False),
        Participant.state != ParticipantState.CANCELLED,
    )
    return set(db.session.scalars(statement.distinct()))
