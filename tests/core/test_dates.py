"""Days as Danes and spreadsheets write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.dates import format_date, format_time, parse_date, parse_time, week_number
from tests.sizes import size

DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5/1-16", (2016, 1, 5)),
        ("5/1 2016", (2016, 1, 5)),
        ("5/1 16", (2016, 1, 5)),
        ("05-01-2016", (2016, 1, 5)),
        ("5.1.2016", (2016, 1, 5)),
        ("5. januar 2016", (2016, 1, 5)),
        ("5 jan 16", (2016, 1, 5)),
        ("den 5. jan. 2016", (2016, 1, 5)),
        ("5. SEPT. 2016", (2016, 9, 5)),
        ("2016-01-05", (2016, 1, 5)),
        ("2016-01-05 00:00:00", (2016, 1, 5)),
        (" 5. maj 2016 ", (2016, 5, 5)),
        ("29-02-2016", (2016, 2, 29)),
        ("19-01-2038", (2038, 1, 19)),
        ("20-01-2038", (2038, 1, 20)),
        ("31-12-69", (2069, 12, 31)),
        ("1-1-70", (1970, 1, 1)),
    ],
)
def test_a_day_as_it_is_written(text: str, day: tuple[int, int, int]) -> None:
    assert parse_date(text) == dt.date(*day)


@pytest.mark.parametrize(
    ("serial", "day"),
    [(42374, (2016, 1, 5)), (42374.99, (2016, 1, 5)), (42429, (2016, 2, 29)), (50424, (2038, 1, 19))],
)
def test_a_day_as_a_spreadsheet_counts_it(serial: float, day: tuple[int, int, int]) -> None:
    assert parse_date(serial) == dt.date(*day)


def test_a_moment_is_its_day() -> None:
    assert parse_date(dt.datetime(2016, 3, 27, 2, 30)) == dt.date(2016, 3, 27)  # noqa: DTZ001


NO_DAYS = [
    "", "31-02-2016", "29-02-2015", "29-02-2100", "32-01-2016", "5/13-16", "0-1-2016", "1850-01-01", "2101-01-01",
    "snart", "maj", "uge 53", "5. ma 2016", "2016-13-01", "１/１-１６", "5/1-1", "5/1-016", "5/1-16/7", "9" * 5000,
    0, -1, 80_000, 1e300, float("nan"), float("inf"), True, None, "5. j 2016",
]  # fmt: skip


@pytest.mark.parametrize("value", NO_DAYS)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        parse_date(value)


def test_a_missing_year_is_the_one_given_or_an_error() -> None:
    assert parse_date("5/1", default_year=2016) == dt.date(2016, 1, 5)
    assert parse_date("29. februar", default_year=2016) == dt.date(2016, 2, 29)
    for year in (None, 2015):
        with pytest.raises(ValueError):
            parse_date("29/2", default_year=year)


@settings(max_examples=size(10_000))
@given(DAYS)
def test_every_way_of_writing_gives_the_day_back(day: dt.date) -> None:
    d, m, y = day.day, day.month, day.year
    month = MONTHS[m - 1]
    ways = [format_date(day), day.isoformat(), f"{d}/{m}-{y % 100:02}", f"{d}.{m}.{y}", f"{d}/{m} {y}"]
    ways += [f"{d}. {month} {y}", f"den {d}. {month[:3]}. {y % 100:02}", f"{d} {month.upper()} {y}"]
    for way in ways:
        assert parse_date(way) == day, way
    assert parse_date((day - dt.date(1899, 12, 30)).days) == day


@settings(max_examples=size(10_000))
@given(st.one_of(st.text(), st.from_regex(r"\d{1,4}[./ -]\d{1,3}[./ -]?\d{0,4}", fullmatch=True), st.floats()))
def test_anything_else_is_read_or_refused(value: object) -> None:
    try:
        day = parse_date(value)
    except ValueError:
        return
    assert 1900 <= day.year <= 2100


def test_weeks_are_counted_as_danes_count_them() -> None:
    assert week_number(dt.date(2016, 1, 3)) == 53
    assert week_number(dt.date(2016, 1, 4)) == 1
    assert week_number(dt.date(2020, 12, 31)) == 53
    assert week_number(dt.date(2018, 12, 31)) == 1


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("9", (9, 0)),
        ("9.30", (9, 30)),
        ("09:30", (9, 30)),
        (" kl. 13 ", (13, 0)),
        ("Kl 7,45", (7, 45)),
        ("0930", (9, 30)),
        ("23:59", (23, 59)),
        ("0", (0, 0)),
    ],
)
def test_hours_as_danes_write_them(text: str, hour: tuple[int, int]) -> None:
    assert parse_time(text) == dt.time(*hour)


@pytest.mark.parametrize("text", ["", "24", "24.00", "9.60", "9.7", "930", "ni", "9-12", "-1", "9.30.00", "٩"])
def test_what_is_no_hour(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


@given(st.times())
def test_an_hour_reads_back(hour: dt.time) -> None:
    assert parse_time(format_time(hour)) == hour.replace(second=0, microsecond=0)
