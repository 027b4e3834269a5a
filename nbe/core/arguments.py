"""What an address asks for: days, numbers and words from its query; nonsense is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from nbe.core import clock
from nbe.core.dates import parse_date
from nbe.core.text import clean

LONGEST = 100


def asked_day(arguments: Mapping[str, str], name: str = "pr") -> dt.date | None:
    """A day, of this year when it names none; None when absent or unreadable."""
    try:
        return parse_date(arguments.get(name, "").strip()[:40] or None, default_year=clock.today().year)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnADay:
    """What a list is narrowed to tells of a day: `as_of`, or today where it is None or still to come."""

    as_of: dt.date | None = None

    @property
    def is_past(self) -> bool:
        """Whether the list tells of a day gone by."""
        return self.as_of is not None and self.as_of < clock.today()

    @property
    def day(self) -> dt.date:
        """The day the list tells of."""
        return self.as_of if self.is_past and self.as_of else clock.today()


def asked_number(arguments: Mapping[str, str], name: str) -> int | None:
    """A number from 0 to 999,999,999; None when absent or unreadable."""
    raw = arguments.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def asked_text(arguments: Mapping[str, str], name: str = "q") -> str:
    """Cleaned text of at most a hundred characters."""
    return clean(arguments.get(name, "")[: 4 * LONGEST])[:LONGEST]


def addresses_of_pages() -> Callable[[int], str]:
    """What gives each page of this list its address; the first has no number."""
    first = address_with(side=None)
    mark = "&" if "?" in first else "?"
    return lambda number: f"{first}{mark}side={number}" if number > 1 else first


def address_with(**changes: object) -> str:
    """This page's address with some of its query changed; None takes a part out."""
    asked = {key: [value for value in values if value] for key, values in request.args.lists()}
    asked.update({key: [] if value is None else [str(value)] for key, value in changes.items()})
    kept = {key: values for key, values in asked.items() if values}
    return f"{request.path}?{urlencode(kept, doseq=True)}" if kept else request.path
