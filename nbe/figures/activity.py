"""When somebody last did something with a business of each municipality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Activity, Business, Municipality

_OWN = Business.municipality_code == Municipality.code
_TODAY = (
    sa.select(Business.last_activity_on)
    .where(_OWN, Business.last_activity_on.is_not(None), Business.is_hidden.is_(False))
    .order_by(Business.last_activity_on.desc())
    .limit(1)
)
_UNTIL = (
    sa.select(Activity.happened_on)
    .join(Business, Business.id == Activity.business_id)
    .where(
        _OWN,
        Activity.happened_on <= sa.bindparam("as_of"),
        Activity.is_hidden.is_(False),
        Business.is_hidden.is_(False),
    )
    .order_by(Activity.happened_on.desc())
    .limit(1)
)


def _of_each(latest: Any) -> Any:
    codes: Any = sa.bindparam("codes", expanding=True)
    day = latest.correlate(Municipality).scalar_subquery()
    return sa.select(Municipality.code, day).where(Municipality.code.in_(codes))


# Made once: making a statement costs more than running it.
_LATEST_TODAY, _LATEST_UNTIL = _of_each(_TODAY), _of_each(_UNTIL)


def last_activities(as_of: dt.date, codes: Iterable[int]) -> dict[int, dt.date | None]:
    """municipality -> the day of its latest call, visit, mail or note up to `as_of`. One statement.

    Today's answer takes one step into an index per municipality; a past day's walks back through
    the activities from that day until each municipality has been met.
    """
    asked: dict[str, Any] = {"codes": list(codes)}
    if as_of >= clock.today():
        found = db.session.execute(_LATEST_TODAY, asked)
    else:
        found = db.session.execute(_LATEST_UNTIL, {**asked, "as_of": as_of})
    return {code: day for code, day in found}  # noqa: C416 - typed
