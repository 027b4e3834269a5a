"""Numbers, days and charts in the language of the page."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from flask import Flask
from flask_babel import force_locale

from nbe.pages import format_long_day, format_moment, format_number, format_share, format_weekday
from tests.language.seen import DANISH, ENGLISH, strange, written_by_people
from tests.language.walk import sign_in_as

DAY = dt.date(2016, 4, 25)
WRITTEN = {
    "da": ("1.234,5", "40\xa0%", "25. april 2016", "Mandag den 25. april 2016", "25-04-2016 16:05"),
    "en": ("1,234.5", "40%", "25 April 2016", "Monday 25 April 2016", "25-04-2016 16:05"),
}


@pytest.mark.parametrize("language", ["da", "en"])
def test_numbers_and_days(story: Flask, language: str) -> None:
    moment = dt.datetime(2016, 4, 25, 14, 5, tzinfo=dt.UTC)
    with story.test_request_context(), force_locale(language):
        found = (
            format_number(1234.5),
            format_share(0.4),
            format_long_day(DAY),
            format_weekday(DAY),
            format_moment(moment),
        )
    assert found == WRITTEN[language]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [
            text for key, inner in value.items() if key not in {"type", "mode", "template"} for text in _texts(inner)
        ]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [re.sub(r"%\{[^}]*\}", " ", value)] if isinstance(value, str) else []


@pytest.mark.parametrize(("language", "wrong", "separators"), [("da", ENGLISH, ",."), ("en", DANISH, ".,")])
def test_charts(story: Flask, language: str, wrong: re.Pattern[str], separators: str) -> None:
    """The names of lines and columns, and how numbers are written in a chart."""
    client = sign_in_as(story, "leader", language)
    names = set(re.findall(r'data-chart="([^"]+)"', client.get("/").get_data(as_text=True)))
    assert len(names) >= 3
    for address in names:
        answer = client.get(address.replace("&amp;", "&"))
        figure = json.loads(answer.get_data(as_text=True))
        assert figure["layout"]["separators"] == separators
        assert strange(_texts(figure["data"]), wrong, written_by_people()) == []
