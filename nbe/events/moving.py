"""Whether an event has been moved since people came on its list, and what they were told before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Change, Event, Mailing, Registration

MOVE_LETTER = "event_moved"
_WHEN = ("held_on", "starts_at", "minutes")
_FIELDS = (*_WHEN, "place")
_MOST = 200  # changes of one event that are looked through


def find_before(event: Event) -> Event | None:
    """Day, hour and place as those on the list know them, as an event that is never kept; None where they still hold.

    They know what stood when the first of them came on the list, or when the host last wrote to them of a move.
    """
    first = db.session.scalar(
        sa.select(sa.func.min(Registration.created_at)).where(
            Registration.event_id == event.id, Registration.is_hidden.is_(False)
        )
    )
    if first is None:
        return None
    changes = sa.select(Change.diff).where(
        Change.entity == Event.__tablename__, Change.entity_id == event.id, Change.operation == "U", Change.at >= first
    )
    if (told_at := _told_at(event)) is not None:
        changes = changes.where(Change.at > told_at)
    now = {name: getattr(event, name) for name in _FIELDS}
    before = dict(now)
    for diff in db.session.scalars(changes.order_by(Change.id.desc()).limit(_MOST)):  # the earliest is read last
        before.update({name: _read(name, diff[name][0]) for name in _FIELDS if name in diff})
    return Event(title=event.title, **before) if before != now else None


def moved_at(event: Event, since: dt.datetime) -> bool:
    """Whether day, hour or place were changed after a moment."""
    diffs = sa.select(Change.diff).where(
        Change.entity == Event.__tablename__, Change.entity_id == event.id, Change.operation == "U", Change.at > since
    )
    return any(name in diff for diff in db.session.scalars(diffs.limit(_MOST)) for name in _FIELDS)


def is_other_time(event: Event, before: Event) -> bool:
    """Whether it is another day or hour, not only another place."""
    return any(getattr(event, name) != getattr(before, name) for name in _WHEN)


def _told_at(event: Event) -> dt.datetime | None:
    host = (
        Mailing.municipality_code.is_(None)
        if event.municipality_code is None
        else sa.or_(Mailing.municipality_code.is_(None), Mailing.municipality_code == event.municipality_code)
    )
    statement = sa.select(sa.func.max(Mailing.approved_at)).where(
        Mailing.kind == MOVE_LETTER, Mailing.subject_kind == "event", Mailing.subject_id == event.id, host
    )
    return db.session.scalar(statement)


def _read(name: str, kept: Any) -> Any:
    if kept is None:
        return None
    return {"held_on": dt.date.fromisoformat, "starts_at": dt.datetime.fromisoformat}.get(name, lambda value: value)(
        kept
    )
