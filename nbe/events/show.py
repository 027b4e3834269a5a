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
from nbe.core.links import public_address
from nbe.events.letters import open_path
from nbe.events.listed import CAME, FALLEN, MOVED, SIGNED_UP, UNANSWERED
from nbe.events.moving import find_before
from nbe.events.queries import count_before
from nbe.events.rules import EVENT_CANCELLED, Counts, count_words, free_seats, is_open
from nbe.events.segments import BOTH, CANDIDATES, MEMBERS, Audience
from nbe.ledger.telling import ToldRow
from nbe.models import Event, Registration
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
    """The three counts of an event in a sentence; of a cancelled one how many fell away with it."""
    if event.cancelled_on is not None:
        fell = ngettext("%(num)s faldt bort ved aflysningen", "%(num)s faldt bort ved aflysningen", counts.fell)
        return str(fell) if counts.fell else _("Aflyst")
    return count_words(counts, is_held=day_has_come(event))


def more_words(event: Event, counts: Counts) -> list[str]:
    """What stands beside the three counts: who is asked, who waits, how many seats are left."""
    told = []
    free = free_seats(event.seats, counts.signed_up)
    if free is not None and event.cancelled_on is None and not day_has_come(event):
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


def open_link(event: Event) -> str:
    """The whole address on which anybody signs up, while that is open; else empty."""
    path = open_path(event)
    is_on = is_open(event.held_on, event.sign_up_until, event.cancelled_on, clock.today())
    return public_address(path) if path and is_on else ""


def may_letter(viewer: Viewer, event: Event, counts: Counts) -> bool:
    """Whether there is anything to write about: an event to come, one that is cancelled, or one that some came to."""
    is_over = event.cancelled_on is None and event.held_on < clock.today()
    return viewer.may(Permission.MAILS_WRITE) and (counts.came > 0 or not is_over)


def letter_label(event: Event) -> str:
    """What the way to its letters is called."""
    if event.cancelled_on is not None:
        return _("Skriv om aflysningen")
    return _("Skriv til dem, der kom") if event.held_on < clock.today() else _("Invitér og skriv")


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to narrow the people, with how many the viewer sees there."""

    key: str
    label: str


def tabs(event: Event) -> list[Tab]:
    """The ways to narrow the people; the first is all."""
    names = {
        "tilmeldte": _("Tilmeldte"), "venteliste": _("Venteliste"), "inviterede": _("Inviterede"), "afbud": _("Afbud"),
    }  # fmt: skip
    if event.cancelled_on is not None:
        names["afbud"] = _("Afbud og bortfald")
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


def groups_of_letters(event: Event) -> list[tuple[str, str]]:
    """Whom one may write to about an event, as it stands."""
    if event.cancelled_on is not None:
        return [(FALLEN, _("Dem, der faldt bort ved aflysningen"))]
    came = [(CAME, _("Dem, der kom"))] if day_has_come(event) else []
    if event.held_on < clock.today():
        return came
    moved = [(MOVED, _("Tilmeldte og venteliste: arrangementet er flyttet"))] if find_before(event) else []
    return [
        (MEMBERS, _("Medlemmer af netværket")),
        (CANDIDATES, _("Kandidater i %(year)s", year=event.held_on.year)),
        (BOTH, _("Medlemmer og kandidater")),
        (UNANSWERED, _("Inviterede, der ikke har svaret")),
        (SIGNED_UP, _("Tilmeldte")),
        *moved,
        *came,
    ]


def left_out_words(audience: Audience) -> list[str]:
    """Who gets no letter and why, a sentence each."""
    words = {
        "ad_protected": lambda n: ngettext(
            "%(num)s virksomhed er reklamebeskyttet og er udeladt.",
            "%(num)s virksomheder er reklamebeskyttede og er udeladt.", n,
        ),
        "no_mail": lambda n: ngettext(
            "%(num)s har ingen mailadresse at skrive til.", "%(num)s har ingen mailadresse at skrive til.", n
        ),
        "listed": lambda n: ngettext(
            "%(num)s person er på listen i forvejen.", "%(num)s personer er på listen i forvejen.", n
        ),
        "unsubscribed": lambda n: ngettext(
            "%(num)s har frameldt sig breve fra netværket.", "%(num)s har frameldt sig breve fra netværket.", n
        ),
        "twice": lambda n: ngettext(
            "%(num)s deler mailadresse med en anden på listen og får ikke brevet to gange.",
            "%(num)s deler mailadresse med en anden på listen og får ikke brevet to gange.", n,
        ),
    }  # fmt: skip
    return [words[reason](number) for reason, number in audience.left_out.items() if number]


def place_in_queue(registration: Registration) -> int | None:
    """The place on the waiting list, from 1; None for who is not on it."""
    return count_before(registration) + 1 if registration.state is RegistrationState.WAITING else None
