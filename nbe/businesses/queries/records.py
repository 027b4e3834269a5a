"""What belongs to one business. The callers have found the business among those the viewer may open."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from nbe.access import Viewer, visible
from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import Page
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import Activity, Business, Candidacy, Contact, LedgerReason, LedgerRow, Programme, User
from nbe.models.states import LedgerKind, Stage

ACTIVITIES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A move with the words written to it, who made it, and whether it still holds."""

    row: LedgerRow
    reason: str
    who: str
    is_undone: bool


def list_contacts(viewer: Viewer, business_id: int) -> tuple[list[Contact], list[Contact]]:
    """The contact persons of today and those to come, and the former ones."""
    statement = visible(viewer, Contact).where(Contact.business_id == business_id).order_by(Contact.id)
    found = list(db.session.scalars(statement))
    today = clock.today()
    former = [contact for contact in found if contact.valid_to is not None and contact.valid_to < today]
    return [contact for contact in found if contact not in former], former


def page_activities(viewer: Viewer, business_id: int, number: int = 1) -> Page[tuple[Activity, str]]:
    """A page of what was done, the newest first, with who did it."""
    base = visible(viewer, Activity).where(Activity.business_id == business_id)
    total = db.session.scalar(base.with_only_columns(sa.func.count(Activity.id))) or 0
    statement = (
        base.add_columns(sa.func.coalesce(User.name, ""))
        .outerjoin(User, User.id == Activity.user_id)
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
        .limit(ACTIVITIES)
        .offset((number - 1) * ACTIVITIES)
    )
    rows = [(activity, name) for activity, name in db.session.execute(statement)]
    return Page(rows, number, total, ACTIVITIES)


def find_candidacy(viewer: Viewer, business_id: int) -> Candidacy | None:
    """The candidacy that a call is about: the newest programme's, not closed."""
    statement = (
        visible(viewer, Candidacy)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(Candidacy.business_id == business_id, Candidacy.stage != Stage.CLOSED)
        .order_by(Programme.year.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def list_moves(business_id: int, kind: LedgerKind) -> list[Told]:
    """The moves of one kind, the latest to happen first; counter-moves show as the undoing of what they undo."""
    standing = {row.id for row in effective(rows_of([business_id]))}
    statement = (
        sa.select(LedgerRow, sa.func.coalesce(LedgerReason.text, ""), sa.func.coalesce(User.name, ""))
        .outerjoin(LedgerReason, LedgerReason.ledger_id == LedgerRow.id)
        .outerjoin(User, User.id == LedgerRow.user_id)
        .where(LedgerRow.business_id == business_id, LedgerRow.kind == kind, LedgerRow.reverses_id.is_(None))
        .order_by(LedgerRow.happened_on.desc(), LedgerRow.id.desc())
    )
    return [Told(row, reason, who, row.id not in standing) for row, reason, who in db.session.execute(statement)]


def list_merged(business_id: int) -> list[Business]:
    """The businesses that were merged into this one."""
    statement = sa.select(Business).where(Business.merged_into_id == business_id).order_by(Business.sort_key)
    return list(db.session.scalars(statement))


def find_successor(viewer: Viewer, business_id: int) -> int | None:
    """The visible business that a merged one lives on in."""
    found = db.session.get(Business, business_id) if 0 < business_id < 2**31 else None
    while found is not None and found.merged_into_id is not None:
        found = db.session.get(Business, found.merged_into_id)
    if found is None or found.id == business_id:
        return None
    return db.session.scalar(visible(viewer, Business).where(Business.id == found.id).with_only_columns(Business.id))
