"""The days of a team as appointments for a calendar."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from nbe.core.calendars import Entry, uid_of
from nbe.models import CourseDay, Team


def entries_of(team: Team, path: str = "") -> list[Entry]:
    """One appointment for each day that is set; a whole day until the hour is. `path`: the page with more."""
    return [entry for day in team.days if (entry := entry_of(day, path))]


def entry_of(day: CourseDay, path: str = "") -> Entry | None:
    """One day of a team; None until it is set."""
    if day.held_on is None:
        return None
    team = day.team
    ends = day.starts_at + dt.timedelta(minutes=day.minutes) if day.starts_at and day.minutes else None
    named = _("%(course)s, %(team)s", course=team.course.title, team=team.name)
    return Entry(
        uid=uid_of("course-day", day.id),
        summary=f"{named}: {day.title}" if day.title else named,
        starts=day.starts_at or day.held_on,
        ends=ends,
        place=day.place or team.place,
        path=path,
        sequence=day.version,
    )
