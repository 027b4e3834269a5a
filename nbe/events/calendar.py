"""Events as appointments in a calendar."""

from __future__ import annotations

from nbe.core.calendars import Entry, uid_of, write_calendar
from nbe.models import Event

FILE = "arrangement.ics"


def entry_of(event: Event, path: str = "") -> Entry:
    """The appointment; a whole day until the hour is set. `path`: the page with more."""
    parts = [event.description, event.program]
    return Entry(
        uid=uid_of("event", event.id),
        summary=event.title,
        starts=event.starts_at or event.held_on,
        ends=event.ends_at,
        place=event.place,
        description="\n\n".join(part for part in parts if part),
        path=path,
        sequence=event.version,
        is_cancelled=event.cancelled_on is not None,
    )


def file_of(event: Event, path: str = "") -> tuple[str, bytes]:
    """Name and bytes of a file with the one appointment."""
    return FILE, write_calendar([entry_of(event, path)])
