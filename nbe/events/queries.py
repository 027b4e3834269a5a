"""Reading events for all who work here, and their people for the municipality these belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import unsign
from nbe.core.paging import PAGE_SIZE, Page
from nbe.events.actions.following import find_fallen, rows_of_registration
from nbe.events.actions.seats import state_for_one_more
from nbe.events.counts import count_people, of_member
from nbe.events.filters import NETWORK, EventFilter
from nbe.events.letters import ANSWER, OPEN
from nbe.events.rules import Counts
from nbe.ledger import telling
from nbe.ledger.telling import ToldRow
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import LedgerKind

READ, WRITE = Permission.EVENTS_READ, Permission.EVENTS_WRITE
PEOPLE, SIGN_UP = Permission.REGISTRATIONS_READ, Permission.REGISTRATIONS_WRITE


def find_event(viewer: Viewer, event_id: int, permission: Permission = READ, *, for_update: bool = False) -> Event:
    """The event, or 404."""
    return find_visible(viewer, Event, event_id, permission, for_update=for_update)


def find_registration(
    viewer: Viewer, registration_id: int, permission: Permission = PEOPLE, *, for_update: bool = False
) -> Registration:
    """The sign-up, or 404."""
    return find_visible(viewer, Registration, registration_id, permission, for_update=for_update)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list, with its counts over all municipalities."""

    event: Event
    counts: Counts


def _selected(viewer: Viewer, chosen: EventFilter) -> sa.Select[Any]:
    today = clock.today()
    statement: sa.Select[Any] = visible(viewer, Event, READ)
    if chosen.is_cancelled:
        statement = statement.where(Event.cancelled_on.is_not(None))
    else:
        is_side = Event.held_on < today if chosen.is_held else Event.held_on >= today
        statement = statement.where(is_side, Event.cancelled_on.is_(None))
    if chosen.year and 1900 <= chosen.year <= 2100:
        statement = statement.where(Event.held_on.between(dt.date(chosen.year, 1, 1), dt.date(chosen.year, 12, 31)))
    if chosen.municipality_code == NETWORK:
        statement = statement.where(Event.municipality_code.is_(None))
    elif chosen.municipality_code is not None:
        statement = statement.where(Event.municipality_code == chosen.municipality_code)
    if chosen.kind:
        statement = statement.where(Event.kind == chosen.kind)
    if chosen.search:
        escaped = chosen.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        is_meant = [column.ilike(f"%{escaped}%", escape="\\") for column in (Event.title, Event.place)]
        statement = statement.where(sa.or_(*is_meant))
    return statement


def list_events(viewer: Viewer, chosen: EventFilter, number: int = 1, size: int = PAGE_SIZE) -> Page[EventRow]:
    """One page: what is to come by day, what was held or cancelled the latest first."""
    statement = _selected(viewer, chosen)
    total = db.session.scalar(statement.with_only_columns(sa.func.count(Event.id))) or 0
    order = (
        (Event.held_on.desc(), Event.id.desc()) if chosen.is_held or chosen.is_cancelled else (Event.held_on, Event.id)
    )
    ordered = statement.options(joinedload(Event.municipality)).order_by(*order)
    events = list(db.session.scalars(ordered.limit(size).offset((number - 1) * size)))
    counts = count_people(event.id for event in events)
    return Page([EventRow(event, counts[event.id]) for event in events], number, total, size)


