"""One business with all that belongs to it, in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from nbe.access import Permission, Viewer, visible
from nbe.businesses import queries as businesses
from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import Page
from nbe.events.nearby import list_of_business
from nbe.history.queries import Entry, HistoryFilter, list_entries
from nbe.models import Activity, Business, Candidacy, Contact, Membership, Programme, Registration, User
from nbe.models.states import LedgerKind, Stage
from nbe.targets.queries import current_programme


@dataclass(frozen=True, slots=True)
class Profile:
    """What the page shows."""

    business: Business
    contacts: list[Contact]
    former_contacts: list[Contact]
    membership: Membership | None
    membership_moves: list[businesses.Told]
    candidacies: list[tuple[Candidacy, str]]
    open_year: int | None
    activities: Page[tuple[Activity, str]]
    history: list[Entry]
    has_more_history: bool
    merged: list[Business]
    gatherings: list[Registration]

    @property
    def running(self) -> Candidacy | None:
        """The newest candidacy that is not closed: what a call is about."""
        return next((c for c, _who in self.candidacies if c.stage is not Stage.CLOSED), None)


def read_profile(viewer: Viewer, business: Business, number: int = 1) -> Profile:
    """Everything about a business the viewer may open; `number` is the page of activities."""
    contacts, former = businesses.list_contacts(viewer, business.id)
    candidacies = _list_candidacies(viewer, business.id)
    entries: list[Entry] = []
    following = None
    if viewer.may(Permission.HISTORY_READ, business.municipality_code):
        entries, following = list_entries(viewer, HistoryFilter(business_id=business.id))
    return Profile(
        business=business,
        contacts=contacts,
        former_contacts=former,
        membership=db.session.scalar(visible(viewer, Membership).where(Membership.business_id == business.id)),
        membership_moves=businesses.list_moves(business.id, LedgerKind.MEMBERSHIP),
        candidacies=candidacies,
        open_year=_open_year(business, [candidacy for candidacy, _who in candidacies]),
        activities=businesses.page_activities(viewer, business.id, number),
        history=entries,
        has_more_history=following is not None,
        merged=businesses.list_merged(business.id),
        gatherings=list_of_business(viewer, business.id),
    )


def find_business(viewer: Viewer, business_id: int) -> Business | None:
    """The business with its municipality, or None where the viewer may not open it."""
    if not 0 < business_id < 2**31:
        return None
    statement = visible(viewer, Business).where(Business.id == business_id)
    return db.session.scalar(statement.options(joinedload(Business.municipality)))


def _list_candidacies(viewer: Viewer, business_id: int) -> list[tuple[Candidacy, str]]:
    """The candidacies, the newest programme first, with who is responsible."""
    statement = (
        visible(viewer, Candidacy)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .join(User, User.id == Candidacy.responsible_id, isouter=True)
        .where(Candidacy.business_id == business_id)
        .add_columns(sa.func.coalesce(User.name, ""))
        .options(joinedload(Candidacy.programme))
        .order_by(Programme.year.desc())
    )
    return [(candidacy, who) for candidacy, who in db.session.execute(statement)]


def _open_year(business: Business, candidacies: list[Candidacy]) -> int | None:
    """The programme year the business can become a candidate of; None when it is one, or has ceased."""
    programme = current_programme(clock.today())
    if programme is None or business.ceased_on is not None:
        return None
    return None if any(c.programme_id == programme.id for c in candidacies) else programme.year
