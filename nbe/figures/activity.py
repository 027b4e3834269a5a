"""When somebody last did something with a business of each municipality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Activity, Business, Municipality


def last_activities(as_of: dt.date, codes: Iterable[int]) -> dict[int, dt.date | None]:
    """municipality -> the day of its latest call, visit, mail or note up to `as_of`. One statement.

    Today's answer takes one step into an index per municipality; a past day's walks back through
    the activities from that day until each municipality has been met.
    """
    own = Business.municipality_code == Municipality.code
    if as_of >= clock.today():
        latest = (
            sa.select(Business.last_activity_on)
            .where(own, Business.last_activity_on.is_not(None), Business.is_hidden.is_(False))
            .order_by(Business.last_activity_on.desc())
            .limit(1)
        )
    else:
        latest = (
            sa.select(Activity.happened_on)
            .join(Business, Business.id == Activity.business_id)
            .where(own, Activity.happened_on <= as_of, Activity.is_hidden.is_(False), Business.is_hidden.is_(False))
            .order_by(Activity.happened_on.desc())
            .limit(1)
        )
    statement = sa.select(Municipality.code, latest.correlate(Municipality).scalar_subquery()).where(
        Municipality.code.in_(list(codes))
    )
    return {code: day for code, day in db.session.execute(statement)}  # noqa: C416 - typed
