"""Never more signed up than there are seats, however many come at once and in whatever order things happen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nbe.core.database import db, writing
from nbe.events.actions import edit_event, move_registration, sign_up
from nbe.events.counts import count_people
from nbe.models import Event, Registration
from nbe.models.gathering_states import REGISTERED, RegistrationState
from tests.conftest import build
from tests.events.making import SOON, new_event, person, sign
from tests.sizes import size

S = RegistrationState
AT_ONCE = size(40, 0.3)


def test_many_in_the_same_second_get_the_seats_there_are(app: Flask) -> None:
    event_id = new_event(seats=5).id
    together = Barrier(AT_ONCE)

    def come(number: int) -> RegistrationState:
        with app.app_context():
            together.wait()
            with writing():
                event = db.session.get_one(Event, event_id)
                found, _is_new = sign_up(event, person(f"Person{number} Prøve"), user_id=None)
                db.session.commit()
                state = found.state
            db.session.remove()
            return state

    db.session.rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        states = list(pool.map(come, range(AT_ONCE)))
    assert states.count(S.SIGNED_UP) == 5
    assert states.count(S.WAITING) == AT_ONCE - 5
    assert count_people([event_id])[event_id].signed_up == 5


def test_seats_let_go_at_once_go_to_those_who_wait(app: Flask) -> None:
    event_id = new_event(seats=4).id
    people = [sign(db.session.get_one(Event, event_id), f"Person{n} Prøve").id for n in range(8)]
    together = Barrier(4)

    def leave(registration_id: int) -> None:
        with app.app_context():
            together.wait()
            with writing():
                move_registration(db.session.get_one(Registration, registration_id), S.DECLINED, user_id=None)
                db.session.commit()
            db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(leave, people[:4]))
    counts = count_people([event_id])[event_id]
    assert (counts.signed_up, counts.waiting, counts.declined) == (4, 0, 4)


class Queue(RuleBasedStateMachine):
    """Sign-ups, apologies and changes of the number of seats in any order, beside a list of names."""

    app: Flask

    @initialize(seats=st.integers(1, 4))
    def begin(self, seats: int) -> None:
        self.context = self.app.app_context()
        self.context.push()
        self.event, self.seats = new_event(seats=seats), seats
        self.people: list[Registration] = []
        self.seated: list[int] = []
        self.waiting: list[int] = []

    def _change(self, work: Any) -> Any:
        with writing():
            found = work()
            db.session.commit()
        return found

    @precondition(lambda self: len(self.people) < 12)
    @rule()
    def come(self) -> None:
        place = len(self.people)
        who = person(f"Person{place} Prøve")
        self.people.append(self._change(lambda: sign_up(self.event, who, user_id=None))[0])
        (self.seated if len(self.seated) < self.seats and not self.waiting else self.waiting).append(place)

    @precondition(lambda self: self.seated or self.waiting)
    @rule(which=st.integers(0, 11))
    def leave(self, which: int) -> None:
        place = sorted(self.seated + self.waiting)[which % len(self.seated + self.waiting)]
        self._change(lambda: move_registration(self.people[place], S.DECLINED, user_id=None))
        (self.seated if place in self.seated else self.waiting).remove(place)
        self._move_up()

    @rule(seats=st.integers(1, 6))
    def change_seats(self, seats: int) -> None:
        self._change(lambda: edit_event(self.event, {"held_on": SOON, "seats": seats}, [], user_id=None))
        self.seats = seats
        self._move_up()

    def _move_up(self) -> None:
        while self.waiting and len(self.seated) < self.seats:
            self.seated.append(self.waiting.pop(0))

    @invariant()
    def it_is_as_it_should_be(self) -> None:
        if not hasattr(self, "people"):
            return
        assert {n for n, one in enumerate(self.people) if one.state in REGISTERED} == set(self.seated)
        assert {n for n, one in enumerate(self.people) if one.state is S.WAITING} == set(self.waiting)

    def teardown(self) -> None:
        if hasattr(self, "context"):
            db.session.rollback()
            db.session.remove()
            self.context.pop()


def test_first_come_first_served_and_nobody_lost(sqlite_url: str) -> None:
    Queue.app = build(sqlite_url)
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    few = settings(max_examples=size(100, 0.1), stateful_step_count=15, deadline=None, suppress_health_check=checks)
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Queue, settings=few)
