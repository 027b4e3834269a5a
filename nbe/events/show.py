"""What the pages of events show beside the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.access import Permission, Viewer
from nbe.businesses.queries import municipality_choices
from nbe.core import clock
from nbe.events.queries import ToldRow
from nbe.events.rules import EVENT_CANCELLED, Counts, count_words, free_seats
from nbe.models import Event
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind

# How the people of an event can be narrowed, by what the address says.
GROUPS: dict[str, tuple[RegistrationState, ...]] = {
    "tilmeldte": (RegistrationState.SIGNED_UP, RegistrationState.ATTENDED, RegistrationState.ABSENT),
    "venteliste": (RegistrationState.WAITING,),
    "inviterede": (RegistrationState.INVITED,),
    "afbud": (RegistrationState.DECLINED,),
}


def day_has_come(event: Event) -> bool:
    """Whether it is the day of the event or later."""
    return event.held_on <= clock.today()


def words(event: Event, counts: Counts) -> str:
    """The three counts of an event in a sentence."""
    return count_words(counts, is_held=day_has_come(event))


def more_words(event: Event, counts: Counts) -> list[str]:
    """What stands beside the three counts: who is asked, who waits, how many seats are left."""
    told = []
    free = free_seats(event.seats, counts.signed_up)
    if free is not None and not day_has_come(event):
        told.append(ngettext("%(num)s ledig plads", "%(num)s ledige pladser", free))
    if counts.waiting:
        told.append(_("%(n)s på venteliste", n=counts.waiting))
    if counts.invited:
        told.append(_("%(n)s inviterede har ikke svaret", n=counts.invited))
    if counts.declined:
        told.append(_("%(n)s afbud", n=counts.declined))
    return told


def kinds_for(viewer: Viewer, event: Event | None = None) -> list[EventKind]:
    """The kinds to choose among; meetings of the coordination group are the secretariat's."""
    is_meeting = event is not None and event.kind is EventKind.COORDINATION_MEETING
    if is_meeting:
        return [EventKind.COORDINATION_MEETING]
    may = viewer.may(Permission.SETTINGS_ADMIN) and event is None
    return [kind for kind in EventKind if may or kind is not EventKind.COORDINATION_MEETING]


def hosts_for(viewer: Viewer) -> list[tuple[str, str]]:
    """Whose event it can be: one of the viewer's municipalities, or for the secretariat the network's."""
    found = [(str(code), name) for code, name in municipality_choices(viewer, Permission.EVENTS_WRITE)]
    return [("", _("Netværket")), *found] if viewer.may(Permission.SETTINGS_ADMIN) else found


def may_sign_up(viewer: Viewer, event: Event) -> bool:
    """Whether the viewer may put people of her own on the list."""
    return viewer.may(Permission.REGISTRATIONS_WRITE) and event.cancelled_on is None


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to narrow the people, with how many the viewer sees there."""

    key: str
    label: str


def tabs() -> list[Tab]:
    """The ways to narrow the people; the first is all."""
    names = {
        "tilmeldte": _("Tilmeldte"), "venteliste": _("Venteliste"), "inviterede": _("Inviterede"), "afbud": _("Afbud"),
    }  # fmt: skip
    return [Tab("", _("Alle")), *(Tab(key, names[key]) for key in GROUPS)]


def tell_row(row: ToldRow) -> str:
    """What a row of the ledger says of a person, on its own page."""
    if row.detail == EVENT_CANCELLED:
        return _("Arrangementet blev aflyst")
    after = str(RegistrationState(row.to_code).label)
    if row.from_code is None:
        return after
    return _("%(before)s → %(after)s", before=RegistrationState(row.from_code).label, after=after)


def entries_of(told: Sequence[ToldRow]) -> list[dict[str, Any]]:
    """Rows for the time line."""
    return [
        {"day": row.day, "text": tell_row(row), "note": row.note, "by": row.by, "is_undone": row.is_undone}
        for row in told
    ]
