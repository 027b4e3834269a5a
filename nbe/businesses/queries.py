"""Reading businesses: lists as the viewer may see them, search, and who looks like whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, visible
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.core.text import fold, name_key, similar
from nbe.ledger.queries import states_at, sums
from nbe.models import Activity, Business, Contact, LedgerReason, LedgerRow, Membership, Municipality, User
from nbe.models.industries import division_label
from nbe.models.states import LedgerKind, MembershipState

SHORT = 2


@dataclass(frozen=True, slots=True)
class BusinessFilter:
    """What a list of businesses is narrowed to; `as_of` None is today."""

    municipality_code: int | None = None
    membership: MembershipState | None = None
    division: str = ""
    search: str = ""
    as_of: dt.date | None = None

    @property
    def is_past(self) -> bool:
        """Whether the list tells of a day gone by."""
        return self.as_of is not None and self.as_of < clock.today()


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """A business in a list. The last fields are None for those who may only see lists."""

    id: int
    name: str
    town: str
    industry: str
    municipality_code: int
    municipality_name: str
    membership: MembershipState | None
    cvr: str | None = None
    employees: int | None = None
    last_activity_on: dt.date | None = None
    is_open_to_viewer: bool = False


def may_read(viewer: Viewer, municipality_code: int) -> bool:
    """Whether the viewer may open businesses of this municipality, contact persons and all."""
    return viewer.may(Permission.BUSINESSES_READ, municipality_code)


def narrowed(viewer: Viewer, statement: sa.Select[Any], municipality: Any, wanted: int | None) -> sa.Select[Any]:
    """The part of a list that the viewer may see by name, within the municipality asked for."""
    scope = viewer.scope(Permission.LISTS_READ)
    if scope is Scope.NONE:
        return statement.where(sa.false())
    if scope is Scope.OWN:
        statement = statement.where(municipality == viewer.municipality_code)
    return statement.where(municipality == wanted) if wanted is not None else statement


def contains(text: str) -> Any:
    """A condition on Business.search_text: every word of `text` is in it."""
    words = [word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in fold(text).split()[:6]]
    return sa.and_(*(Business.search_text.like(f"%{word}%", escape="\\") for word in words)) if words else sa.true()


def _listed(viewer: Viewer, chosen: BusinessFilter) -> tuple[sa.Select[Any], Any, Any]:
    """The filtered select with the columns that say municipality and membership on the day asked for."""
    if chosen.is_past and chosen.as_of is not None:
        past = states_at(LedgerKind.MEMBERSHIP, None, chosen.as_of)
        municipality, state = past.c.municipality_code, past.c.to_code
        statement = sa.select(Business).join(past, past.c.business_id == Business.id, isouter=not chosen.membership)
        if not chosen.membership:
            municipality = Business.municipality_code
    else:
        municipality, state = Business.municipality_code, Membership.state
        shown = sa.and_(Membership.business_id == Business.id, Membership.is_hidden.is_(False))
        statement = sa.select(Business).join(Membership, shown, isouter=not chosen.membership)
        statement = statement.where(Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
    statement = narrowed(viewer, statement, municipality, chosen.municipality_code)
    if chosen.membership:
        statement = statement.where(state == chosen.membership.value)
    if chosen.division:
        statement = statement.where(Business.industry_code.like(f"{chosen.division[:2]}%"))
    if chosen.search:
        statement = statement.where(contains(chosen.search))
    return statement, municipality, state


def list_businesses(
    viewer: Viewer, chosen: BusinessFilter, number: int = 1, size: int = PAGE_SIZE
) -> Page[BusinessRow]:
    """One page in Danish order."""
    statement, municipality, state = _listed(viewer, chosen)
    total = _count(viewer, chosen, statement)
    columns = (
        Business.id, Business.name, Business.town, Business.industry_code, Business.cvr, Business.employees,
        Business.last_activity_on, municipality, state,
    )  # fmt: skip
    rows = db.session.execute(
        statement.with_only_columns(*columns)
        .order_by(Business.sort_key, Business.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    names = municipality_names()
    return Page([_row(viewer, row, names) for row in rows], number, total, size)


def list_ids(viewer: Viewer, chosen: BusinessFilter) -> list[int]:
    """Every business of the list, in Danish order."""
    statement, _, _ = _listed(viewer, chosen)
    ordered = statement.with_only_columns(Business.id).order_by(Business.sort_key, Business.id)
    return list(db.session.scalars(ordered))


def municipality_names() -> dict[int, str]:
    """code -> name."""
    return {code: name for code, name in db.session.execute(sa.select(Municipality.code, Municipality.name))}


def _row(viewer: Viewer, row: Any, names: dict[int, str]) -> BusinessRow:
    code, state = row[7], row[8]
    is_open = may_read(viewer, code)
    return BusinessRow(
        id=row[0],
        name=row[1],
        town=row[2],
        industry=division_label(row[3]),
        municipality_code=code,
        municipality_name=names[code],
        membership=MembershipState(state) if state else None,
        cvr=row[4] if is_open else None,
        employees=row[5] if is_open else None,
        last_activity_on=row[6] if is_open else None,
        is_open_to_viewer=is_open,
    )


def _count(viewer: Viewer, chosen: BusinessFilter, statement: sa.Select[Any]) -> int:
    """How many rows there are: from the totals where they know, else counted."""
    code = viewer.municipality_code if viewer.scope(Permission.LISTS_READ) is Scope.OWN else chosen.municipality_code
    is_simple = not chosen.division and not chosen.search and code == (chosen.municipality_code or code)
    if is_simple and chosen.membership:
        key = f"member:{chosen.membership.value}"
        return sum(sums(0, [key], chosen.as_of or clock.today(), code).values())
    return db.session.scalar(statement.with_only_columns(sa.func.count(Business.id))) or 0


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search: the business, and the contact that was meant when it was a person."""

    business: BusinessRow
    contact: str | None = None


