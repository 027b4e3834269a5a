"""Who is reminded of an event: those who are signed up for one that is still to be."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from nbe.core.database import db, writing
from nbe.events.actions import cancel_event
from nbe.events.actions.events import set_programme
from nbe.events.reminding import find_signed_up
from nbe.events.rules import Line
from nbe.mails.reminders import fill_words, list_reminders
from nbe.mails.subjects import subject_of
from nbe.models import Event, Mailing
from nbe.models.gathering_states import RegistrationState
from tests.events.making import SOON, new_event, sign

DAY = dt.timedelta(days=1)


def reminded(first: dt.date = SOON, last: dt.date = SOON) -> list[str]:
    db.session.rollback()
    return [due.name for due in find_signed_up(first, last)]


def test_those_who_are_signed_up(app: Flask) -> None:
    event = new_event(seats=2, place="Fjerritslev")
    sign(event, "Anne Tilmeldt")
    sign(event, "Bo Inviteret", state=RegistrationState.INVITED)
    sign(event, "Carl Tilmeldt")
    sign(event, "Dorte Venter")
    assert reminded() == ["Anne Tilmeldt", "Carl Tilmeldt"]
    assert reminded(SOON - 3 * DAY, SOON - DAY) == reminded(SOON + DAY, SOON + 3 * DAY) == []
    due = next(iter(find_signed_up(SOON, SOON)))
    reminder = next(one for one in list_reminders() if one.name == "event")
    text = fill_words(reminder.text, {"navn": due.name, **due.values})
    assert "Du er tilmeldt Temamøde om varme, torsdag den 12. maj 2016, Fjerritslev." in text
    assert "/svar/" in text and "{" not in text and "\n\n\n" not in text
    assert (due.municipality_code, due.subject_kind, due.subject_id) == (849, "event", event.id)
    assert str(SOON) in due.key


@pytest.mark.parametrize("what", ["cancelled", "hidden"])
def test_nobody_of_what_is_not_to_be(app: Flask, what: str) -> None:
    event = new_event()
    sign(event)
    event_id = event.id
    db.session.rollback()
    with writing():
        event = db.session.get_one(Event, event_id)
        if what == "cancelled":
            cancel_event(event, user_id=None)
        else:
            event.is_hidden = True
        db.session.commit()
    assert reminded() == []


def test_a_letter_names_its_event(sqlite_app: Flask) -> None:
    event = new_event()
    letter = Mailing(subject_kind="event", subject_id=event.id)
    assert subject_of(letter) == ("Temamøde om varme", f"/arrangementer/{event.id}")
    assert subject_of(Mailing(subject_kind="event", subject_id=987654)) is None
    assert subject_of(Mailing(subject_kind="ukendt", subject_id=1)) is None


def test_the_programme_is_told(sqlite_app: Flask) -> None:
    event = new_event()
    sign(event)
    event_id = event.id
    db.session.rollback()
    with writing():
        set_programme(db.session.get_one(Event, event_id), [Line(960, "Velkomst", "Anne")])
        db.session.commit()
    (due,) = find_signed_up(SOON, SOON)
    assert due.values["program"] == "Program\n16.00 Velkomst v/ Anne"
