"""The list of who came and who sent apologies, as text for minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.core.text import sort_key
from nbe.events.letters import when_and_where
from nbe.events.queries import PersonRow
from nbe.events.rules import Counts
from nbe.models import Event
from nbe.models.gathering_states import RegistrationState

_COMING = (RegistrationState.SIGNED_UP, RegistrationState.ATTENDED)


@dataclass(frozen=True, slots=True)
class Attendees:
    """People by Danish order of their names: there (or coming, before the day), and who sent apologies.

    `others`: how many of other municipalities there are beside, whose names the viewer may not see.
    """

    there: list[PersonRow]
    declined: list[PersonRow]
    others: int
    is_held: bool


def attendees_of(rows: Sequence[PersonRow], counts: Counts, *, is_held: bool) -> Attendees:
    """Of a held event who came; before it, who is signed up."""
    states = (RegistrationState.ATTENDED,) if is_held else _COMING
    there = [row for row in rows if row.registration.state in states]
    declined = [row for row in rows if row.registration.state is RegistrationState.DECLINED and not row.has_fallen]
    total = counts.came if is_held else counts.signed_up - counts.absent
    return Attendees(_sorted(there), _sorted(declined), max(0, total - len(there)), is_held)


def _sorted(rows: Sequence[PersonRow]) -> list[PersonRow]:
    return sorted(rows, key=lambda row: (sort_key(row.registration.name), row.registration.id))


def plain_text(event: Event, attendees: Attendees) -> str:
    """The list as it is pasted into minutes: a name and an organisation on each line."""
    parts = [f"{event.title}, {when_and_where(event)}"]
    heading = _("Deltagere") if attendees.is_held else _("Tilmeldte")
    there = [_line(row) for row in attendees.there]
    if attendees.others:
        there.append(ngettext("samt %(num)s fra andre kommuner", "samt %(num)s fra andre kommuner", attendees.others))
    parts.append("\n".join([f"{heading}:", *(there or [_("ingen")])]))
    if attendees.declined:
        parts.append("\n".join([_("Afbud:"), *(_line(row) for row in attendees.declined)]))
    return "\n\n".join(parts) + "\n"


def _line(row: PersonRow) -> str:
    return ", ".join(part for part in (row.registration.name, row.organisation) if part)
