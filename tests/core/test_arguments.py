"""What an address asks for, the same for a page and its export."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from nbe.core import clock
from nbe.core.arguments import asked_day, asked_number, asked_text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2016-04-25", dt.date(2016, 4, 25)),
        (" 25-04-2016 ", dt.date(2016, 4, 25)),
        ("31-02-2016", None),
        ("", None),
        ("i går", None),
        ("9" * 5000, None),
    ],
)
def test_a_day(sqlite_app: Flask, text: str, day: dt.date | None) -> None:
    assert asked_day({"pr": text}) == day


def test_a_day_without_a_year_is_this_year_s(sqlite_app: Flask) -> None:
    assert asked_day({"pr": "25/4"}) == dt.date(clock.today().year, 4, 25)


@pytest.mark.parametrize(
    ("text", "number"), [("849", 849), ("0849", 849), ("", None), ("-1", None), ("٨٤٩", None), ("1" * 10, None)]
)
def test_a_number(text: str, number: int | None) -> None:
    assert asked_number({"kommune": text}, "kommune") == number


def test_a_text_is_cleaned_and_cut() -> None:
    assert asked_text({"q": "  Pan\u200bdrup \x00 " + "x" * 5000}) == "Pandrup " + "x" * 92
