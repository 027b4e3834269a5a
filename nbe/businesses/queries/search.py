"""Search from anywhere, and who looks like whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Viewer, visible
from nbe.businesses.queries.lists import (
    COLUMNS,
    BusinessFilter,
    BusinessRow,
    contains_all,
    listed,
    make_rows,
    words_of,
)
from nbe.core.database import db
from nbe.core.text import fold, name_key, similar
from nbe.models import Business, Contact, Membership

SHORT = 2
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search: the business, and the contact that was meant when it was a person."""

    business: BusinessRow
    contact: str = ""


def search(viewer: Viewer, text: str, limit: int = MOST_FOUND) -> list[Found]:
    """Businesses by name, CVR, P-number, town and telephone; for those who may, by contact as well."""
    if len(fold(text)) < SHORT:
        return []
    statement, municipality, state = listed(viewer, BusinessFilter(search=text))
    query = statement.with_only_columns(*COLUMNS, municipality, state)
    rows = list(db.session.execute(query.order_by(Business.sort_key, Business.id).limit(limit)))
    known = {row.id for row in rows}
    people: dict[int, str] = {}
    for row in _by_contact(viewer, text, limit):
        if row.id not in known and row.id not in people:
            people[row.id] = row.contact
            rows.append(row)
    return [Found(row, people.get(row.id, "")) for row in make_rows(viewer, rows[:limit])]


def _by_contact(viewer: Viewer, text: str, limit: int) -> list[Any]:
    """The businesses of contact persons with this name, mail or telephone. A partner sees no contact persons."""
    shown = sa.and_(Membership.business_id == Business.id, Membership.is_hidden.is_(False))
    statement = (
        visible(viewer, Contact)
        .join(Membership, shown, isouter=True)
        .with_only_columns(*COLUMNS, Business.municipality_code, Membership.state, Contact.name.label("contact"))
        .where(contains_all(Contact.search_text, words_of(text)))
        # Sorted when found: walking the businesses in order to spare a sort of fifty is far dearer.
        .order_by(Business.sort_key.concat(""), Business.id, Contact.id)
        .limit(limit)
    )
    return list(db.session.execute(statement))


def find_by_number(cvr: str, p_number: str = "") -> Business | None:
    """The business with this CVR and P-number, wherever it is held; a merged one leads to the one that stays."""
    business = db.session.scalar(sa.select(Business).where(Business.cvr == cvr, Business.p_number == p_number))
    while business is not None and business.merged_into_id is not None:
        business = db.session.get(Business, business.merged_into_id)
    return business


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A visible business that may be the same: by name, or by its CVR number at another place."""

    id: int
    name: str
    cvr: str
    town: str
    has_same_cvr: bool


def list_lookalikes(viewer: Viewer, name: str = "", cvr: str = "", except_id: int | None = None) -> list[Lookalike]:
    """Visible businesses with a similar name, or with the same CVR number; at most five."""
    key = name_key(name)
    first = key.split()[0].replace("%", "").replace("_", "") if len(key) >= 3 else ""
    if not first and not cvr:
        return []
    alike: list[sa.ColumnElement[bool]] = []
    if first:
        alike.append(Business.name_key.like(f"{first[:3]}%"))
    if cvr:
        alike.append(Business.cvr == cvr)
    columns = (Business.id, Business.name, Business.cvr, Business.town)
    statement = visible(viewer, Business).with_only_columns(*columns).where(sa.or_(*alike)).order_by(Business.sort_key)
    found = []
    for row in db.session.execute(statement.limit(2000)):
        has_same_cvr = bool(cvr) and row.cvr == cvr
        if row.id != except_id and (has_same_cvr or (first and similar(row.name, name))):
            found.append(Lookalike(row.id, row.name, row.cvr, row.town, has_same_cvr))
    return sorted(found, key=lambda other: not other.has_same_cvr)[:5]
