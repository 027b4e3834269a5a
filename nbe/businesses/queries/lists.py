"""Lists of businesses as the viewer may see them, on a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.arguments import OnADay
from nbe.core.database import db
from nbe.core.once import once
from nbe.core.paging import PAGE_SIZE, Page
from nbe.core.phones import parse_phone
from nbe.core.text import fold
from nbe.ledger.queries import states_at, sums
from nbe.models import Business, Candidacy, Membership, Municipality, Programme
from nbe.models.industries import division_label
from nbe.models.states import LedgerKind, MembershipState, Stage

COLUMNS = (
    Business.id, Business.name, Business.town, Business.industry_code, Business.cvr, Business.employees,
    Business.last_activity_on,
)  # fmt: skip
_CVR = re.compile(r"(?:dk|cvr)?[\s.:-]*((?:\d\s*){8})", re.IGNORECASE)
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class BusinessFilter(OnADay):
    """What a list of businesses is narrowed to; `as_of` None is today."""

    municipality_code: int | None = None
    membership: MembershipState | None = None
    division: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """A business in a list. CVR number, employees and last activity are None for those who may only see lists."""

    id: int
    name: str
    town: str
    industry: str
    municipality_code: int
    municipality_name: str
    membership: MembershipState | None
    stage: Stage | None = None
    stage_year: int | None = None
    cvr: str | None = None
    employees: int | None = None
    last_activity_on: dt.date | None = None
    is_open_to_viewer: bool = False


def may_read(viewer: Viewer, municipality_code: int) -> bool:
    """Whether the viewer may open businesses of this municipality, contact persons and all."""
    return viewer.may(Permission.BUSINESSES_READ, municipality_code)


def narrowed(
    viewer: Viewer,
    statement: sa.Select[Any],
    municipality: Any,
    wanted: int | None,
    permission: Permission = Permission.LISTS_READ,
) -> sa.Select[Any]:
    """The part of a list that the viewer may see by name, within the municipality asked for."""
    scope = viewer.scope(permission)
    if scope is Scope.NONE:
        return statement.where(sa.false())
    if scope is Scope.OWN:
        statement = statement.where(municipality == viewer.municipality_code)
    return statement.where(municipality == wanted) if wanted is not None else statement


def words_of(text: str) -> list[str]:
    """The words to look for; a CVR, P- or telephone number in any spelling is one word."""
    if match := _CVR.fullmatch(text.strip()):
        return [re.sub(r"\D", "", match[1])]
    if not any(c.isalpha() for c in text):
        try:
            return [parse_phone(text).lstrip("+")]
        except ValueError:
            digits = re.sub(r"\D", "", text)
            return [digits] if len(digits) == 10 else fold(text).split()[:MOST_WORDS]
    return fold(text).split()[:MOST_WORDS]


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def contains_all(column: Any, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """A condition that every word is in the column."""
    return sa.and_(sa.true(), *(column.like(_like(word), escape="\\") for word in words))


def found_by(viewer: Viewer, text: str) -> sa.ColumnElement[bool]:
    """A condition that a business is meant by `text`.

    The telephone number is part of the search text but not of what a partner may know: for him
    a number finds a CVR number or a name, never a telephone.
    """
    words = words_of(text)
    if viewer.scope(Permission.BUSINESSES_READ) is not Scope.NONE:
        return contains_all(Business.search_text, words)
    numbers = [word for word in words if word.isdigit()]
    named = contains_all(Business.search_text, [word for word in words if not word.isdigit()])
    return sa.and_(named, *(sa.or_(Business.cvr == n, Business.name_key.like(_like(n), escape="\\")) for n in numbers))


def contains(text: str) -> sa.ColumnElement[bool]:
    """Like `found_by`, for a viewer who may open every business of the list."""
    return contains_all(Business.search_text, words_of(text))


def listed(viewer: Viewer, chosen: BusinessFilter) -> tuple[sa.Select[Any], Any, Any]:
    """The filtered select with the columns that say municipality and membership on the day asked for."""
    municipality: Any
    state: Any
    if chosen.is_past and chosen.as_of is not None:
        past = states_at(LedgerKind.MEMBERSHIP, None, chosen.as_of)
        municipality, state = past.c.municipality_code, past.c.to_code
        statement = sa.select(Business).join(past, past.c.business_id == Business.id, isouter=not chosen.membership)
        if not chosen.membership:
            municipality = Business.municipality_code
    else:
        municipality = Business.municipality_code
        shown = sa.and_(Membership.business_id == Business.id, Membership.is_hidden.is_(False))
        if chosen.membership:
            state = Membership.state
            statement = sa.select(Business).join(Membership, shown)
        else:  # looked up for the rows of the page alone
            state = sa.select(Membership.state).where(shown).scalar_subquery()
            statement = sa.select(Business)
        # "+ 0" takes the index of merged ones from SQLite's planner, so that it walks the businesses in order.
        merged: Any = Business.merged_into_id if chosen.search else Business.merged_into_id + 0
        statement = statement.where(Business.is_hidden.is_(False), merged.is_(None))
    statement = narrowed(viewer, statement, municipality, chosen.municipality_code)
    if chosen.membership:
        statement = statement.where(state == chosen.membership.value)
    if chosen.division:
        statement = statement.where(Business.industry_code.like(f"{chosen.division[:2]}%"))
    if chosen.search:
        statement = statement.where(found_by(viewer, chosen.search))
    return statement, municipality, state


def list_businesses(
    viewer: Viewer, chosen: BusinessFilter, number: int = 1, size: int = PAGE_SIZE
) -> Page[BusinessRow]:
    """One page in Danish order. Of a day gone by, the rows tell no stage."""
    statement, municipality, state = listed(viewer, chosen)
    total = _count(viewer, chosen, statement)
    rows = db.session.execute(
        statement.with_only_columns(*COLUMNS, municipality, state)
        .order_by(Business.sort_key, Business.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(make_rows(viewer, rows, with_stages=not chosen.is_past), number, total, size)


def list_ids(viewer: Viewer, chosen: BusinessFilter) -> list[int]:
    """Every business of the list, in Danish order."""
    statement, _, _ = listed(viewer, chosen)
    ordered = statement.with_only_columns(Business.id).order_by(Business.sort_key, Business.id)
    return list(db.session.scalars(ordered))


_MUNICIPALITIES = sa.select(Municipality.code, Municipality.name).order_by(Municipality.sort_key)


def municipality_names() -> dict[int, str]:
    """code -> name, in Danish order; read once per request."""
    return dict(once("municipality_names", lambda: {row.code: row.name for row in db.session.execute(_MUNICIPALITIES)}))


def municipality_choices(viewer: Viewer, permission: Permission) -> list[tuple[int, str]]:
    """The municipalities in which the viewer holds a permission, in Danish order."""
    return [(code, name) for code, name in municipality_names().items() if viewer.may(permission, code)]


def make_rows(viewer: Viewer, rows: Sequence[Any], with_stages: bool = True) -> list[BusinessRow]:
    """List rows from COLUMNS, municipality and membership; without what the viewer may not see."""
    names = municipality_names()
    stages = _newest_stages([row.id for row in rows]) if with_stages and rows else {}
    return [_row(viewer, row, names, *stages.get(row.id, (None, None))) for row in rows]


def _row(viewer: Viewer, row: Any, names: dict[int, str], stage: Stage | None, year: int | None) -> BusinessRow:
    code, state = row[7], row[8]
    is_open = may_read(viewer, code)
    return BusinessRow(
        id=row.id,
        name=row.name,
        town=row.town,
        industry=division_label(row.industry_code),
        municipality_code=code,
        municipality_name=names[code],
        membership=MembershipState(state) if state else None,
        stage=stage,
        stage_year=year,
        cvr=row.cvr if is_open else None,
        employees=row.employees if is_open else None,
        last_activity_on=row.last_activity_on if is_open else None,
        is_open_to_viewer=is_open,
    )


def _newest_stages(business_ids: list[int]) -> dict[int, tuple[Stage, int]]:
    """business -> (stage, year) in the newest programme it is a candidate of."""
    statement = (
        sa.select(Candidacy.business_id, Candidacy.stage, Programme.year)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(Candidacy.business_id.in_(business_ids), Candidacy.is_hidden.is_(False))
        .order_by(Programme.year)
    )
    return {row.business_id: (row.stage, row.year) for row in db.session.execute(statement)}


def _count(viewer: Viewer, chosen: BusinessFilter, statement: sa.Select[Any]) -> int:
    """How many rows there are: from the totals where they know, else counted."""
    code = viewer.municipality_code if viewer.scope(Permission.LISTS_READ) is Scope.OWN else chosen.municipality_code
    is_simple = not chosen.division and not chosen.search and code == (chosen.municipality_code or code)
    if is_simple and chosen.membership:
        key = f"member:{chosen.membership.value}"
        return sum(sums(0, [key], chosen.as_of or clock.today(), code).values())
    return db.session.scalar(statement.with_only_columns(sa.func.count(Business.id))) or 0
