"""The secret address of a person's calendar: made, renewed, taken away."""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.exc import DBAPIError

from nbe.core import clock
from nbe.core.database import db, table_of, writing
from nbe.models import CalendarFeed

log = structlog.get_logger()


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_of(feed: CalendarFeed) -> str:
    """The key of a feed: made of its row and the service's secret, so that neither alone tells it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(
        secret, f"calendar:{feed.user_id}:{feed.created_at.isoformat()}".encode(), hashlib.sha256
    ).hexdigest()


def renew_feed(user_id: int) -> CalendarFeed:
    """A new address for a person's calendar; the one before is dead at once."""
    feed = db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.user_id == user_id).with_for_update())
    if feed is None:
        feed = CalendarFeed(user_id=user_id)
        db.session.add(feed)
    feed.created_at, feed.read_at = clock.real_now(), None
    feed.digest = digest_of(key_of(feed))
    db.session.flush()
    return feed


def drop_feed(user_id: int) -> None:
    """No address any more."""
    feed = db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.user_id == user_id).with_for_update())
    if feed is not None:
        db.session.delete(feed)
        db.session.flush()


def note_read(feed_id: int) -> None:
    """Remember that a calendar has read it; beside the request, which only reads."""
    table = table_of(CalendarFeed)
    change = sa.update(table).where(table.c.id == feed_id).values(read_at=clock.real_now())
    try:
        with writing(), db.engine.begin() as connection:
            connection.execute(change)
    except DBAPIError:
        log.error("calendar_read_not_noted")
