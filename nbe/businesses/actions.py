"""What is done with businesses: made, corrected, moved, enrolled, called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import Activity, Business, Candidacy, Change, Contact, Membership
from nbe.models.states import ActivityKind, ActivityOutcome, LedgerKind, MembershipState


def create_business(values: Mapping[str, Any]) -> Business:
    """A new business from checked values (columns of Business). Raises IntegrityError when CVR + P-number is taken."""
    business = Business(**values, created_at=clock.now())
    if business.industry_code and not business.industry_version:
        business.industry_version = "DB25" if clock.today().year >= 2025 else "DB07"
    db.session.add(business)
    db.session.flush()
    return business


def update_business(business: Business, values: Mapping[str, Any], *, user_id: int | None) -> None:
    """Correct plain fields; another municipality moves its memberships and candidacies along in the ledger."""
    code = values.get("municipality_code", business.municipality_code)
    is_moving = code != business.municipality_code
    for column, value in values.items():
        setattr(business, column, value)
    db.session.flush()
    if is_moving:
        _relocate(business, user_id=user_id)


def _relocate(business: Business, *, user_id: int | None) -> None:
    """One row per series, from the state to the same state, with the new municipality."""
    day = clock.today()
    last: dict[tuple[str, int | None], Any] = {}
    for row in effective(rows_of([business.id])):
        if row.kind in (LedgerKind.STAGE, LedgerKind.MEMBERSHIP):
            last[(row.kind, row.programme_id)] = row
    moves = [
        Move(
            kind=LedgerKind(kind),
            municipality_code=business.municipality_code,
            from_code=row.to_code,
            to_code=row.to_code,
            detail=row.detail,
            happened_on=max(day, row.happened_on),
            business_id=business.id,
            programme_id=programme_id,
        )
        for (kind, programme_id), row in last.items()
    ]
    record(moves, user_id=user_id)


def find_membership(business: Business) -> Membership | None:
    """The membership, a hidden one included."""
    return db.session.scalar(sa.select(Membership).where(Membership.business_id == business.id))


def set_membership(
    business: Business, state: MembershipState, day: dt.date, *, user_id: int | None, reason: str = ""
) -> Membership:
    """Enter a membership state on a day. Raises ValueError when the day lies in the future or before the last move, or
    the business is in that state already."""
    membership = find_membership(business)
    if membership is not None and not membership.is_hidden and membership.state is state:
        raise ValueError("same")
    if day > clock.today():
        raise ValueError("future")
    if membership is not None and not membership.is_hidden and day < membership.since_on:
        raise ValueError("before")
    before = None
    if membership is None:
        membership = Membership(business_id=business.id, state=state, since_on=day)
        db.session.add(membership)
    else:
        before = None if membership.is_hidden else membership.state.value
        membership.is_hidden = False
        membership.state = state
        membership.since_on = day
    record(
        [
            Move(
                kind=LedgerKind.MEMBERSHIP,
                municipality_code=business.municipality_code,
                from_code=before,
                to_code=state.value,
                happened_on=day,
                business_id=business.id,
                reason=reason,
            )
        ],
        user_id=user_id,
    )
    db.session.flush()
    return membership


def last_membership_move(business: Business) -> int | None:
    """The ledger row of the membership move that holds now."""
    rows = [row for row in effective(rows_of([business.id])) if row.kind == LedgerKind.MEMBERSHIP]
    return rows[-1].id if rows else None


def undo_membership(business: Business, *, user_id: int | None, move_id: int | None = None) -> bool:
    """Take the latest membership move back; -> whether there was one, and it was `move_id` where that is given."""
    rows = [row for row in effective(rows_of([business.id])) if row.kind == LedgerKind.MEMBERSHIP]
    membership = find_membership(business)
    if not rows or membership is None or move_id not in (None, rows[-1].id):
        return False
    reverse([rows[-1].id], user_id=user_id)
    if len(rows) > 1:
        membership.state = MembershipState(rows[-2].to_code)
        membership.since_on = rows[-2].happened_on
    else:
        membership.is_hidden = True
    db.session.flush()
    return True


def add_contact(business: Business, values: Mapping[str, Any]) -> Contact:
    """A new contact person."""
    contact = Contact(business_id=business.id, **values)
    db.session.add(contact)
    db.session.flush()
    return contact


def update_contact(contact: Contact, values: Mapping[str, Any]) -> None:
    """Correct a contact person."""
    for column, value in values.items():
        setattr(contact, column, value)
    db.session.flush()


def end_contact(contact: Contact, day: dt.date) -> None:
    """The person's last day as contact. Raises ValueError when it lies before the first."""
    if contact.valid_from is not None and day < contact.valid_from:
        raise ValueError("before")
    contact.valid_to = day
    db.session.flush()


