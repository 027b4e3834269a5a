"""The story's gatherings: the theme meeting of January, who signed up and who came; and one to come."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.demo.story_candidacies import moment
from nbe.events.rules import person_key
from nbe.ledger import Move
from nbe.models import Business, Event, EventItem, Programme, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind, LedgerKind, MembershipState

THEME_MEETING = dt.date(2016, 1, 26)
# Municipality -> people from businesses that were members that day, and from others.
_FROM = {849: (2, 1), 851: (2, 1), 860: (1, 0), 813: (1, 1), 810: (0, 1)}
_AWAY = (3, 9)  # the places, in the order of signing up, of the two who did not come
_PROGRAMME = (
    (16 * 60, "Velkomst og siden sidst", ""),
    (16 * 60 + 15, "Affald som råvare: tre virksomheder fortæller", "Bente Kvist"),
    (17 * 60 + 15, "Rundvisning i sorteringshallen", ""),
    (18 * 60, "Netværk og en let anretning", ""),
)


def add_events(businesses: Sequence[Business], memberships: Sequence[Move], programme: Programme) -> list[Move]:
    """Add the events; the moves of the ten who signed up for the theme meeting, six of them from members."""
    rng = random.Random(programme.year + 2)  # of its own, so that the rest of the story stays the same
    held = _add_event(EventKind.THEME_MEETING, "Temamøde: affald som ressource", THEME_MEETING, 150, None)
    held.place, held.seats = "Nordjysk Genbrugscenter, Aabybro", 40
    held.description = "Hvordan bliver affald fra én virksomhed til råvare hos en anden?"
    held.sign_up_until = dt.date(2016, 1, 22)
    held.items = [
        EventItem(position=place, begins=begins, title=title, speaker=speaker)
        for place, (begins, title, speaker) in enumerate(_PROGRAMME)
    ]
    coming = _add_event(
        EventKind.INSPIRATION_GROUP, "Inspirationsgruppe: varmegenvinding", dt.date(2016, 5, 19), 120, 849
    )
    coming.place, coming.seats = "Rådhuset, Aabybro", 20
    db.session.flush()
    members = {
        move.business_id
        for move in memberships
        if move.to_code == MembershipState.MEMBER.value and move.happened_on <= THEME_MEETING
    }
    chosen = _choose(businesses, members)
    rng.shuffle(chosen)
    days = sorted(dt.date(2016, 1, 4) + dt.timedelta(days=rng.randrange(18)) for _ in chosen)
    moves: list[Move] = []
    for place, (business, day) in enumerate(zip(chosen, days, strict=True)):
        moves += _add_person(rng, held, business, day, programme.id, is_away=place in _AWAY)
    return moves


def _add_event(kind: EventKind, title: str, day: dt.date, minutes: int, code: int | None) -> Event:
    starts_at = dt.datetime.combine(day, dt.time(16), DANISH).astimezone(dt.UTC)
    event = Event(
        kind=kind, title=title, held_on=day, starts_at=starts_at, minutes=minutes, municipality_code=code,
        link_key=new_key(),
    )  # fmt: skip
    db.session.add(event)
    return event


def _choose(businesses: Sequence[Business], members: set[int | None]) -> list[Business]:
    chosen: list[Business] = []
    for code, (of_members, of_others) in _FROM.items():
        there = [business for business in businesses if business.municipality_code == code]
        chosen += [business for business in there if business.id in members][:of_members]
        chosen += [business for business in there if business.id not in members][:of_others]
    return chosen


def _add_person(
    rng: random.Random, event: Event, business: Business, day: dt.date, programme_id: int, *, is_away: bool
) -> list[Move]:
    contact = business.contacts[0]
    state = RegistrationState.ABSENT if is_away else RegistrationState.ATTENDED
    signed_at = moment(rng, day)
    registration = Registration(
        event_id=event.id, municipality_code=business.municipality_code, business_id=business.id,
        contact_id=contact.id, name=contact.name, email=contact.email, name_key=person_key(contact.name), state=state,
        state_since_on=THEME_MEETING, place_at=signed_at, created_at=signed_at, link_key=new_key(),
    )  # fmt: skip
    db.session.add(registration)
    db.session.flush()
    steps = (
        (None, RegistrationState.SIGNED_UP, day, signed_at),
        (RegistrationState.SIGNED_UP, state, THEME_MEETING, moment(rng, THEME_MEETING) + dt.timedelta(hours=5)),
    )
    return [
        Move(
            kind=LedgerKind.REGISTRATION,
            municipality_code=business.municipality_code,
            business_id=business.id,
            programme_id=programme_id,
            subject_id=registration.id,
            from_code=before.value if before else None,
            to_code=after.value,
            happened_on=on,
            recorded_at=at,
        )
        for before, after, on, at in steps
    ]
