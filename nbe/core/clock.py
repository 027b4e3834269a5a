"""What time it is: UTC inside, Danish days outside.

The day can be fixed (`NBE_TODAY`, or an instance that tells a story of its own day); then
`today()` and `now()` stand on that day, while `real_now()` goes on for what guards the door:
sessions, limits and expiry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import current_app

DANISH = ZoneInfo("Europe/Copenhagen")


def real_now() -> dt.datetime:
    """The real moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def story_day() -> dt.date | None:
    """The day of the story this instance's data tells, or None where the data is real."""
    find: Callable[[], dt.date | None] | None = current_app.extensions.get("story_day")
    return find() if find else None


def fixed_day() -> dt.date | None:
    """The day this instance stands on, or None when it follows the calendar."""
    value = current_app.config.get("NBE_TODAY")
    return dt.date.fromisoformat(str(value)) if value else story_day()


def today() -> dt.date:
    """Today in Denmark."""
    return fixed_day() or real_now().astimezone(DANISH).date()


def now() -> dt.datetime:
    """This moment in UTC; on a fixed day, this time of that Danish day."""
    day = fixed_day()
    moment = real_now()
    if day is None:
        return moment
    return dt.datetime.combine(day, moment.astimezone(DANISH).time(), DANISH).astimezone(dt.UTC)


def danish(moment: dt.datetime) -> dt.datetime:
    """A moment as shown on a Danish clock."""
    return moment.astimezone(DANISH)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a Danish day, in UTC (the day after's midnight, exclusive)."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), DANISH).astimezone(dt.UTC)
