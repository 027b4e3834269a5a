"""Calendar files (RFC 5545): appointments that Outlook, Google and telephones take in, in Danish time.

Whoever has appointments builds an `Entry` for each; a file for one and a feed of many are written alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response

from nbe.core import clock
from nbe.core.links import public_address
from nbe.core.text import clean

if TYPE_CHECKING:
    from icalendar import Calendar, Event

CALENDAR = "text/calendar"
_MAKER = "-//NBE NordDanmark//Deltagerservice//DA"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment. `starts` and `ends` are both moments with a time zone, or both days.

    A day in `ends` is the last day, itself included; `ends` None: that one day, or a moment of no length.
    `path`: the page with more, as an address on this host. `sequence` grows with every change and `changed_at`
    with it, so that a calendar that has the appointment moves it; `is_cancelled` takes it out.
    """

    uid: str
    summary: str
    starts: dt.datetime | dt.date
    ends: dt.datetime | dt.date | None = None
    place: str = ""
    description: str = ""
    path: str = ""
    changed_at: dt.datetime | None = None
    sequence: int = 0
    is_cancelled: bool = False


def uid_of(subject: str, subject_id: int) -> str:
    """A name no other appointment in the world has, and the same each time: screening, 12 -> screening-12@host."""
    host = public_address("").split("://", 1)[1].split(":", 1)[0]
    return f"{subject}-{subject_id}@{host}"


def write_calendar(entries: Sequence[Entry], name: str = "") -> bytes:
    """A file with the appointments and with Denmark's clock for their years. `name`: what a feed is called."""
    from icalendar import Calendar

    calendar = Calendar.new(prodid=_MAKER, method="PUBLISH", name=clean(name) or None)
    calendar.pop("UID", None)  # a new one each time; the same appointments are the same file
    for entry in entries:
        calendar.add_component(_event(entry))
    _tell_time_zone(calendar, entries)
    return bytes(calendar.to_ical())


def calendar_answer(entries: Sequence[Entry], filename: str, name: str = "") -> Response:
    """The file as an answer to be opened in a calendar. `filename`: plain ASCII, ending in .ics."""
    answer = Response(write_calendar(entries, name), mimetype=CALENDAR)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _event(entry: Entry) -> Event:
    from icalendar import STATUS, Event

    changed_at = (entry.changed_at or clock.real_now()).astimezone(dt.UTC)
    return Event.new(
        uid=entry.uid,
        summary=clean(entry.summary),
        start=_shown(entry.starts),
        end=_end(entry),
        location=clean(entry.place) or None,
        description=clean(entry.description) or None,
        url=public_address(entry.path) if entry.path else None,
        stamp=changed_at,
        last_modified=changed_at,
        sequence=entry.sequence,
        status=STATUS.CANCELLED if entry.is_cancelled else STATUS.CONFIRMED,
    )


def _shown(moment: dt.datetime | dt.date) -> dt.datetime | dt.date:
    """A moment on the Danish clock; a day as it is."""
    if not isinstance(moment, dt.datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return clock.danish(moment)


def _end(entry: Entry) -> dt.datetime | dt.date | None:
    """As the format wants it: of days, the day after the last."""
    if isinstance(entry.starts, dt.datetime):
        return _shown(entry.ends) if entry.ends else None
    return (entry.ends or entry.starts) + _DAY


def _tell_time_zone(calendar: Calendar, entries: Iterable[Entry]) -> None:
    years = [moment.year for entry in entries for moment in (entry.starts, entry.ends) if moment]
    if years:  # a year more at either end: the clock of January was set the autumn before
        calendar.add_missing_timezones(dt.date(min(years) - 1, 1, 1), dt.date(max(years) + 2, 1, 1))
