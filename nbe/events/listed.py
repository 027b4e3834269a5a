"""Letters to people who are on an event's list already: who they are, here and in other municipalities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, visible
from nbe.core.database import db
from nbe.core.mail_addresses import parse_email
from nbe.events.actions import Person
from nbe.events.actions.following import find_fallen
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import RegistrationState

S = RegistrationState
UNANSWERED, SIGNED_UP, MOVED, FALLEN, CAME = "ikke-svaret", "tilmeldte", "flyttet", "aflyst", "kom"
_STATES: dict[str, tuple[RegistrationState, ...]] = {
    UNANSWERED: (S.INVITED,),
    SIGNED_UP: (S.SIGNED_UP,),
    MOVED: (S.SIGNED_UP, S.WAITING),
    FALLEN: (S.DECLINED,),
    CAME: (S.ATTENDED,),
}
ON_THE_LIST = tuple(_STATES)
FOR_ALL = (MOVED, FALLEN)  # what the host tells everybody of, whatever municipality he is from


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who gets the letter; `registration_id` where he is on the list already."""

    person: Person
    business_name: str
    registration_id: int | None = None


def find_listed(viewer: Viewer, event: Event, who: str) -> list[Invitee]:
    """People on the list, of the municipalities whose people the viewer may sign up."""
    statement = (
        _narrowed(visible(viewer, Registration, Permission.REGISTRATIONS_WRITE), event, who)
        .outerjoin(Business, Business.id == Registration.business_id)
        .add_columns(sa.func.coalesce(Business.name, ""))
    )
    names = {one: name for one, name in db.session.execute(statement)}  # noqa: C416 - typed
    return [
        Invitee(
            Person(
                name=one.name, email=one.email, organisation=one.organisation, municipality_code=one.municipality_code,
                business_id=one.business_id, contact_id=one.contact_id,
            ),
            names[one] or one.organisation,
            one.id,
        )
        for one in _meant(list(names), who)
    ]  # fmt: skip


def find_elsewhere(event: Event, who: str) -> list[Registration]:
    """Those that are told of a change by the service itself: who is on the list from another municipality than the
    host's. For nobody's eyes; empty for the network's own events, whose host sees all.
    """
    if who not in FOR_ALL or event.municipality_code is None:
        return []
    others = sa.select(Registration).where(
        Registration.municipality_code != event.municipality_code, Registration.is_hidden.is_(False)
    )
    people = _meant(list(db.session.scalars(_narrowed(others, event, who))), who)
    by_address = {one.email.casefold(): one for one in reversed(people) if is_mail(one.email)}
    return sorted(by_address.values(), key=lambda one: one.id)


def count_elsewhere(viewer: Viewer, event: Event, who: str) -> Counter[int]:
    """How many of each other municipality hear of it when the viewer, as the host, writes to her own."""
    if viewer.municipality_code is None or viewer.municipality_code != event.municipality_code:
        return Counter()
    return Counter(one.municipality_code for one in find_elsewhere(event, who))


def _narrowed(statement: sa.Select[Any], event: Event, who: str) -> sa.Select[Any]:
    return statement.where(Registration.event_id == event.id, Registration.state.in_(_STATES[who])).order_by(
        Registration.name_key, Registration.id
    )


def _meant(people: Sequence[Registration], who: str) -> list[Registration]:
    """Of those who are on the list no more only who fell away with the event, not who sent apologies."""
    if who != FALLEN:
        return list(people)
    fell = find_fallen(one.id for one in people)
    return [one for one in people if one.id in fell]


def is_mail(text: str) -> bool:
    """Whether a mail can be sent there."""
    try:
        return bool(parse_email(text))
    except ValueError:
        return False
