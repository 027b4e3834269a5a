"""The world's gatherings: one of each side, with somebody signed up for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from nbe.core.database import db
from nbe.events.rules import person_key
from nbe.ledger import Move, record
from nbe.models import Business, Event, EventItem, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind, LedgerKind
from tests.builders import MOMENT

DAY = dt.date(2016, 2, 1)


def make_gathering(
    base: int, business: Business, programme_id: int, side: str, word: Callable[[str, str], str]
) -> dict[str, int]:
    """An event of the side, to come, and somebody of its own; the person's texts are canaries, the event's are not."""
    ids = {"gathering": base + 21, "registration": base + 22}
    code = business.municipality_code
    event = Event(
        id=ids["gathering"], kind=EventKind.THEME_MEETING, title=f"Temamøde {side}", held_on=dt.date(2016, 5, 12),
        municipality_code=code, seats=30, link_key=f"event-{side}", items=[EventItem(begins=960, title="Velkomst")],
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    name = word("person", side)
    person = Registration(
        id=ids["registration"], event_id=event.id, municipality_code=code, business_id=None, name=name,
        email=f"soegpersonmail{side}.kanariepersonmail{side}@example.dk", name_key=person_key(name),
        organisation=word("organisation", side), note=word("personnote", side), state=RegistrationState.SIGNED_UP,
        state_since_on=DAY, place_at=MOMENT, created_at=MOMENT, link_key=f"person-{side}",
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    move = Move(
        kind=LedgerKind.REGISTRATION, municipality_code=code, programme_id=programme_id, subject_id=person.id,
        to_code=RegistrationState.SIGNED_UP.value, happened_on=DAY,
    )  # fmt: skip
    record([move], user_id=None)
    return ids
