"""The people of a programme's events on a day: what the ledger says of each, as the figures count them.

The rows come from the same rows of the ledger as the totals, so that a figure and its list agree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, visible
from nbe.businesses.queries import may_read, municipality_names, narrowed
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page, page_of
from nbe.core.text import fold, sort_key
from nbe.events.counts import of_member
from nbe.events.filters import ANSWERS, SignUpFilter
from nbe.ledger.queries import subjects_at
from nbe.models import Business, Event, Programme, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import LedgerKind

PEOPLE = Permission.REGISTRATIONS_READ


@dataclass(frozen=True, slots=True)
class SignUpRow:
    """Somebody at an event, in a list. Without name and business where it is not open to the viewer.

    `business_id`: None where there is no business, or one the viewer may not open. `came`: None while it is not known.
    """

    id: int
    name: str
    organisation: str
    business_id: int | None
    municipality_name: str
    event_id: int
    event: str
    event_is_open: bool
    held_on: dt.date
    state: RegistrationState
    since_on: dt.date
    is_member: bool
    is_open_to_viewer: bool

    @property
    def came(self) -> bool | None:
        """Whether he came."""
        return {RegistrationState.ATTENDED: True, RegistrationState.ABSENT: False}.get(self.state)

    @property
    def answer(self) -> RegistrationState:
        """What he answered: who was seen there, or missed, counts as signed up."""
        return RegistrationState.SIGNED_UP if self.state in REGISTERED else self.state


def _selected(viewer: Viewer, chosen: SignUpFilter) -> sa.Select[Any]:
    """What the ledger says of each, with whether the business was a member on the day of the event, or by then."""
    told = subjects_at(LedgerKind.REGISTRATION, chosen.programme.id, chosen.day)
    by_then = sa.case((Event.held_on < chosen.day, Event.held_on), else_=sa.literal(chosen.day))
    member = of_member(told.c.business_id, by_then)
    columns = (
        told.c.to_code, told.c.happened_on, told.c.municipality_code, Registration.id, Registration.name,
        Registration.organisation, Registration.municipality_code.label("present_code"), Registration.is_hidden,
        Business.id.label("business_id"), Business.name.label("business"),
        Business.municipality_code.label("business_code"), Event.id.label("event_id"), Event.title.label("event"),
        Event.held_on, Event.is_hidden.label("event_is_hidden"), member.label("is_member"),
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(told)
        .join(Registration, Registration.id == told.c.subject_id)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(Business, Business.id == told.c.business_id)
    )
    statement = narrowed(viewer, statement, told.c.municipality_code, chosen.municipality_code, PEOPLE)
    if chosen.event_id is not None:
        statement = statement.where(Event.id == chosen.event_id)
    if chosen.kind:
        statement = statement.where(Event.kind == chosen.kind)
    if chosen.answer:
        statement = statement.where(told.c.to_code.in_([state.value for state in ANSWERS[chosen.answer]]))
    if chosen.is_member:
        statement = statement.where(member)
    return statement


def list_sign_ups(
    viewer: Viewer, chosen: SignUpFilter, number: int = 1, size: int | None = PAGE_SIZE
) -> Page[SignUpRow]:
    """One page in Danish order of the names; all rows when `size` is None.

    Found and sorted here: it is the people of one year's events, and neither database orders names as Danes do.
    """
    words = fold(chosen.search).split()
    found = []
    for row in db.session.execute(_selected(viewer, chosen)):
        is_open = not row.is_hidden and viewer.may(PEOPLE, row.present_code)
        text = fold(f"{row.name} {row.organisation} {row.business or ''}") if is_open and words else ""
        if all(word in text for word in words):
            found.append((sort_key(row.name) if is_open else "", row.held_on, row.id, is_open, row))
    found.sort(key=lambda one: one[:3])
    page, names = page_of(found, number, size), municipality_names()
    rows = [_row(viewer, one[-1], names, is_open=one[-2]) for one in page.rows]
    return Page(rows, page.number, page.total, page.size)


def _row(viewer: Viewer, row: Any, names: dict[int, str], *, is_open: bool) -> SignUpRow:
    opens = is_open and row.business_id is not None and may_read(viewer, row.business_code)
    return SignUpRow(
        id=row.id,
        name=row.name if is_open else "",
        organisation=(row.business or row.organisation) if is_open else "",
        business_id=row.business_id if opens else None,
        municipality_name=names[row.municipality_code],
        event_id=row.event_id,
        event=row.event,
        event_is_open=not row.event_is_hidden,
        held_on=row.held_on,
        state=RegistrationState(row.to_code),
        since_on=row.happened_on,
        is_member=bool(row.is_member),
        is_open_to_viewer=is_open,
    )


def event_choices(viewer: Viewer, programme: Programme) -> list[tuple[int, str]]:
    """The events of a year to which somebody was asked or has signed up, to choose among; the latest first."""
    year = programme.year
    has_people = sa.select(Registration.id).where(Registration.event_id == Event.id).exists()
    statement = (
        visible(viewer, Event, Permission.EVENTS_READ)
        .where(Event.held_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)), has_people)
        .with_only_columns(Event.id, Event.title, Event.held_on)
        .order_by(Event.held_on.desc(), Event.id)
    )
    return [(event_id, f"{day:%d-%m-%Y} {title}") for event_id, title, day in db.session.execute(statement)]
