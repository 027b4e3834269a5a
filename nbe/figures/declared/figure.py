"""What a figure is: its words, its unit, where its number comes from, and the list it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission

Number = int | float | None
Derive = Callable[[Mapping[str, Number], int], Number]
Unit = Literal[
    "businesses", "percent", "people", "seats", "screenings", "days", "hours", "programmes", "measures",
    "kr", "kr_per_year", "kwh_per_year", "m3_per_year", "kg_per_year", "kg_co2e_per_year", "years",
]  # fmt: skip
Group = Literal["candidates", "screenings", "hours", "measures", "gatherings"]
ALL = None  # the municipality code of "all municipalities"
CANDIDATES_PAGE, BUSINESSES_PAGE = "/kandidater", "/virksomheder"
MEASURES_PAGE, SCREENINGS_PAGE, HOURS_PAGE = "/tiltag", "/screeninger", "/ressourcer"
COURSES_PAGE, PARTICIPANTS_PAGE, SIGN_UPS_PAGE = "/kurser", "/kurser/kursister", "/arrangementer/tilmeldinger"
# As a number is followed by them; counts of businesses, screenings and measures need none.
UNIT_WORDS: dict[str, Any] = {
    "percent": "%",
    "days": _l("dage"),
    "hours": _l("timer"),
    "programmes": _l("forløb"),
    "kr": _l("kr."),
    "kr_per_year": _l("kr. pr. år"),
    "kwh_per_year": _l("kWh pr. år"),
    "m3_per_year": _l("m³ pr. år"),
    "kg_per_year": _l("kg pr. år"),
    "kg_co2e_per_year": _l("kg pr. år"),
    "years": _l("år"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `sums`: the ledger totals it adds up; `derive`: how it follows from figures before it.

    `reads`: it comes from neither, but from the hours promised, from the moves between two stages, from the seats
    of teams, or from who was a member on the day of an event.
    `decimals`: the totals are in units of so many decimals. `page` and `query` are the list it opens, for those
    who hold `rows_permission` there; `opens_today_only`: that list knows no other day and no part.
    """

    key: str
    title: Any
    definition: Any
    version: int = 1
    unit: Unit = "businesses"
    group: Group = "candidates"
    sums: tuple[str, ...] = ()
    derive: Derive | None = None
    reads: Literal["", "hours", "waiting", "seats", "members"] = ""
    decimals: int = 0
    has_target: bool = False
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    permission: Permission = Permission.FIGURES_READ
    rows_permission: Permission = Permission.LISTS_READ
    opens_today_only: bool = False

    @property
    def is_of_programme(self) -> bool:
        """Whether it belongs to one programme year; members do not."""
        return self.page != BUSINESSES_PAGE

    @property
    def unit_words(self) -> Any:
        """The unit in words; empty for a plain count."""
        return UNIT_WORDS.get(self.unit, "")
