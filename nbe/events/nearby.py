"""Events as other pages tell of them: those a business has been at, and those that are soon."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from nbe.access import Permission, Viewer, visible
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.database import db
from nbe.events.counts import count_people
from nbe.events.queries import EventRow
from nbe.models import Business, Event, Registration

AHEAD = dt.timedelta(days=30)
MOST = 50


def list_of_business(viewer: Viewer, business_id: int) -> list[Registration]:
    """People of a business, and of those merged into it, at events; the latest event first."""
    merged = sa.select(Business.id).where(Business.merged_into_id == business_id)
    statement = (
        visible(viewer, Registration, Permission.REGISTRATIONS_READ)
        .join(Event, Event.id == Registration.event_id)
        .where(sa.or_(Registration.business_id == business_id, Registration.business_id.in_(merged)))
        .options(joinedload(Registration.event))
        .order_by(Event.held_on.desc(), Registration.name_key, Registration.id)
        .limit(MOST)
    )
    return list(db.session.scalars(statement))


def list_soon(viewer: Viewer, code: int | None) -> list[EventRow]:
    """What is held within a month: the network's and, with `code`, that municipality's; cancelled ones left out."""
    if viewer.scope(Permission.EVENTS_READ) is Scope.NONE:
        return []
    today = clock.today()
    statement = visible(viewer, Event, Permission.EVENTS_READ).where(
        Event.held_on.between(today, today + AHEAD), Event.cancelled_on.is_(None)
    )
    if code is not None:
        statement = statement.where(sa.or_(Event.municipality_code.is_(None), Event.municipality_code == code))
    events = list(db.session.scalars(statement.order_by(Event.held_on, Event.id).limit(MOST)))
    counts = count_people(event.id for event in events)
    return [EventRow(event, counts[event.id]) for event in events]
