"""Seats and outcomes, without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbe.courses.rules import (
    CourseRefusedError,
    Mark,
    Seats,
    answer_deadline,
    check_seats,
    outcome,
    who_moves_up,
)
from nbe.models.gathering_states import ParticipantState as P

CODES = (810, 849, 851)
COUNTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 4))


def fits(total: int, reserved: dict[int, int], people: Sequence[int]) -> bool:
    """Whether all can sit, found by seating them one by one on a chair of their own, else on a common one."""
    chairs: list[int | None] = [code for code, n in reserved.items() for _ in range(n)]
    if len(chairs) > total:
        return False
    chairs += [None] * (total - len(chairs))
    for code in people:
        if code in chairs:
            chairs.remove(code)
        elif None in chairs:
            chairs.remove(None)
        else:
            return False
    return True


@given(st.integers(0, 12), COUNTS, COUNTS, st.sampled_from(CODES))
def test_seats_are_counted_as_chairs_are(
    total: int, reserved: dict[int, int], taken: dict[int, int], code: int
) -> None:
    seats = Seats(total, reserved, taken)
    people = [c for c, n in taken.items() for _ in range(n)]
    assert seats.is_over is not fits(total, reserved, people)
    if not seats.is_over:
        assert seats.has_room(code) is fits(total, reserved, [*people, code])
        free = seats.free_for(code)
        assert free is not None
        assert fits(total, reserved, [*people, *[code] * free])
        assert not fits(total, reserved, [*people, *[code] * (free + 1)])


@given(st.integers(0, 12), COUNTS, st.lists(st.sampled_from(CODES), max_size=12))
def test_who_moves_up_is_everybody_there_is_a_chair_for_and_the_first_first(
    total: int, reserved: dict[int, int], line: list[int]
) -> None:
    if not fits(total, reserved, []):
        return
    moved = who_moves_up(Seats(total, reserved), list(enumerate(line)))
    assert fits(total, reserved, [line[place] for place in moved])
    left = [place for place in range(len(line)) if place not in moved]
    for place in left:
        assert not fits(total, reserved, [*(line[p] for p in moved), line[place]])
        assert all(other < place for other in moved if line[other] == line[place])


def test_an_open_team_has_room_for_all() -> None:
    seats = Seats(None, {849: 1}, {849: 400})
    assert seats.has_room(849) and seats.free is None and not seats.is_over
    check_seats(seats)


@pytest.mark.parametrize(
    ("seats", "said"),
    [
        (Seats(5, {849: 4, 810: 2}), "aftalt flere"),
        (Seats(5, {}, {849: 6}), "6 på holdet"),
        (Seats(5, {810: 2}, {849: 4}), "fælles pladser"),
    ],
)
def test_too_much_is_refused_in_a_sentence(seats: Seats, said: str) -> None:
    with pytest.raises(CourseRefusedError) as caught:
        check_seats(seats)
    assert said in str(caught.value.message)


def test_an_answer_is_due_at_midnight_and_before_the_course() -> None:
    now = dt.datetime(2016, 4, 25, 9, tzinfo=dt.UTC)
    assert answer_deadline(now, 3, None) == dt.datetime(2016, 4, 28, 22, tzinfo=dt.UTC)
    assert answer_deadline(now, 3, dt.date(2016, 4, 27)) == dt.datetime(2016, 4, 26, 22, tzinfo=dt.UTC)
    assert answer_deadline(now, 3, dt.date(2016, 4, 26)) == dt.datetime(2016, 4, 25, 22, tzinfo=dt.UTC)
    assert answer_deadline(now, 3, dt.date(2016, 4, 25)) is None
    winter = dt.datetime(2016, 10, 28, 9, tzinfo=dt.UTC)
    assert answer_deadline(winter, 3, None) == dt.datetime(2016, 10, 31, 23, tzinfo=dt.UTC)


YES, NO, LATER, NOT_ASKED = Mark(True, True), Mark(True, False), Mark(True, None), Mark(False, None)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], None),
        ([LATER, LATER], None),
        ([YES, LATER], None),
        ([NO, LATER], None),
        ([YES, YES], P.ATTENDED),
        ([YES, NO], P.PARTLY),
        ([YES, NOT_ASKED], P.PARTLY),
        ([NO, NOT_ASKED], P.ABSENT),
        ([NO, NO], P.ABSENT),
        ([NOT_ASKED, NOT_ASKED], None),
        ([Mark(False, True), YES], P.ATTENDED),
    ],
)
def test_what_comes_of_the_days(marks: list[Mark], found: P | None) -> None:
    assert outcome(marks) is found
