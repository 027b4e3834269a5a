"""Dates as Danes write them: 25-04-2016, 5/1-16, 5. januar 2016, and what Excel makes of them."""

from __future__ import annotations

import datetime as dt
import math
import re

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_FULL = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ]00:00(:00(\.0+)?)?)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:\s*[./\- ]\s*(\d{4}|\d{2}))?\.?")
_WORDS = re.compile(r"(?:den\s+)?(\d{1,2})\.?\s*([a-zæøå]+)\.?(?:\s+(\d{4}|\d{2}))?")
_TIME = re.compile(
    r"(?:kl\.?\s*)?(?:(?P<hour>\d{1,2})(?:\s*[.:,]\s*(?P<minute>\d\d))?|(?P<hh>\d\d)(?P<mm>\d\d))\.?", re.ASCII
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EXCEL_EPOCH = dt.date(1899, 12, 30)


def _month(word: str) -> int:
    for number, (short, full) in enumerate(zip(_MONTHS, _FULL, strict=True), 1):
        if word == short or (len(word) >= 3 and full.startswith(word)) or word == short + "t":
            return number
    raise ValueError("not a month")


def _year(text: str | None, default: int | None) -> int:
    if text is None:
        if default is None:
            raise ValueError("the year is missing")
        return default
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def parse_date(value: object, default_year: int | None = None) -> dt.date:
    """A day from a cell or a form. A missing year takes `default_year`. Raises ValueError (31-02, words, 1850)."""
    if isinstance(value, dt.datetime):
        day = value.date()
    elif isinstance(value, dt.date):
        day = value
    elif isinstance(value, bool) or value is None:
        raise ValueError("not a date")
    elif isinstance(value, int | float):
        if not math.isfinite(value) or not 1 <= value < 80_000:
            raise ValueError("not a date")
        day = _EXCEL_EPOCH + dt.timedelta(days=int(value))
    else:
        day = _parse_text(str(value).strip().lower(), default_year)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError("the year is out of range")
    return day


def _parse_text(text: str, default_year: int | None) -> dt.date:
    if len(text) > 40 or not all(c.isascii() or c in "æøå" for c in text):
        raise ValueError("not a date")
    if match := _ISO.fullmatch(text):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        return dt.date(_year(match[3], default_year), int(match[2]), int(match[1]))
    if match := _WORDS.fullmatch(text):
        return dt.date(_year(match[3], default_year), _month(match[2]), int(match[1]))
    raise ValueError("not a date")


def format_date(day: dt.date) -> str:
    """25-04-2016."""
    return day.strftime("%d-%m-%Y")


def week_number(day: dt.date) -> int:
    """The ISO week, as Danes count weeks."""
    return day.isocalendar().week


def parse_time(value: str) -> dt.time:
    """An hour of the day as Danes write it: 9, 9.30, 09:30, kl. 9, 0930. Raises ValueError (24.00, 9.7, words)."""
    match = _TIME.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError("not an hour")
    return dt.time(int(match["hour"] or match["hh"]), int(match["minute"] or match["mm"] or 0))


def format_time(hour: dt.time) -> str:
    """09:30."""
    return hour.strftime("%H:%M")
