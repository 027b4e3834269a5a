"""What an address asks a dashboard for: programme, date, municipality, industry, source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.core import clock
from nbe.core.addresses import with_query
from nbe.core.arguments import asked_number
from nbe.core.dates import parse_date
from nbe.figures import Narrowing
from nbe.models import Municipality, Programme
from nbe.models.industries import DIVISIONS
from nbe.models.states import RoleName, Source
from nbe.targets.queries import current_programme


@dataclass(frozen=True)
class Asked:
    """The view an address names, and what in it could not be read (`remarks`, sentences for the page)."""

    programme: Programme | None
    as_of: dt.date
    today: dt.date
    municipality_code: int | None = None
    narrowing: Narrowing = field(default_factory=Narrowing)
    remarks: tuple[str, ...] = ()
    is_masked: bool = False

    @property
    def is_today(self) -> bool:
        """Whether no other day was asked for."""
        return self.as_of == self.today

    def address(self, path: str, **changes: Any) -> str:
        """The address of the same view at `path`; a change of None leaves a part out."""
        query: dict[str, Any] = {
            "aar": self.programme.year if self.programme else None,
            "pr": None if self.is_today else self.as_of.isoformat(),
            "kommune": self.municipality_code,
            "branche": self.narrowing.industry,
            "kilde": self.narrowing.source.value if self.narrowing.source else None,
        }
        query.update(changes)
        return with_query(path, {name: value for name, value in query.items() if value is not None})

    def only(self, code: int) -> Asked:
        """The same view of one municipality, not narrowed."""
        return replace(self, municipality_code=code, narrowing=Narrowing())


def sees_small_splits(viewer: Viewer) -> bool:
    """Whether the viewer is shown parts of 1 and 2 as they are: those who work with businesses are."""
    return viewer.role in (RoleName.ADMINISTRATOR, RoleName.LEADER, RoleName.SCREENER)


def read_address(
    arguments: Mapping[str, str],
    programmes: list[Programme],
    municipalities: list[Municipality],
    viewer: Viewer,
) -> Asked:
    """Read an address. What makes no sense is left out and said."""
    today = clock.today()
    remarks: list[str] = []
    programme = _read_programme(arguments, programmes, today, remarks)
    as_of = _read_day(arguments.get("pr", ""), today, remarks)
    code = asked_number(arguments, "kommune")
    if code is not None and code not in {m.code for m in municipalities}:
        remarks.append(_("Kommunen findes ikke; her er alle."))
        code = None
    industry = arguments.get("branche") or None
    if industry is not None and industry not in DIVISIONS:
        remarks.append(_("Branchen findes ikke; her er alle brancher."))
        industry = None
    source = _read_source(arguments.get("kilde", ""), remarks)
    is_masked = not sees_small_splits(viewer)
    if is_masked and industry and source:
        remarks.append(_("Vælg enten branche eller kilde; her er branchen."))
        source = None
    return Asked(programme, as_of, today, code, Narrowing(industry, source), tuple(remarks), is_masked)


def _read_programme(
    arguments: Mapping[str, str], programmes: list[Programme], today: dt.date, remarks: list[str]
) -> Programme | None:
    year = asked_number(arguments, "aar")
    found = next((programme for programme in programmes if programme.year == year), None)
    if arguments.get("aar") and found is None:
        remarks.append(_("Forløbsåret findes ikke; her er det nuværende."))
    return found or current_programme(today)


def _read_day(text: str, today: dt.date, remarks: list[str]) -> dt.date:
    if not text:
        return today
    try:
        day = parse_date(text.strip()[:40], default_year=today.year)
    except ValueError:
        remarks.append(_("Datoen kunne ikke læses; her er tallene i dag. Skriv den som 25-04-2016."))
        return today
    if day > today:
        remarks.append(_("Datoen ligger i fremtiden; her er tallene i dag."))
    return min(day, today)


def _read_source(text: str, remarks: list[str]) -> Source | None:
    if not text:
        return None
    try:
        return Source(text)
    except ValueError:
        remarks.append(_("Kilden findes ikke; her er alle kilder."))
        return None
