"""What may be done, the hours of an event, its programme as it is pasted, and the counts in words. No database."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from nbe.events.rules import (
    Counts,
    EventRefusedError,
    Line,
    check_move,
    count_words,
    how_many_move_up,
    is_open,
    moments,
    moves_from,
    read_programme,
)
from nbe.models.events import programme_text
from nbe.models.gathering_states import RegistrationState

S = RegistrationState


@pytest.mark.parametrize(
    ("counts", "is_held", "said"),
    [
        (Counts(signed_up=10, members=6, came=8, absent=2), True, "10 tilmeldte, heraf 6 medlemmer; 8 kom"),
        (Counts(signed_up=1, members=1), False, "1 tilmeldt, heraf 1 medlem"),
        (Counts(signed_up=3), True, "3 tilmeldte, heraf 0 medlemmer; 0 kom"),
        (Counts(invited=40), False, "0 tilmeldte"),
    ],
)
def test_the_three_counts_in_words(shared_app: Flask, counts: Counts, is_held: bool, said: str) -> None:
    with shared_app.test_request_context():
        assert count_words(counts, is_held=is_held) == said


def test_each_state_counts_where_it_belongs() -> None:
    counts = Counts()
    for place, state in enumerate(S, 1):
        counts = counts.plus(state, place, of_members=state is S.ATTENDED)
    assert counts == Counts(signed_up=2 + 4 + 5, members=4, came=4, absent=5, invited=1, waiting=3, declined=6)


def test_nobody_has_come_before_the_day() -> None:
    assert S.ATTENDED not in moves_from(S.SIGNED_UP, day_has_come=False)
    with pytest.raises(EventRefusedError):
        check_move(S.SIGNED_UP, S.ATTENDED, day_has_come=False)
    check_move(S.SIGNED_UP, S.ATTENDED, day_has_come=True)
    with pytest.raises(EventRefusedError):
        check_move(S.INVITED, S.ABSENT, day_has_come=True)


def test_open_until_the_deadline_and_never_after_the_day() -> None:
    day, until = dt.date(2016, 5, 12), dt.date(2016, 5, 9)
    assert is_open(day, until, None, until)
    assert not is_open(day, until, None, until + dt.timedelta(days=1))
    assert is_open(day, None, None, day)
    assert not is_open(day, None, None, day + dt.timedelta(days=1))
    assert not is_open(day, None, dt.date(2016, 4, 1), until)


@pytest.mark.parametrize(
    ("day", "begins", "ends", "minutes"),
    [
        ("2016-05-12", "16:00", "18:30", 150),
        ("2016-03-27", "01:30", "03:30", 60),  # the clock goes from two to three
        ("2016-10-30", "01:30", "03:30", 180),  # three becomes two
        ("2016-05-12", "20:00", "00:30", 270),
    ],
)
def test_an_event_lasts_as_long_as_it_does(day: str, begins: str, ends: str, minutes: int) -> None:
    start, found = moments(dt.date.fromisoformat(day), dt.time.fromisoformat(begins), dt.time.fromisoformat(ends))
    assert found == minutes
    assert start is not None and start.utcoffset() == dt.timedelta(0)


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(EventRefusedError) as caught:
        moments(dt.date(2016, 5, 12), dt.time(16), dt.time(15))
    assert caught.value.field == "ends"
    with pytest.raises(EventRefusedError):
        moments(dt.date(2016, 5, 12), None, dt.time(15))


def test_a_programme_is_read_as_it_is_pasted() -> None:
    text = "16.00 Velkomst v/ Anne Jensen\n\n kl. 9 Kaffe\n17:15 – Rundvisning\n3 gode råd\nPause"
    lines = read_programme(text)
    assert lines == [
        Line(960, "Velkomst", "Anne Jensen"), Line(540, "Kaffe"), Line(1035, "Rundvisning"), Line(None, "3 gode råd"),
        Line(None, "Pause"),
    ]  # fmt: skip
    assert read_programme(programme_text(lines)) == lines


@pytest.mark.parametrize("text", ["25.00 Velkomst", "16.75 Kaffe", "x" * 201, "\n".join(["Punkt"] * 61)])
def test_what_is_no_programme_is_refused_in_words(text: str) -> None:
    with pytest.raises(EventRefusedError) as caught:
        read_programme(text)
    assert caught.value.field == "program"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_read_again_the_same(text: str) -> None:
    try:
        lines = read_programme(text)
    except EventRefusedError:
        return
    assert read_programme(programme_text(lines)) == [line for line in lines if line.title]


@given(st.one_of(st.none(), st.integers(0, 9999)), st.integers(0, 9999), st.integers(0, 9999))
def test_never_more_move_up_than_there_are_seats_and_people(seats: int | None, taken: int, waiting: int) -> None:
    number = how_many_move_up(seats, taken, waiting)
    assert 0 <= number <= waiting
    if seats is not None and taken <= seats:
        assert taken + number <= seats
        assert number == waiting or taken + number == seats
