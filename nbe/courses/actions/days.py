"""The days of a team."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.courses.actions.seats import lock_team
from nbe.courses.rules import CourseRefusedError
from nbe.models import CourseDay, DayMark, Team


def find_or_make_day(team: Team, number: int, held_on: dt.date | None = None) -> CourseDay:
    """Day 1, 2 … of a team; a new one on the day given, if any. A day that stands is not changed."""
    day = db.session.scalar(sa.select(CourseDay).where(CourseDay.team_id == team.id, CourseDay.number == number))
    if day is None:
        day = add_day(team, held_on, number=number)
    return day


def add_day(
    team: Team,
    held_on: dt.date | None,
    *,
    number: int | None = None,
    starts_at: dt.datetime | None = None,
    minutes: int | None = None,
    title: str = "",
    place: str = "",
) -> CourseDay:
    """One more day of a team."""
    latest = db.session.scalar(sa.select(sa.func.max(CourseDay.number)).where(CourseDay.team_id == team.id)) or 0
    day = CourseDay(
        team_id=team.id, number=number or latest + 1, held_on=held_on, starts_at=starts_at, minutes=minutes,
        title=title, place=place,
    )  # fmt: skip
    day.team = team
    db.session.add(day)
    db.session.flush()
    return day


def hold_day(day: CourseDay) -> Team:
    """Lock the day's team, then read the day as it stands now."""
    team = lock_team(day.team_id)
    db.session.refresh(day)
    return team


def edit_day(day: CourseDay, **values: Any) -> None:
    """Set what is written of a day. Raises CourseRefusedError when a noted day would be one to come."""
    held_on = values.get("held_on", day.held_on)
    if held_on != day.held_on and (held_on is None or held_on > clock.today()) and _is_noted(day):
        raise CourseRefusedError("held_on", _l("Fremmødet er noteret den dag; den kan ikke ligge i fremtiden."))
    for name, value in values.items():
        if name not in ("held_on", "starts_at", "minutes", "title", "place"):
            raise TypeError(name)
        if getattr(day, name) != value:
            setattr(day, name, value)
    db.session.flush()


def _is_noted(day: CourseDay) -> bool:
    noted = sa.select(DayMark.participant_id).where(DayMark.day_id == day.id, DayMark.was_there.is_not(None)).limit(1)
    return db.session.scalar(noted) is not None


def remove_day(day: CourseDay) -> None:
    """Take a day away. Raises CourseRefusedError when attendance has been noted on it."""
    if _is_noted(day):
        raise CourseRefusedError("held_on", _l("Fremmødet er noteret den dag; den kan ikke fjernes."))
    for mark in db.session.scalars(sa.select(DayMark).where(DayMark.day_id == day.id)):
        db.session.delete(mark)
    db.session.flush()
    db.session.delete(day)
    db.session.flush()
