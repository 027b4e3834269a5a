"""Events: people signed up, of these members, of these came; and the businesses an event may have won."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.figures.declared import ALL
from nbe.figures.rows import Asked
from nbe.ledger.queries import moves_until, subjects_at
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from nbe.models.states import LedgerKind, MembershipState

_REGISTERED = [state.value for state in REGISTERED]


def _standing(asked: Asked) -> sa.Subquery:
    """Each sign-up that holds: its event and day, municipality, business, state, and whether that was a member.

    Membership is that of the event's day, or of the day asked for where the event is still to come.
    """
    told = subjects_at(LedgerKind.REGISTRATION, asked.programme_id, asked.as_of, asked.known_at)
    return (
        sa.select(
            Registration.event_id,
            Event.held_on,
            told.c.municipality_code.label("code"),
            told.c.business_id,
            Business.merged_into_id,
            told.c.to_code,
        )
        .select_from(told)
        .join(Registration, Registration.id == told.c.subject_id)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(Business, Business.id == told.c.business_id)
        .subquery()
    )


def _memberships(asked: Asked, business_ids: Iterable[int]) -> dict[int, list[tuple[dt.date, str]]]:
    """Business -> (day, state) of its membership, in order."""
    moves = moves_until(LedgerKind.MEMBERSHIP, None, asked.as_of, asked.known_at)
    found: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
    columns = (moves.c.business_id, moves.c.happened_on, moves.c.to_code)
    statement = sa.select(*columns).where(moves.c.business_id.in_(sorted(business_ids)))
    for business_id, day, state in db.session.execute(statement.order_by(moves.c.happened_on, moves.c.id)):
        found[business_id].append((day, state))
    return found


def _is_member(history: list[tuple[dt.date, str]], day: dt.date) -> bool:
    states = [state for happened_on, state in history if happened_on <= day]
    return bool(states) and states[-1] == MembershipState.MEMBER.value


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event with its three counts, and the businesses it may have won: signed up, no member then, member now."""

    id: int
    title: str
    held_on: dt.date
    signed_up: int
    members: int
    came: int
    new_members: int


@dataclass(frozen=True, slots=True)
class _SignUp:
    event_id: int
    held_on: dt.date
    code: int
    business_id: int | None
    came: bool
    was_member: bool
    is_member: bool


def _sign_ups(asked: Asked) -> list[_SignUp]:
    standing = _standing(asked)
    rows = db.session.execute(sa.select(standing).where(standing.c.to_code.in_(_REGISTERED))).all()
    ids = {business_id for row in rows for business_id in (row.business_id, row.merged_into_id) if business_id}
    histories = _memberships(asked, ids) if ids else {}

    def is_member(row: Any, day: dt.date) -> bool:
        # Merged since: the business it lives on in may be the member.
        return any(_is_member(histories.get(found, []), day) for found in (row.business_id, row.merged_into_id))

    return [
        _SignUp(
            event_id=row.event_id,
            held_on=row.held_on,
            code=row.code,
            business_id=row.merged_into_id or row.business_id,
            came=row.to_code == RegistrationState.ATTENDED.value,
            was_member=is_member(row, min(row.held_on, asked.as_of)),
            is_member=is_member(row, asked.as_of),
        )
        for row in rows
    ]


def count_members(asked: Asked, codes: Iterable[int]) -> dict[int | None, int]:
    """municipality -> people signed up whose business was a member on the day of the event; and of all together."""
    found: dict[int | None, int] = {ALL: 0, **dict.fromkeys(codes, 0)}
    for one in _sign_ups(asked):
        if one.was_member and one.code in found:
            found[one.code] += 1
            found[ALL] += 1
    return found


def read_events(asked: Asked) -> list[EventLine]:
    """The programme's events to which somebody has signed up, the first first; of one municipality's people or all."""
    by_event: dict[int, list[_SignUp]] = defaultdict(list)
    for one in _sign_ups(asked):
        if asked.municipality_code in (ALL, one.code):
            by_event[one.event_id].append(one)
    titles = sa.select(Event.id, Event.title).where(Event.id.in_(list(by_event)))
    names = {event_id: title for event_id, title in db.session.execute(titles)} if by_event else {}  # noqa: C416
    lines = [_line(event_id, names[event_id], people) for event_id, people in by_event.items()]
    return sorted(lines, key=lambda line: (line.held_on, line.id))


def _line(event_id: int, title: str, people: list[_SignUp]) -> EventLine:
    won = {one.business_id for one in people if one.business_id and one.is_member and not one.was_member}
    return EventLine(
        event_id,
        title,
        people[0].held_on,
        signed_up=len(people),
        members=sum(one.was_member for one in people),
        came=sum(one.came for one in people),
        new_members=len(won),
    )