def log_activity(
    business: Business,
    kind: ActivityKind,
    day: dt.date,
    *,
    user_id: int | None,
    outcome: ActivityOutcome | None = None,
    note: str = "",
    next_step: str = "",
    next_step_on: dt.date | None = None,
    candidacy: Candidacy | None = None,
) -> Activity:
    """Note what was done, and what comes next; the candidacy's next step follows.

    Without a new step, one that was due is done and goes; one still to come stands, and a mere
    note leaves any step alone.
    """
    activity = Activity(
        business_id=business.id,
        candidacy_id=candidacy.id if candidacy else None,
        kind=kind,
        outcome=outcome,
        happened_on=day,
        note=note,
        next_step=next_step,
        next_step_on=next_step_on,
        user_id=user_id,
        created_at=clock.now(),
    )
    db.session.add(activity)
    _touch(business, max(day, business.last_activity_on or day))
    if candidacy is not None:
        candidacy.last_activity_on = max(day, candidacy.last_activity_on or day)
        if next_step or next_step_on or _is_done(candidacy, kind, day):
            candidacy.next_step = next_step
            candidacy.next_step_on = next_step_on
    db.session.flush()
    return activity


def _is_done(candidacy: Candidacy, kind: ActivityKind, day: dt.date) -> bool:
    """Whether an activity settles the step agreed before."""
    return kind is not ActivityKind.NOTE and (candidacy.next_step_on is None or candidacy.next_step_on <= day)


def _touch(business: Business, day: dt.date | None) -> None:
    """Set the day of the last activity without a new version: nobody who corrects the business is in its way."""
    db.session.execute(
        sa.update(Business).where(Business.id == business.id).values(last_activity_on=day),
        execution_options={"unaudited": True},
    )


def undo_activity(business: Business, activity: Activity) -> None:
    """Take an activity away; the candidacy's next step is again what it was before."""
    activity.is_hidden = True
    db.session.flush()
    kept = (Activity.business_id == business.id, Activity.is_hidden.is_(False))
    _touch(business, db.session.scalar(sa.select(sa.func.max(Activity.happened_on)).where(*kept)))
    candidacy = db.session.get(Candidacy, activity.candidacy_id) if activity.candidacy_id else None
    if candidacy is None:
        return
    own = (*kept, Activity.candidacy_id == candidacy.id)
    candidacy.last_activity_on = db.session.scalar(sa.select(sa.func.max(Activity.happened_on)).where(*own))
    before = _step_before(candidacy, activity)
    if before is not None and (candidacy.next_step, candidacy.next_step_on) == (
        activity.next_step,
        activity.next_step_on,
    ):
        candidacy.next_step, candidacy.next_step_on = before
    db.session.flush()


def _step_before(candidacy: Candidacy, activity: Activity) -> tuple[str, dt.date | None] | None:
    """The step that the activity replaced, from the audit of the change it was made in; None when it replaced none."""
    diff = db.session.scalar(
        sa.select(Change.diff)
        .where(
            Change.entity == Candidacy.__tablename__,
            Change.entity_id == candidacy.id,
            Change.at >= activity.created_at,
        )
        .order_by(Change.id)
        .limit(1)
    )
    if not diff or not {"next_step", "next_step_on"} & set(diff):
        return None
    step = diff.get("next_step", [activity.next_step])[0] or ""
    day = diff.get("next_step_on", [activity.next_step_on and activity.next_step_on.isoformat()])[0]
    return step, dt.date.fromisoformat(day) if day else None
