"""Which businesses a list is about: read from an address, the same for the page and the export."""

from __future__ import annotations

from collections.abc import Mapping

from nbe.businesses.queries import BusinessFilter
from nbe.core.arguments import asked_day, asked_number, asked_text
from nbe.models.industries import DIVISIONS
from nbe.models.states import MembershipState


def read_filter(arguments: Mapping[str, str]) -> BusinessFilter:
    """What the address asks for; nonsense is left out."""
    state, division = arguments.get("medlem", ""), arguments.get("branche", "")
    return BusinessFilter(
        municipality_code=asked_number(arguments, "kommune"),
        membership=MembershipState(state) if state in list(MembershipState) else None,
        division=division if division in DIVISIONS else "",
        search=asked_text(arguments),
        as_of=asked_day(arguments),
    )
