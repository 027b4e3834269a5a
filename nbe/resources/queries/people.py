"""Who can screen in a municipality, and the hours each has been promised for, month by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.businesses.queries import municipality_names
from nbe.core.database import db
from nbe.models import LedgerRow, Loan, Pledge, Programme, Screener, Screening, ScreeningPerson, User
from nbe.models.states import LedgerKind, LoanState, ScreeningRole, ScreeningState
from nbe.resources.rules import NONE

READ, WRITE = Permission.RESOURCES_READ, Permission.RESOURCES_WRITE
_NOT_HELD = (ScreeningState.PLANNED, ScreeningState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ScreenerLine:
    """A screener as the list tells: `observed_on` is the last screening he or she has observed, of `observed`."""

    id: int
    name: str
    title: str
    email: str
    trained_on: dt.date | None
    is_active: bool
    account: str | None
    observed: int
    observed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class PersonHours:
    """The hours of one person for one municipality.

    `place` is her own municipality when she is lent from there; `lent` are the hours for which she is lent away.
    """

    screener_id: int
    name: str
    place: str
    is_active: bool
    lent: Decimal = NONE
    hours: dict[dt.date, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """All months together."""
        return sum(self.hours.values(), NONE)


def find_screener(viewer: Viewer, screener_id: int, permission: Permission, *, for_update: bool = False) -> Screener:
    """The one screener, or 404."""
    return find_visible(viewer, Screener, screener_id, permission, for_update=for_update)


def hold_screeners(municipality_code: int) -> None:
    """Hold the people of a municipality until the commit: one at a time changes what they are promised for."""
    own = sa.select(Screener.id).where(Screener.municipality_code == municipality_code)
    db.session.execute(own.order_by(Screener.id).with_for_update())


def list_screeners(viewer: Viewer, municipality_code: int) -> list[ScreenerLine]:
    """The screeners of one municipality, those at work first."""
    observed = (
        sa.select(
            ScreeningPerson.screener_id.label("screener_id"),
            sa.func.count(sa.distinct(Screening.id)).label("number"),
            sa.func.max(Screening.held_on).label("latest"),
        )
        .join(Screening, Screening.id == ScreeningPerson.screening_id)
        .where(
            ScreeningPerson.role == ScreeningRole.OBSERVER,
            Screening.state.not_in(_NOT_HELD),
            Screening.is_hidden.is_(False),
        )
        .group_by(ScreeningPerson.screener_id)
        .subquery()
    )
    columns = (Screener.id, Screener.name, Screener.title, Screener.email, Screener.trained_on, Screener.is_active)
    seen: Any = visible(viewer, Screener, READ).where(Screener.municipality_code == municipality_code)
    statement = (
        seen.outerjoin(User, User.id == Screener.user_id)
        .outerjoin(observed, observed.c.screener_id == Screener.id)
        .with_only_columns(*columns, User.name, sa.func.coalesce(observed.c.number, 0), observed.c.latest)
        .order_by(Screener.is_active.desc(), Screener.name, Screener.id)
    )
    return [ScreenerLine(*row) for row in db.session.execute(statement)]


def list_hours(viewer: Viewer, programme: Programme, municipality_code: int) -> list[PersonHours]:
    """The municipality's own people, then those lent to it; who has left is told while there are hours."""
    own: Any = visible(viewer, Screener, READ).where(Screener.municipality_code == municipality_code)
    lent = _lent_away(programme.id, municipality_code)
    people = {
        row.id: PersonHours(row.id, row.name, "", row.is_active, lent.get(row.id, NONE))
        for row in db.session.execute(
            own.with_only_columns(Screener.id, Screener.name, Screener.is_active).order_by(Screener.name, Screener.id)
        )
    }
    names = municipality_names()
    promised: Any = visible(viewer, Pledge, READ).join(Screener, Screener.id == Pledge.screener_id)
    promised = promised.where(
        Pledge.programme_id == programme.id, Pledge.municipality_code == municipality_code, Pledge.hours > 0
    ).order_by(Screener.name, Screener.id)
    columns = (Pledge.screener_id, Pledge.month_on, Pledge.hours, Screener.name, Screener.municipality_code)
    for screener_id, month, hours, name, home in db.session.execute(promised.with_only_columns(*columns)):
        if screener_id not in people:
            people[screener_id] = PersonHours(screener_id, name, names[home], is_active=True)
        people[screener_id].hours[month] = hours
    return [person for person in people.values() if person.is_active or person.hours]


def _lent_away(programme_id: int, municipality_code: int) -> dict[int, Decimal]:
    """screener -> the hours of agreed loans to others."""
    statement = (
        sa.select(Loan.screener_id, sa.func.sum(Loan.hours))
        .where(
            Loan.programme_id == programme_id,
            Loan.lender_code == municipality_code,
            Loan.state == LoanState.ACCEPTED,
            Loan.screener_id.is_not(None),
        )
        .group_by(Loan.screener_id)
    )
    return {screener_id: hours for screener_id, hours in db.session.execute(statement) if screener_id is not None}


def last_hand(programme_id: int, municipality_code: int) -> tuple[str, dt.datetime | None]:
    """Who last changed what a municipality is promised, and when."""
    statement = (
        sa.select(User.name, LedgerRow.recorded_at)
        .select_from(LedgerRow)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(
            LedgerRow.kind == LedgerKind.HOURS,
            LedgerRow.programme_id == programme_id,
            LedgerRow.municipality_code == municipality_code,
        )
        .order_by(LedgerRow.id.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return (row[0] or "", row[1]) if row else ("", None)
