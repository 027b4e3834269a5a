"""The three counts of an event, never mixed: signed up, of these members, of these came.

A member is somebody from a business that was a member of the network on the day of the event, as the ledger tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.events.actions.following import find_fallen
from nbe.events.rules import Counts
from nbe.models import Business, Event, LedgerRow, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import LedgerKind, MembershipState

_UNDO = aliased(LedgerRow)
_TOLD = aliased(LedgerRow)


def is_member_on(business_id: Any, day: Any) -> sa.ColumnElement[bool]:
    """Whether a business was a member at the end of a day; both are columns of an enclosing select."""
    taken_back = sa.select(_UNDO.id).where(_UNDO.reverses_id == _TOLD.id).exists()
    latest = (
        sa.select(_TOLD.to_code)
        .where(
            _TOLD.business_id == business_id,
            _TOLD.kind == LedgerKind.MEMBERSHIP,
            _TOLD.happened_on <= day,
            _TOLD.reverses_id.is_(None),
            ~taken_back,
        )
        .order_by(_TOLD.happened_on.desc(), _TOLD.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(latest, "") == MembershipState.MEMBER.value


def of_member(business_id: Any = Registration.business_id, day: Any = Event.held_on) -> sa.ColumnElement[bool]:
    """Whether a sign-up counts as a member; of a select that has Registration, Event and (outer) Business."""
    # Merged since: the business it lives on in may be the member.
    return sa.or_(is_member_on(business_id, day), is_member_on(Business.merged_into_id, day))


def count_people(event_ids: Iterable[int], municipality_code: int | None = None) -> dict[int, Counts]:
    """Event -> its counts, over all municipalities or of one; one statement per thousand events."""
    found: dict[int, Counts] = {event_id: Counts() for event_id in event_ids}
    for part in chunks(list(found)):
        member = of_member().label("member")
        people = (
            sa.select(Registration.event_id, Registration.state, member, Event.cancelled_on)
            .join(Event, Event.id == Registration.event_id)
            .outerjoin(Business, Business.id == Registration.business_id)
            .where(Registration.event_id.in_(part), Registration.is_hidden.is_(False))
        )
        if municipality_code is not None:
            people = people.where(Registration.municipality_code == municipality_code)
        each = people.subquery()
        columns = (each.c.event_id, each.c.state, each.c.member, each.c.cancelled_on)
        cancelled = set()
        for event_id, state, is_member, cancelled_on, number in db.session.execute(
            sa.select(*columns, sa.func.count()).group_by(*columns)
        ):
            found[event_id] = found[event_id].plus(RegistrationState(state), number, of_members=bool(is_member))
            if cancelled_on is not None:
                cancelled.add(event_id)
        if cancelled:
            _part_fallen(found, cancelled, municipality_code)
    return found


def _part_fallen(found: dict[int, Counts], event_ids: set[int], municipality_code: int | None) -> None:
    """Who fell away with a cancelled event has sent no apologies."""
    declined = sa.select(Registration.id, Registration.event_id).where(
        Registration.event_id.in_(event_ids),
        Registration.state == RegistrationState.DECLINED,
        Registration.is_hidden.is_(False),
    )
    if municipality_code is not None:
        declined = declined.where(Registration.municipality_code == municipality_code)
    event_of = {key: event_id for key, event_id in db.session.execute(declined)}  # noqa: C416 - typed
    for event_id, number in Counter(event_of[key] for key in find_fallen(event_of)).items():
        counts = found[event_id]
        found[event_id] = replace(counts, declined=counts.declined - number, fell=number)