def count_events(viewer: Viewer, chosen: EventFilter) -> int:
    """How many events a filter has."""
    return db.session.scalar(_selected(viewer, chosen).with_only_columns(sa.func.count(Event.id))) or 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody at an event, as the own municipality sees him."""

    registration: Registration
    business_name: str
    is_member: bool
    has_fallen: bool = False  # with an event that was cancelled

    @property
    def organisation(self) -> str:
        """Where he comes from: the business by its name, else what he has written."""
        return self.business_name or self.registration.organisation


_ORDER = (
    RegistrationState.ATTENDED,
    RegistrationState.SIGNED_UP,
    RegistrationState.ABSENT,
    RegistrationState.WAITING,
    RegistrationState.DECLINED,
    RegistrationState.INVITED,
)


def _people(viewer: Viewer, event: Event, permission: Permission) -> sa.Select[Any]:
    return visible(viewer, Registration, permission).where(Registration.event_id == event.id)


def list_people(
    viewer: Viewer,
    event: Event,
    number: int = 1,
    size: int | None = PAGE_SIZE,
    states: tuple[RegistrationState, ...] = (),
    permission: Permission = PEOPLE,
) -> Page[PersonRow]:
    """The people that the viewer may see by name: the seated first, then the waiting, apologies, those only asked."""
    statement = _people(viewer, event, permission)
    if states:
        statement = statement.where(Registration.state.in_(states))
    total = db.session.scalar(statement.with_only_columns(sa.func.count(Registration.id))) or 0
    seated = sa.case(
        {state.value: place for place, state in enumerate(_ORDER[3:], 1)}, value=Registration.state, else_=0
    )
    rows = (
        statement.join(Event, Event.id == Registration.event_id)
        .outerjoin(Business, Business.id == Registration.business_id)
        .add_columns(sa.func.coalesce(Business.name, ""), of_member())
        .order_by(seated, sa.case((Registration.state == RegistrationState.WAITING, Registration.place_at)))
        .order_by(Registration.name_key, Registration.id)
    )
    if size is not None:
        rows = rows.limit(size).offset((number - 1) * size)
    read = db.session.execute(rows).all()
    fell = find_fallen(one.id for one, *_ in read) if event.cancelled_on is not None else set()
    found = [PersonRow(one, name, bool(is_member), one.id in fell) for one, name, is_member in read]
    return Page(found, number, total, size or max(1, total))


def list_registrations(viewer: Viewer, event: Event, permission: Permission) -> list[Registration]:
    """The sign-ups themselves, in the order they were made."""
    return list(db.session.scalars(_people(viewer, event, permission).order_by(Registration.id)))


def count_people_in(
    viewer: Viewer, event: Event, states: tuple[RegistrationState, ...], permission: Permission = PEOPLE
) -> int:
    """How many of the people that the viewer may see by name are in these states."""
    statement = _people(viewer, event, permission).where(Registration.state.in_(states))
    return db.session.scalar(statement.with_only_columns(sa.func.count(Registration.id))) or 0


def find_own_business(viewer: Viewer, cvr: str) -> Business | None:
    """The business of a CVR number among those whose people the viewer may sign up; of several units the first."""
    statement = visible(viewer, Business, SIGN_UP).where(Business.cvr == cvr)
    return db.session.scalar(statement.order_by(Business.sort_key, Business.id).limit(1))


def is_member(registration: Registration) -> bool:
    """Whether one sign-up counts as a member."""
    statement = (
        sa.select(of_member())
        .select_from(Registration)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(Business, Business.id == Registration.business_id)
        .where(Registration.id == registration.id)
    )
    return bool(db.session.scalar(statement))


def load_items(event: Event) -> Event:
    """The event with its programme, in one statement more."""
    db.session.scalars(sa.select(Event).where(Event.id == event.id).options(selectinload(Event.items))).one()
    return event


def list_told(registration: Registration) -> list[ToldRow]:
    """All that was told of a sign-up, the latest first; what was taken back is marked."""
    standing = {row.id for row in rows_of_registration(registration)}
    return telling.list_told(LedgerKind.REGISTRATION, registration.id, standing)


def find_by_answer_link(token: str, *, for_update: bool = False) -> Registration | None:
    """The sign-up a person's own link is for; None where the link is not one of ours."""
    key = unsign(ANSWER, token)
    if key is None:
        return None
    statement = sa.select(Registration).where(Registration.link_key == key)
    return db.session.scalar(statement.with_for_update() if for_update else statement)


def find_by_open_link(token: str) -> Event | None:
    """The event an open link is for; None where the link is not one of ours."""
    key = unsign(OPEN, token)
    if key is None:
        return None
    return db.session.scalar(sa.select(Event).where(Event.link_key == key, Event.is_hidden.is_(False)))


def is_full(event: Event) -> bool:
    """Whether who signs up now comes on the waiting list."""
    return state_for_one_more(event, locks=False) is RegistrationState.WAITING


def count_before(registration: Registration) -> int:
    """How many wait before somebody on the waiting list."""
    before = sa.or_(
        Registration.place_at < registration.place_at,
        sa.and_(Registration.place_at == registration.place_at, Registration.id < registration.id),
    )
    statement = sa.select(sa.func.count(Registration.id)).where(
        Registration.event_id == registration.event_id,
        Registration.state == RegistrationState.WAITING,
        Registration.is_hidden.is_(False),
        before,
    )
    return db.session.scalar(statement) or 0
