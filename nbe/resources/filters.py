"""Which programme and municipality a page about hours is for: read from an address, the same for page and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbe.access import Permission, Viewer
from nbe.businesses.queries import municipality_names
from nbe.core.arguments import asked_number
from nbe.models import Programme
from nbe.targets.queries import asked_programme


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """A programme, and one municipality or all (None). `shows_people`: whether the viewer may see who is there."""

    programme: Programme
    municipality_code: int | None
    shows_people: bool


def read_filter(viewer: Viewer, arguments: Mapping[str, str]) -> ResourceFilter | None:
    """What the address asks for, one's own municipality when it says nothing; None where there is no programme."""
    programme = asked_programme(arguments)
    if programme is None:
        return None
    code = asked_number(arguments, "kommune") if "kommune" in arguments else viewer.municipality_code
    return filter_of(viewer, programme, code if code in municipality_names() else None)


def filter_of(viewer: Viewer, programme: Programme, code: int | None) -> ResourceFilter:
    """The same for a programme and a municipality that are known."""
    return ResourceFilter(programme, code, code is not None and viewer.may(Permission.RESOURCES_READ, code))
