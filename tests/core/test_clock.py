"""UTC inside, Danish days outside, wherever the server stands."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core import clock
from nbe.core.columns import UtcDateTime
from nbe.core.database import db
from nbe.pages import format_moment
from tests.sizes import size

ZONES = {
    "Copenhagen": "CET-1CEST,M3.5.0,M10.5.0/3",
    "Auckland": "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "New York": "EST5EDT,M3.2.0,M11.1.0",
    "UTC": "UTC0",
}
SetNow = Callable[[str], dt.datetime]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock shows the time of another place."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", ZONES[request.param])
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def set_now(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetNow]:
    """Set the real moment, told in UTC; the day follows the calendar."""
    shared_app.config["NBE_TODAY"] = None

    def set_to(text: str) -> dt.datetime:
        moment = dt.datetime.fromisoformat(text + "+00:00")
        monkeypatch.setattr(clock, "real_now", lambda: moment)
        return moment

    with shared_app.app_context():
        yield set_to


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("utc", "day", "shown"),
    [
        ("2016-01-04T22:59:59", "2016-01-04", "04-01-2016 23:59"),
        ("2016-01-04T23:00:00", "2016-01-05", "05-01-2016 00:00"),
        ("2016-07-04T21:59:59", "2016-07-04", "04-07-2016 23:59"),
        ("2016-07-04T22:00:00", "2016-07-05", "05-07-2016 00:00"),
        ("2016-03-27T00:59:00", "2016-03-27", "27-03-2016 01:59"),
        ("2016-03-27T01:00:00", "2016-03-27", "27-03-2016 03:00"),
        ("2016-10-30T00:30:00", "2016-10-30", "30-10-2016 02:30"),
        ("2016-10-30T01:30:00", "2016-10-30", "30-10-2016 02:30"),
        ("2016-10-30T02:30:00", "2016-10-30", "30-10-2016 03:30"),
        ("2016-02-28T23:00:00", "2016-02-29", "29-02-2016 00:00"),
        ("2016-12-31T22:59:59", "2016-12-31", "31-12-2016 23:59"),
        ("2016-12-31T23:00:00", "2017-01-01", "01-01-2017 00:00"),
        ("2038-01-19T03:14:08", "2038-01-19", "19-01-2038 04:14"),
    ],
)
def test_the_day_and_the_time_are_danish(set_now: SetNow, utc: str, day: str, shown: str) -> None:
    moment = set_now(utc)
    assert clock.today().isoformat() == day
    assert clock.now() == moment
    assert clock.danish(moment).strftime("%d-%m-%Y %H:%M") == format_moment(moment) == shown


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("day", "hours"),
    [("2016-03-27", 23), ("2016-10-30", 25), ("2016-02-29", 24), ("2016-12-31", 24), ("2038-01-19", 24)],
)
def test_a_day_is_as_long_as_it_is(day: str, hours: int) -> None:
    this = dt.date.fromisoformat(day)
    length = clock.end_of_day(this) - clock.end_of_day(this - dt.timedelta(days=1))
    assert length == dt.timedelta(hours=hours)


@settings(max_examples=size(10_000))
@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2060, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_every_moment_lies_in_its_danish_day(moment: dt.datetime) -> None:
    day = clock.danish(moment).date()
    assert clock.end_of_day(day - dt.timedelta(days=1)) <= moment < clock.end_of_day(day)


@pytest.mark.usefixtures("zone")
def test_a_fixed_day_stands_still_while_its_clock_goes(set_now: SetNow, shared_app: Flask) -> None:
    set_now("2026-11-24T22:30:00")
    shared_app.config["NBE_TODAY"] = "2016-07-04"
    assert clock.today() == dt.date(2016, 7, 4)
    assert clock.now() == dt.datetime(2016, 7, 4, 21, 30, tzinfo=dt.UTC)
    set_now("2026-11-24T23:30:00")
    assert clock.now() == dt.datetime(2016, 7, 3, 22, 30, tzinfo=dt.UTC)
    assert clock.today() == dt.date(2016, 7, 4)


def test_the_database_keeps_the_moment(app: Flask) -> None:
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime()), prefixes=["TEMPORARY"])
    moments = [dt.datetime(2016, 10, 30, 2, 30, tzinfo=clock.DANISH, fold=fold) for fold in (0, 1)] + [
        dt.datetime(2038, 1, 19, 3, 14, 8, 999999, tzinfo=dt.UTC)
    ]
    with db.engine.begin() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"at": moment} for moment in moments])
        found = list(connection.scalars(sa.select(table.c.at)))
    assert found == [moment.astimezone(dt.UTC) for moment in moments]
    assert found[1] - found[0] == dt.timedelta(hours=1)
    with pytest.raises(sa.exc.StatementError, match="naive"), db.engine.begin() as connection:
        connection.execute(sa.select(table).where(table.c.at == dt.datetime(2016, 1, 1)))  # noqa: DTZ001
