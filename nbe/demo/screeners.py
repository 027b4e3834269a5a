"""Who screens in the story, and the hours they have been promised: enough for two of five in Jammerbugt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.ledger import Move
from nbe.models import Pledge, Programme, Screener, User
from nbe.models.states import LedgerKind

NAMES = {
    849: "Mads Screener",
    851: "Lone Screener",
    860: "Bo Screener",
    820: "Gitte Screener",
    813: "Kurt Screener",
    810: "Inge Screener",
    840: "Per Screener",
    846: "Dorte Screener",
    787: "Finn Screener",
    773: "Signe Screener",
    825: "Aksel Screener",
}
# Hours a month from May to August; nobody in Frederikshavn has been promised any.
HOURS = {849: 15, 851: 60, 860: 45, 820: 15, 810: 10, 840: 20, 846: 25, 787: 40, 773: 8, 825: 15}
MONTHS = (5, 6, 8, 9)
PROMISED_ON = dt.date(2016, 3, 1)


def make_screeners() -> dict[int, Screener]:
    """One for each municipality; where somebody signs in as a screener there, it is that one."""
    users = {user.name: user for user in db.session.scalars(sa.select(User)).unique()}
    screeners = {}
    for code, name in NAMES.items():
        user = users.get(name)
        screeners[code] = Screener(
            municipality_code=code,
            user_id=user.id if user else None,
            name=name,
            title="Miljømedarbejder",
            email=f"{name.split()[0].lower()}@example.dk",
        )
    db.session.add_all(screeners.values())
    db.session.flush()
    return screeners


def promise_hours(programme: Programme, screeners: dict[int, Screener]) -> list[Move]:
    """What each has been promised in each month; the moves, to be recorded together with the others."""
    pledges = [
        Pledge(
            programme_id=programme.id,
            municipality_code=code,
            screener_id=screeners[code].id,
            month_on=dt.date(programme.year, month, 1),
            hours=Decimal(hours),
        )
        for code, hours in HOURS.items()
        for month in MONTHS
    ]
    db.session.add_all(pledges)
    db.session.flush()
    recorded_at = dt.datetime.combine(PROMISED_ON, dt.time(10), DANISH).astimezone(dt.UTC)
    return [
        Move(
            kind=LedgerKind.HOURS,
            municipality_code=pledge.municipality_code,
            programme_id=programme.id,
            subject_id=pledge.id,
            from_code="0",
            to_code=str(pledge.hours),
            happened_on=PROMISED_ON,
            recorded_at=recorded_at,
        )
        for pledge in pledges
    ]
