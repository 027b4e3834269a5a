"""The kind "registrations": people signed up for an event, whose day stands in the sheet's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.events import actions
from nbe.imports.decide import RowPlan
from nbe.imports.headings import Header
from nbe.imports.kinds.kind import Around, Carrying, KindSheet, row_plan
from nbe.imports.kinds.people.businesses import Businesses
from nbe.imports.kinds.people.event_decider import EventDecider, event_of
from nbe.imports.kinds.people.plans import RegistrationPlan
from nbe.imports.kinds.people.reading import day_of_name, keys_of, read_sheet
from nbe.imports.kinds.people.taking_back import hide_made, told_of
from nbe.models import Business, Event, ImportRow, Registration
from nbe.models.states import LedgerKind, RowOutcome
from nbe.targets.queries import find_programme


class RegistrationSheets:
    """A list of those signed up for an event."""

    key = "registrations"

    def recognises(self, headings: Sequence[str]) -> bool:
        """People, and the businesses they come from; not days of a course."""
        keys = keys_of(headings)
        return (
            Header(0, tuple(headings)).lists_participants
            and "name" in keys
            and bool(keys & {"business", "cvr", "came"})
            and not any(key.startswith("day-") or key in ("certificate", "team") for key in keys)
        )

    def plan(self, sheet: KindSheet, around: Around) -> list[RowPlan]:
        """Each row compared with who is signed up."""
        reads, headings = read_sheet(sheet, around)
        businesses = Businesses([read.values["cvr"] for read in reads if "cvr" in read.values], around.rows)
        of_sheet = day_of_name(sheet.name, around.terms.programme_year)
        years = {around.terms.programme_year}
        deciders: dict[tuple[str, dt.date, int], EventDecider] = {}
        plans = []
        for read in reads:
            outcome, payload = RowOutcome.FAILED, None
            named = event_of(read, sheet.name, of_sheet, around)
            if named is None or not _is_known_year(named.held_on, years):
                read.fail("event_day" if named is None else "event_year")
            else:
                if named.key not in deciders:
                    deciders[named.key] = EventDecider(around, named, headings, businesses)
                outcome, payload = deciders[named.key].decide(read)
            plans.append(row_plan(sheet, self.key, read, outcome, payload))
        return plans

    def put_in(self, rows: Sequence[RowPlan], carrying: Carrying) -> None:
        """By the actions that the pages use."""
        for row in rows:
            plan: RegistrationPlan = row.payload
            event, _is_new = actions.find_or_make_event(
                plan.event.title,
                plan.event.held_on,
                number=plan.event.number,
                kind=plan.event.kind,
                municipality_code=plan.event.municipality_code,
                seats=plan.event.seats,
            )
            actions.sign_up_person(
                event,
                _business(plan) if plan.cvr else None,
                plan.name,
                plan.email,
                plan.signed_up_on,
                user_id=carrying.user_id,
                municipality_code=plan.municipality_code,
                organisation=plan.organisation,
                note=plan.note,
                attended=plan.came,
                told=plan.told,
                since=plan.since,
                import_id=carrying.import_id,
            )

    def take_back(self, import_id: int) -> None:
        """States as the rows say that still hold; an event that came with the import and stands empty is hidden."""
        ids = set(told_of(import_id, LedgerKind.REGISTRATION)) | _of_made_businesses(import_id)
        events: dict[int, Event] = {}
        for part in chunks(sorted(ids)):
            people = list(db.session.scalars(sa.select(Registration).where(Registration.id.in_(part))))
            actions.follow_registrations(people)
            events |= {person.event_id: person.event for person in people}
        for _event_id, event in sorted(events.items()):
            actions.fill_seats(event, user_id=None)
        hide_made(import_id, Event, Event.id.in_(sa.select(Registration.event_id).where(~Registration.is_hidden)))


def _is_known_year(day: dt.date, known: set[int]) -> bool:
    """Whether the day's year has a programme; `known` remembers those that have."""
    if day.year not in known and find_programme(day.year) is not None:
        known.add(day.year)
    return day.year in known


def _business(plan: RegistrationPlan) -> Business:
    statement = sa.select(Business).where(Business.cvr == plan.cvr, Business.p_number == plan.p_number)
    return db.session.scalars(statement).one()


def _of_made_businesses(import_id: int) -> set[int]:
    """Sign-ups of businesses that came with the import: whatever was told of them has been taken back with them."""
    made = sa.select(ImportRow.business_id).where(
        ImportRow.import_id == import_id, ImportRow.outcome == RowOutcome.CREATED, ImportRow.business_id.is_not(None)
    )
    return set(db.session.scalars(sa.select(Registration.id).where(Registration.business_id.in_(made))))


REGISTRATIONS = RegistrationSheets()