def search(viewer: Viewer, text: str, limit: int = 50) -> list[Found]:
    """Businesses by name, CVR, P-number, town and telephone; for those who may, by contact as well."""
    if len(fold(text)) < SHORT:
        return []
    digits = "".join(c for c in text if c.isdigit())
    wanted = digits if len(digits) >= 6 and not any(c.isalpha() for c in text) else text
    names = municipality_names()
    statement, municipality, state = _listed(viewer, BusinessFilter(search=wanted))
    if viewer.scope(Permission.BUSINESSES_READ) is Scope.NONE:
        # The telephone is part of the search text but not of what a partner may know.
        statement = statement.where(
            sa.or_(
                Business.name_key.like(_like(name_key(text))), Business.town.ilike(_like(text)), Business.cvr == digits
            )
        )
    columns = (
        Business.id, Business.name, Business.town, Business.industry_code, Business.cvr, Business.employees,
        Business.last_activity_on, municipality, state,
    )  # fmt: skip
    query = statement.with_only_columns(*columns).order_by(Business.sort_key, Business.id).limit(limit)
    found = [Found(_row(viewer, row, names)) for row in db.session.execute(query)]
    seen = {hit.business.id for hit in found}
    for contact, business in _contacts_like(viewer, wanted, limit):
        if business.id not in seen:
            seen.add(business.id)
            row = (
                business.id, business.name, business.town, business.industry_code, business.cvr, business.employees,
                business.last_activity_on, business.municipality_code, None,
            )  # fmt: skip
            found.append(Found(_row(viewer, row, names), contact))
    return found


def _like(text: str) -> str:
    escaped = fold(text).replace("%", "").replace("_", "")
    return f"%{escaped}%"


def _contacts_like(viewer: Viewer, text: str, limit: int) -> list[tuple[str, Business]]:
    words = [w.replace("%", "").replace("_", "") for w in fold(text).split()[:6]]
    if not any(words):
        return []
    statement = (
        visible(viewer, Contact)
        .with_only_columns(Contact.name, Business)
        .where(*(Contact.search_text.like(f"%{word}%") for word in words if word))
        .limit(limit)
    )
    return [(name, business) for name, business in db.session.execute(statement)]


def find_by_number(cvr: str, p_number: str = "") -> Business | None:
    """The business with this CVR and P-number, wherever it is held; a merged one leads to the one that stays."""
    business = db.session.scalar(sa.select(Business).where(Business.cvr == cvr, Business.p_number == p_number))
    while business is not None and business.merged_into_id is not None:
        business = db.session.get(Business, business.merged_into_id)
    return business


def list_similar(viewer: Viewer, name: str, except_id: int | None = None) -> list[Business]:
    """Visible businesses whose name looks the same, at most five."""
    key = name_key(name)
    if len(key) < 3:
        return []
    first = key.split()[0].replace("%", "").replace("_", "")
    statement = visible(viewer, Business).where(Business.name_key.like(f"{first}%")).limit(200)
    near = [b for b in db.session.scalars(statement) if b.id != except_id and similar(b.name, name)]
    return near[:5]


def list_contacts(viewer: Viewer, business_id: int) -> list[Contact]:
    """The contacts of a visible business, those of today first."""
    statement = visible(viewer, Contact).where(Contact.business_id == business_id)
    return list(db.session.scalars(statement.order_by(Contact.valid_to.is_not(None), Contact.id)))


def list_activities(viewer: Viewer, business_id: int, limit: int = 30) -> list[tuple[Activity, str]]:
    """The latest activities with who did them."""
    statement = (
        visible(viewer, Activity)
        .add_columns(sa.func.coalesce(User.name, ""))
        .outerjoin(User, User.id == Activity.user_id)
        .where(Activity.business_id == business_id)
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
        .limit(limit)
    )
    return [(activity, name) for activity, name in db.session.execute(statement)]


def ledger_of(business_id: int, kind: LedgerKind, limit: int = 100) -> Sequence[tuple[LedgerRow, str, str]]:
    """A business's moves of one kind, newest first: (row, reason, who). The caller has checked the business."""
    statement = (
        sa.select(LedgerRow, sa.func.coalesce(LedgerReason.text, ""), sa.func.coalesce(User.name, ""))
        .outerjoin(LedgerReason, LedgerReason.ledger_id == LedgerRow.id)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(LedgerRow.business_id == business_id, LedgerRow.kind == kind)
        .order_by(LedgerRow.id.desc())
        .limit(limit)
    )
    return [(row, reason, who) for row, reason, who in db.session.execute(statement)]
