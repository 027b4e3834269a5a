"""The meetings of the coordination group: when the question "how far are we?" is asked."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import Page
from nbe.models import Event, Registration
from nbe.models.states import EventKind

_KIND = EventKind.COORDINATION_MEETING


class HeldError(ValueError):
    """A meeting that has been held, or is today, cannot be deleted."""


class InUseError(ValueError):
    """A meeting that people are asked to or signed up for is cancelled, not deleted."""


def page_of_meetings(number: int) -> Page[Event]:
    """The meetings, the latest first, fifty at a time."""
    total = db.session.scalar(sa.select(sa.func.count()).where(Event.kind == _KIND)) or 0
    page: Page[Event] = Page([], number, total)
    statement = sa.select(Event).where(Event.kind == _KIND).order_by(Event.held_on.desc(), Event.id.desc())
    page.rows.extend(db.session.scalars(statement.offset(page.offset).limit(page.size)))
    return page


def find_meeting(meeting_id: int, *, for_update: bool = False) -> Event | None:
    """One meeting, if there is one."""
    if not 0 < meeting_id < 2**31:
        return None
    statement = sa.select(Event).where(Event.id == meeting_id, Event.kind == _KIND)
    return db.session.scalar(statement.with_for_update() if for_update else statement)


def is_day_taken(day: dt.date, except_id: int | None = None) -> bool:
    """Whether another meeting is held that day: "since the last meeting" must mean one."""
    statement = sa.select(Event.id).where(Event.kind == _KIND, Event.held_on == day)
    if except_id is not None:
        statement = statement.where(Event.id != except_id)
    return db.session.scalar(statement.limit(1)) is not None


def add_meeting(title: str, day: dt.date) -> Event:
    """A new meeting in the calendar."""
    meeting = Event(kind=_KIND, title=title, held_on=day)
    db.session.add(meeting)
    db.session.flush()
    return meeting


def update_meeting(meeting: Event, title: str, day: dt.date) -> None:
    """Correct title and day."""
    meeting.title, meeting.held_on = title, day
    db.session.flush()


def may_delete(meeting: Event) -> bool:
    """Only what is still to come can be taken out of the calendar."""
    return meeting.held_on > clock.today()


def delete_meeting(meeting: Event) -> None:
    """Take a meeting to come out of the calendar; HeldError or InUseError otherwise."""
    if not may_delete(meeting):
        raise HeldError
    if db.session.scalar(sa.select(Registration.id).where(Registration.event_id == meeting.id).limit(1)) is not None:
        raise InUseError
    db.session.delete(meeting)
    db.session.flush()
