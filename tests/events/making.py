"""Events and people for the tests of this room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nbe.core.database import db, writing
from nbe.events.actions import Person, make_event, sign_up
from nbe.models import Business, Event, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind
from tests.builders import make_programme

TODAY = dt.date(2016, 4, 25)
SOON = dt.date(2016, 5, 12)
HELD = dt.date(2016, 1, 26)


def new_event(held_on: dt.date = SOON, title: str = "Temamøde om varme", **values: Any) -> Event:
    """A theme meeting of the network, committed."""
    db.session.rollback()
    make_programme(held_on.year)
    with writing():
        event = make_event({"kind": EventKind.THEME_MEETING, "title": title, "held_on": held_on, **values})
        db.session.commit()
    return event


def person(name: str = "Anne Prøve", business: Business | None = None, **values: Any) -> Person:
    """Somebody from a business, or from 849 without one."""
    code = business.municipality_code if business else 849
    common: dict[str, Any] = {"municipality_code": code, "business_id": business.id if business else None}
    return Person(name=name, email=values.pop("email", f"{name.split()[0].lower()}@example.dk"), **{**common, **values})


def sign(
    event: Event,
    name: str = "Anne Prøve",
    business: Business | None = None,
    day: dt.date | None = None,
    state: RegistrationState = RegistrationState.SIGNED_UP,
    **values: Any,
) -> Registration:
    """Somebody signed up, committed."""
    db.session.rollback()
    with writing():
        found, _is_new = sign_up(event, person(name, business, **values), user_id=None, day=day, state=state)
        db.session.commit()
    return found
