"""What is done with events and people, on both databases: each a row in the ledger, and totals that agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.access import SYSTEM
from nbe.core.database import db, writing
from nbe.events.actions import (
    cancel_event,
    edit_event,
    find_or_make_event,
    invite,
    link_business,
    mark_rest_absent,
    move_registration,
    resume_event,
    sign_up_person,
    undo_registration,
)
from nbe.events.counts import count_people
from nbe.events.queries import list_people, list_registrations
from nbe.events.rules import Counts, EventRefusedError, Line
from nbe.figures.checking import find_differences
from nbe.ledger.queries import sums
from nbe.models import Event, LedgerRow, Mail, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind
from tests.builders import make_business, make_member, make_programme
from tests.events.making import HELD, SOON, TODAY, new_event, person, sign

S = RegistrationState
KEYS = [f"registration:{state.value}" for state in S]


def totals(event: Event, day: dt.date = TODAY) -> dict[str, int]:
    """What the kept totals count, over all municipalities."""
    programme = make_programme(event.held_on.year)
    found: dict[str, int] = {}
    for (_code, key), number in sums(programme.id, KEYS, day).items():
        if number:
            found[key.partition(":")[2]] = found.get(key.partition(":")[2], 0) + number
    return found


def moved(registration: Registration, to: S, day: dt.date | None = None) -> int:
    with writing():
        row = move_registration(registration, to, day, user_id=None)
        db.session.commit()
    return row


def undone(registration: Registration, row: int | None = None) -> bool:
    with writing():
        is_done = undo_registration(registration, user_id=None, ledger_id=row)
        db.session.commit()
    return is_done


def refused(field: str, work: Any) -> str:
    with pytest.raises(EventRefusedError) as caught:
        work()
    assert caught.value.field == field
    db.session.rollback()
    return str(caught.value.message)


def test_signed_up_members_and_came_are_three_counts(app: Flask) -> None:
    event = new_event(HELD)
    member, other, later = make_business(), make_business(municipality=851), make_business()
    make_member(member, dt.date(2016, 1, 26))  # that very day
    make_member(later, dt.date(2016, 1, 27))
    them = (("Anne", member), ("Bo", other), ("Ida", later))
    people = [sign(event, name, of, dt.date(2016, 1, 20)) for name, of in them]
    sign(event, "Eva Uden", None, dt.date(2016, 1, 20))
    for one in people[:2]:
        moved(one, S.ATTENDED)
    moved(people[2], S.ABSENT)
    assert count_people([event.id])[event.id] == Counts(signed_up=4, members=1, came=2, absent=1)
    assert count_people([event.id], 851)[event.id] == Counts(signed_up=1, came=1)
    assert totals(event) == {"attended": 2, "absent": 1, "signed_up": 1}
    assert totals(event, dt.date(2016, 1, 25)) == {"signed_up": 4}
    assert list(find_differences()) == []


def test_the_same_person_is_signed_up_once(app: Flask) -> None:
    event, business = new_event(), make_business()
    first = sign(event, "Anne Prøve", business, email="anne@example.dk")
    assert sign(event, "anne  prøve", business, email="Anne@Example.dk").id == first.id
    assert sign(event, "Anne Prøve", business, email="").id == first.id
    assert sign(event, "Bo Prøve", business, email="anne@example.dk").id != first.id
    assert len(list_registrations(SYSTEM, event, permission())) == 2


def permission() -> Any:
    from nbe.access import Permission

    return Permission.REGISTRATIONS_READ


def test_seats_are_given_in_the_order_people_come(app: Flask) -> None:
    event = new_event(seats=2)
    people = [sign(event, f"Person{n} Prøve") for n in range(5)]
    assert [one.state for one in people] == [S.SIGNED_UP, S.SIGNED_UP, S.WAITING, S.WAITING, S.WAITING]
    moved(people[3], S.DECLINED)
    row = moved(people[0], S.DECLINED)
    assert [one.state for one in people] == [S.DECLINED, S.SIGNED_UP, S.SIGNED_UP, S.DECLINED, S.WAITING]
    told = db.session.scalars(sa.select(Mail.email).where(Mail.registration_id.is_not(None))).all()
    assert told == ["person2@example.dk"]
    assert "givet videre" in refused("til", lambda: undo_registration(people[0], user_id=None, ledger_id=row))
    sign(event, "Person0 Prøve")  # comes again, behind the others
    db.session.refresh(people[0])
    assert people[0].state is S.WAITING
    with writing():
        up = edit_event(event, {"held_on": SOON, "seats": 3}, [], user_id=None)
        db.session.commit()
    assert [one.name for one in up] == ["Person4 Prøve"]
    assert [one.registration.name for one in list_people(SYSTEM, event, states=(S.WAITING,)).rows] == ["Person0 Prøve"]
    assert totals(event) == {"signed_up": 3, "waiting": 1, "declined": 1}
    assert list(find_differences()) == []


def test_fewer_seats_take_nobodys_away(app: Flask) -> None:
    event = new_event(seats=3)
    people = [sign(event, f"Person{n} Prøve") for n in range(4)]
    with writing():
        assert edit_event(event, {"held_on": SOON, "seats": 1}, [], user_id=None) == []
        db.session.commit()
    assert [one.state for one in people] == [S.SIGNED_UP] * 3 + [S.WAITING]
    moved(people[0], S.DECLINED)
    assert people[3].state is S.WAITING


def test_a_move_is_taken_back(app: Flask) -> None:
    event = new_event(HELD)
    one = sign(event, day=dt.date(2016, 1, 20))
    row = moved(one, S.ATTENDED)
    assert one.state_since_on == HELD
    assert undone(one, row)
    assert not undone(one, row), "it is not the latest any more"
    assert one.state is S.SIGNED_UP
    assert undone(one)
    assert one.is_hidden
    assert totals(event) == {}
    again = sign(event, day=dt.date(2016, 1, 21))
    assert again.id == one.id and not again.is_hidden
    assert again.state_since_on == dt.date(2016, 1, 21)
    assert list(find_differences()) == []


def test_a_person_is_linked_to_the_business_afterwards(app: Flask) -> None:
    event, business = new_event(HELD), make_business(municipality=851)
    make_member(business, dt.date(2016, 1, 5))
    one = sign(event, day=dt.date(2016, 1, 20))
    moved(one, S.ATTENDED)
    for linked, members in ((business, 1), (None, 0), (business, 1)):
        with writing():
            assert link_business(one, linked, user_id=None)
            assert not link_business(one, linked, user_id=None)
            db.session.commit()
        assert count_people([event.id])[event.id] == Counts(signed_up=1, members=members, came=1)
        assert (one.state, one.state_since_on) == (S.ATTENDED, HELD)
    assert one.municipality_code == 851
    assert totals(event) == {"attended": 1} and totals(event, dt.date(2016, 1, 21)) == {"signed_up": 1}
    assert undone(one) and one.state is S.SIGNED_UP
    assert list(find_differences()) == []


def test_days_keep_their_order(app: Flask) -> None:
    event = new_event(HELD)
    one = sign(event, day=dt.date(2016, 1, 20))
    assert "20-01-2016" in refused("happened_on", lambda: moved(one, S.DECLINED, dt.date(2016, 1, 19)))
    assert "fremtiden" in refused("happened_on", lambda: moved(one, S.DECLINED, dt.date(2016, 4, 26)))
    refused("happened_on", lambda: sign(event, "Bo Prøve", day=dt.date(2016, 1, 27)))
    assert "den dag" in refused("til", lambda: sign(new_event(), "Bo Prøve", state=S.ATTENDED))


def test_invited_are_not_signed_up(app: Flask) -> None:
    event = new_event()
    known = sign(event, "Anne Prøve")
    with writing():
        added = invite(event, [person("Anne Prøve"), person("Bo Prøve"), person("Bo Prøve")], user_id=None)
        db.session.commit()
    assert [one.name for one in added] == ["Bo Prøve"]
    assert known.state is S.SIGNED_UP
    assert count_people([event.id])[event.id] == Counts(signed_up=1, invited=1)
    assert sign(event, "Bo Prøve").state is S.SIGNED_UP
    assert totals(event) == {"signed_up": 2}


def test_a_cancelled_event_has_nobody_signed_up_until_it_is_taken_up(app: Flask) -> None:
    event = new_event()
    people = [sign(event, "Anne Prøve"), sign(event, "Bo Prøve")]
    moved(people[1], S.DECLINED)
    with writing():
        assert cancel_event(event, user_id=None) == 1
        db.session.commit()
    assert totals(event) == {"declined": 2}
    assert "aflyst" in refused("til", lambda: sign(event, "Eva Prøve"))
    assert not undone(people[0])
    with writing():
        assert resume_event(event, user_id=None) == 1
        db.session.commit()
    assert [one.state for one in people] == [S.SIGNED_UP, S.DECLINED]
    assert totals(event) == {"signed_up": 1, "declined": 1}
    assert list(find_differences()) == []


def test_who_did_not_come_is_said_at_once(app: Flask) -> None:
    event = new_event(HELD)
    people = [sign(event, f"Person{n} Prøve", day=dt.date(2016, 1, 20)) for n in range(3)]
    moved(people[0], S.ATTENDED)
    with writing():
        assert mark_rest_absent(event, people, user_id=None) == 2
        db.session.commit()
    assert [one.state for one in people] == [S.ATTENDED, S.ABSENT, S.ABSENT]
    assert {one.state_since_on for one in people} == {HELD}


def test_an_event_stays_in_its_year_and_needs_a_programme(app: Flask) -> None:
    refused("held_on", lambda: find_or_make_event("Temamøde", dt.date(2017, 1, 5)))
    event = new_event()
    sign(event)
    make_programme(2017)
    day = {"held_on": dt.date(2017, 1, 5)}
    assert "2016" in refused("held_on", lambda: edit_event(event, day, [], user_id=None))


def test_a_meeting_of_the_group_is_alone_on_its_day(app: Flask) -> None:
    common: dict[str, Any] = {"kind": EventKind.COORDINATION_MEETING, "municipality_code": 849}
    assert new_event(**common).municipality_code is None
    refused("held_on", lambda: new_event(**common))


def test_a_changed_programme_makes_the_event_newer(app: Flask) -> None:
    event = new_event()
    before = event.version
    lines = [Line(960, "Velkomst", "Anne"), Line(None, "Pause")]
    for _again in range(2):
        with writing():
            edit_event(event, {"held_on": SOON}, lines, user_id=None)
            db.session.commit()
    assert event.version == before + 1
    assert [(item.begins, item.title) for item in event.items] == [(960, "Velkomst"), (None, "Pause")]


def test_a_sheet_finds_its_event_and_its_people(app: Flask) -> None:
    make_programme()
    business = make_business()
    with writing():
        event, is_new = find_or_make_event("Temamøde 26-01", HELD)
        assert is_new and event.kind is EventKind.THEME_MEETING
        assert find_or_make_event("Temamøde 26-01", HELD) == (event, False)
        assert find_or_make_event("Temamøde om affald", HELD) == (event, False), "the only theme meeting that day"
        assert find_or_make_event("Netværksmøde", HELD)[1]
        day = dt.date(2016, 1, 12)
        anne: tuple[Any, ...] = (event, business, "Anne Prøve", "anne@example.dk", day)
        first, was_made = sign_up_person(*anne, user_id=None, attended=True)
        again = sign_up_person(*anne, user_id=None, attended=True)
        alone = sign_up_person(event, None, "Bo Prøve", "", None, user_id=None, municipality_code=851, organisation="X")
        db.session.commit()
    assert was_made and again == (first, False) and alone[1]
    assert first.state is S.ATTENDED
    rows = db.session.scalars(sa.select(LedgerRow.happened_on).where(LedgerRow.subject_id == first.id)).all()
    assert rows == [day, HELD]
    assert list(find_differences()) == []
