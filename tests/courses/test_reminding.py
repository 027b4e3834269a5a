"""Who is reminded of a course day: those who have a seat and are signed up for it, once for days in a row."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from nbe.core.database import db
from nbe.courses import actions
from nbe.courses.reminding import find_seated
from nbe.mails.reminders import fill_words, list_reminders
from nbe.models import DayMark, Participant
from tests.courses.making import change, make_team, sign_up

FIRST, SECOND = dt.date(2016, 5, 10), dt.date(2016, 5, 11)


def reminded(first: dt.date = FIRST, last: dt.date = SECOND) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(due.name, due.values["dag"]) for due in find_seated(first, last)]


def test_those_with_a_seat_once_for_days_in_a_row(app: Flask) -> None:
    team = make_team(seats=2, place="Rådhuset")
    sign_up(team, "Ib")
    confirmed = sign_up(team, "Else").participant
    change(lambda: actions.confirm_seat(db.session.merge(confirmed), user_id=None))
    sign_up(team, "Venter")
    assert reminded() == [("Ib", "tirsdag den 10. maj"), ("Else", "tirsdag den 10. maj")]
    assert reminded(SECOND, SECOND) == []
    assert reminded(FIRST - dt.timedelta(days=9), FIRST - dt.timedelta(days=1)) == []
    due = next(iter(find_seated(FIRST, FIRST)))
    reminder = next(one for one in list_reminders() if one.name == "course_day")
    text = fill_words(reminder.text, {"navn": due.name, **due.values})
    assert "Tirsdag den 10. maj, Rådhuset\nOnsdag den 11. maj, Rådhuset" in text
    assert "/deltager/" in text and "{" not in text
    assert (due.municipality_code, due.participant_id, due.subject_kind) == (849, due.participant_id, "team")


def test_days_apart_are_reminded_of_each(app: Flask) -> None:
    sign_up(make_team(days=(FIRST, dt.date(2016, 5, 24))), "Ib")
    assert reminded(FIRST, dt.date(2016, 5, 31)) == [("Ib", "tirsdag den 10. maj"), ("Ib", "tirsdag den 24. maj")]


def test_who_left_or_is_not_signed_up_for_the_day_is_not(app: Flask) -> None:
    team = make_team(seats=5, days=(FIRST,))
    gone, other, _there = (sign_up(team, name).participant for name in ("Væk", "Anden dag", "Er der"))
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, gone.id), user_id=None))

    def leave_day() -> None:
        person = db.session.get_one(Participant, other.id)
        person.marks = [DayMark(day_id=person.team.days[0].id, is_signed_up=False)]

    change(leave_day)
    assert reminded() == [("Er der", "tirsdag den 10. maj")]


def test_a_hidden_team_is_not_reminded_of(app: Flask) -> None:
    team = make_team(days=(FIRST,))
    sign_up(team, "Ib")

    def hide() -> None:
        db.session.merge(team).is_hidden = True

    change(hide)
    assert reminded() == []
