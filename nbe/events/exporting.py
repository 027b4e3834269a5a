"""The people of an event as a spreadsheet: typed cells, as the import takes them in again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.access import Viewer, visible
from nbe.businesses.queries import municipality_names
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.sheets import SheetOut
from nbe.events import queries
from nbe.events.actions import alike_that_day
from nbe.events.actions.following import rows_of_registrations
from nbe.events.queries import PersonRow
from nbe.events.sheet import CAME, COLUMNS, NETWORK, WITH_DAY, kind_words, state_words
from nbe.ledger.fold import Row
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState

MOST_SHEETS = 120  # an archive of more than 200 parts is refused when it comes in again


def sheet_of(event: Event, people: Sequence[PersonRow]) -> SheetOut:
    """People of an event as a sheet."""
    names, words = municipality_names(), state_words()
    numbers = _numbers({row.registration.business_id for row in people if row.registration.business_id})
    told = rows_of_registrations(row.registration.id for row in people)
    common = _common(event, names)
    rows = []
    for row in people:
        one = row.registration
        cvr, p_number = numbers.get(one.business_id or 0, ("", ""))
        cells: dict[str, Any] = {
            "name": one.name,
            "business": row.organisation,
            "cvr": cvr,
            "p_number": p_number,
            "municipality": names[one.municipality_code],
            "email": one.email,
            "is_member": "ja" if row.is_member else "nej",
            "signed_up_on": _signed_up_on(told[one.id], one),
            "came": CAME.get(one.state),
            "state": words[one.state],
            "since_on": one.state_since_on if one.state in WITH_DAY else None,
            "note": one.note,
        }
        rows.append([(common | cells).get(key) for key in COLUMNS])
    return SheetOut(_name(event), list(COLUMNS.values()), rows)


def _common(event: Event, names: dict[int, str]) -> dict[str, Any]:
    """What the sheet says of the event itself; its number only where another of that day has its name."""
    alike = [one.id for one in alike_that_day(event.title, event.held_on)]
    return {
        "event": event.title,
        "held_on": event.held_on,
        "event_kind": kind_words()[event.kind],
        "organiser": names[event.municipality_code] if event.municipality_code else NETWORK,
        "event_seats": event.seats,
        "event_number": alike.index(event.id) + 1 if len(alike) > 1 else None,
    }


def _name(event: Event) -> str:
    """ "Temamøde 26-01"."""
    day = event.held_on.strftime("%d-%m")
    title = event.title.removesuffix(day).strip()
    return f"{title[:25].strip()} {day}"


def _numbers(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for part in chunks(sorted(ids)):
        statement = sa.select(Business.id, Business.cvr, Business.p_number).where(Business.id.in_(part))
        found |= {row.id: (row.cvr, row.p_number) for row in db.session.execute(statement)}
    return found


def _signed_up_on(rows: Sequence[Row], registration: Registration) -> dt.date | None:
    """The day somebody got the seat or the place on the waiting list; None for who was only asked, or came without."""
    found, before = None, ""
    for row in rows:
        if row.to_code in (RegistrationState.SIGNED_UP, RegistrationState.WAITING) and before not in REGISTERED:
            found = row.happened_on
        before = row.to_code
    if found is None and registration.state is RegistrationState.SIGNED_UP:  # was noted to have come, and then not
        return min(registration.state_since_on, registration.event.held_on)
    return found


def sheets_of_year(viewer: Viewer, year: int) -> list[SheetOut]:
    """A sheet for each event of a year that the viewer sees people of; a cancelled one has none.

    Of very many the last ones share a sheet: each row says which event it is about.
    """
    statement = visible(viewer, Event, queries.READ).where(
        Event.held_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)), Event.cancelled_on.is_(None)
    )
    found = []
    for event in db.session.scalars(statement.order_by(Event.held_on, Event.id)):
        people = queries.list_people(viewer, event, size=None).rows
        if people:
            found.append(sheet_of(event, people))
    alone, rest = found[: MOST_SHEETS - 1], found[MOST_SHEETS - 1 :]
    if len(rest) < 2:
        return found
    return [*alone, SheetOut("Øvrige arrangementer", rest[0].columns, [row for sheet in rest for row in sheet.rows])]
