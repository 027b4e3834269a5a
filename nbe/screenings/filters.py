"""Which visits a list is about: read from an address, the same for the page and the export."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbe.core import clock
from nbe.core.arguments import asked_number, asked_text
from nbe.models import Programme
from nbe.models.states import ScreeningState
from nbe.targets.queries import asked_programme

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScreeningFilter:
    """What a list of visits is narrowed to. `month` is the first day of it; `is_unfilled`: held, nothing judged.

    `is_counted`: only those that the figures count, whose candidate is not closed.
    """

    programme: Programme
    municipality_code: int | None = None
    state: ScreeningState | None = None
    screener_id: int | None = None
    month: dt.date | None = None
    search: str = ""
    is_unfilled: bool = False
    is_counted: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but programme and municipality is asked for."""
        return bool(self.state or self.screener_id or self.month or self.search or self.is_unfilled or self.is_counted)

    @property
    def month_value(self) -> str:
        """The month as the address has it: 2016-05."""
        return self.month.strftime("%Y-%m") if self.month else ""

    @property
    def window(self) -> tuple[dt.datetime, dt.datetime] | None:
        """From the first moment of the month in Denmark to the first of the next."""
        if self.month is None:
            return None
        following = (self.month + dt.timedelta(days=31)).replace(day=1)
        return _midnight(self.month), _midnight(following)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), clock.DANISH)


def read_month(text: str) -> dt.date | None:
    """The first day of a month written 2016-05; None for anything else."""
    match = _MONTH.fullmatch(text)
    return dt.date(int(match[1]), int(match[2]), 1) if match and 1900 <= int(match[1]) <= 2100 else None


def read_filter(arguments: Mapping[str, str]) -> ScreeningFilter | None:
    """What the address asks for, nonsense left out; None where there is no programme at all."""
    programme = asked_programme(arguments)
    if programme is None:
        return None
    state = arguments.get("tilstand", "")
    return ScreeningFilter(
        programme=programme,
        municipality_code=asked_number(arguments, "kommune"),
        state=ScreeningState(state) if state in {code.value for code in ScreeningState} else None,
        screener_id=asked_number(arguments, "screener") or None,
        month=read_month(arguments.get("maaned", "")),
        search=asked_text(arguments),
        is_unfilled=arguments.get("uudfyldt") == "1",
        is_counted=arguments.get("taeller") == "1",
    )
