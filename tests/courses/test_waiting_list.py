"""Any sequence of sign-ups, cancellations, capacity changes and offers answered or not, on both databases.

Beside the service runs a plain model: a queue of people and a row of chairs. Both must agree after every step: never
more people than chairs, first come first served, no free chair while somebody waits who could have it, nobody lost.
"""

from __future__ import annotations

import datetime as dt

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nbe.core import clock
from nbe.core.database import db
from nbe.courses import actions
from nbe.courses.actions import CourseRefusedError
from nbe.courses.telling import told_of_offers
from nbe.figures.checking import find_differences
from nbe.models import Participant, Team
from nbe.models.gathering_states import SEATED
from nbe.models.gathering_states import ParticipantState as P
from tests.courses.making import change, deliver, make_team, people
from tests.courses.test_rules import fits
from tests.sizes import size

CODES = (849, 820, 813)


class Line(RuleBasedStateMachine):
    """A team, and what it should hold. `line`: everybody in the order of their places; `offered`: asked, unanswered.

    `unaddressed`: without a mail address, so that no time to answer runs; `told`: whose mail has gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, int] = {}
        self.line: list[int] = []
        self.seated: list[int] = []
        self.gone: set[int] = set()
        self.offered: set[int] = set()
        self.unaddressed: set[int] = set()
        self.told: set[int] = set()

    @initialize(seats=st.none() | st.integers(0, 6), kept=st.dictionaries(st.sampled_from(CODES), st.integers(0, 2)))
    def begin(self, seats: int | None, kept: dict[int, int]) -> None:
        self.total = None if seats is None else max(seats, sum(kept.values()))
        self.kept = {code: kept.get(code) for code in CODES}
        self.team_id = make_team(self.total, self.kept, days=()).id

    @property
    def team(self) -> Team:
        return db.session.get_one(Team, self.team_id)

    def has_chair(self, code: int) -> bool:
        return self.would_fit(self.total, self.kept, [*(self.codes[one] for one in self.seated), code])

    def would_fit(self, total: int | None, kept: dict[int, int | None], codes: list[int]) -> bool:
        return total is None or fits(total, {code: n for code, n in kept.items() if n is not None}, codes)

    def move_up(self) -> None:
        for person in self.line:
            if person not in self.seated and self.has_chair(self.codes[person]):
                self.seated.append(person)
                if person not in self.unaddressed:
                    self.offered.add(person)

    @rule(code=st.sampled_from(CODES), has_mail=st.booleans())
    def sign_up(self, code: int, has_mail: bool) -> None:
        name = f"Kursist {len(self.codes)}"
        values = {"name": name, "email": f"{name.replace(' ', '')}@example.dk" if has_mail else ""}
        done = change(lambda: actions.sign_up_person(self.team, municipality_code=code, user_id=None, **values))
        person = done.participant.id
        if not has_mail:
            self.unaddressed.add(person)
        had_chair = self.has_chair(code)
        self.codes[person] = code
        self.line.append(person)
        if had_chair:
            self.seated.append(person)
        assert done.is_waiting is not had_chair

    @precondition(lambda self: self.line)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(self.line))
        change(lambda: actions.cancel_seat(db.session.get_one(Participant, person), user_id=None))
        self.line.remove(person)
        self.gone.add(person)
        self.seated = [one for one in self.seated if one != person]
        self.offered.discard(person)
        self.told.discard(person)
        self.move_up()

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.gone)))
        known = db.session.get_one(Participant, person)
        values = {"name": known.name, "municipality_code": known.municipality_code, "email": known.email}
        change(lambda: actions.sign_up_person(self.team, user_id=None, **values))
        self.gone.remove(person)
        had_chair = self.has_chair(self.codes[person])
        self.line.append(person)
        if had_chair:
            self.seated.append(person)

    @rule(seats=st.none() | st.integers(0, 8), kept=st.dictionaries(st.sampled_from(CODES), st.integers(0, 3)))
    def change_seats(self, seats: int | None, kept: dict[int, int]) -> None:
        wished = {code: kept.get(code) for code in CODES}
        may = self.would_fit(seats, wished, [self.codes[one] for one in self.seated])
        try:
            change(lambda: actions.edit_team(self.team, user_id=None, seats=seats, municipalities=wished))
        except CourseRefusedError:
            assert not may
            return
        assert may
        self.total, self.kept = seats, wished
        self.move_up()

    @precondition(lambda self: self.offered)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.offered)))
        change(lambda: actions.confirm_seat(db.session.get_one(Participant, person), user_id=None))
        assert db.session.get_one(Participant, person).state is P.CONFIRMED
        self.offered.discard(person)
        self.told.discard(person)

    @rule()
    def send_the_mails(self) -> None:
        """What lay in the outbox has gone: from now on time runs for those who were asked."""
        deliver()
        self.told |= self.offered

    @rule()
    def let_time_pass(self) -> None:
        """Nobody asked and told answers in time; what is asked now is due in three days from today by the clock."""
        late = clock.now() + dt.timedelta(days=4)
        change(lambda: actions.settle_team(actions.lock_team(self.team_id), user_id=None, now=late))
        lapsed = [person for person in self.line if person in self.offered & self.told]
        for person in lapsed:
            self.line.remove(person)
            self.seated.remove(person)
        self.line += lapsed
        self.offered -= self.told
        self.told.clear()
        self.move_up()
        self._bring_the_deadlines_back()

    def _bring_the_deadlines_back(self) -> None:
        """The clock of the test stands: what was asked four days from now is asked today."""

        def work() -> None:
            for person in people(self.team):
                if person.answer_by:
                    person.answer_by -= dt.timedelta(days=4)

        change(work)

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "team_id"):
            return
        db.session.rollback()
        found = people(self.team)
        assert {person.id for person in found} == {*self.line, *self.gone}, "nobody lost"
        assert [p.id for p in found if p.state is not P.CANCELLED] == self.line, "first come first served"
        assert sorted(p.id for p in found if p.state in SEATED) == sorted(self.seated)
        assert {p.id for p in found if p.answer_by} == self.offered
        assert set(told_of_offers([p for p in found if p.id in self.offered])) == self.told & self.offered
        assert not actions.read_seats(self.team).is_over
        assert self.total is None or len(self.seated) <= self.total
        for person in found:
            assert actions.rows_of_participant(person)[-1].to_code == person.state.value

    def teardown(self) -> None:
        if hasattr(self, "team_id"):
            assert list(find_differences()) == []
        db.session.rollback()


def test_never_over_first_come_first_served_nobody_lost(app: Flask) -> None:
    run_state_machine_as_test(
        Line, settings=settings(max_examples=size(40, 0.2), stateful_step_count=20, deadline=None)
    )
