"""A cancelled event is neither coming nor held, and nobody sent apologies; who came to a held one is thanked."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.events.actions import cancel_event, move_registration
from nbe.events.counts import count_people
from nbe.models import Event, Mailing, Registration
from nbe.models.gathering_states import RegistrationState
from tests.events.making import HELD, new_event, sign
from tests.events.test_pages import enter, form_of, send, text_of
from tests.events.test_segments import change

S = RegistrationState


def decline(one: Registration) -> None:
    change(lambda: move_registration(db.session.get_one(Registration, one.id), S.DECLINED, user_id=None))


def cancel(event: Event) -> None:
    change(lambda: cancel_event(db.session.get_one(Event, event.id), user_id=None))


def test_who_fell_away_with_the_event_sent_no_apologies(app: Flask) -> None:
    event = new_event(seats=4)
    sign(event, "Anne Egen"), sign(event, "Bo Fremmed", municipality_code=851)
    decline(sign(event, "Carl Afbud"))
    cancel(event)
    counts = count_people([event.id])[event.id]
    assert (counts.signed_up, counts.fell, counts.declined) == (0, 2, 1)
    own = count_people([event.id], 851)[event.id]
    assert (own.fell, own.declined) == (1, 0)


def test_the_pages_of_a_cancelled_event(sqlite_app: Flask) -> None:
    event = new_event(seats=4, title="Aflyst møde")
    new_event(title="Kommende møde")
    gone = sign(event, "Anne Egen")
    decline(sign(event, "Carl Afbud"))
    cancel(event)
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}"
    shown = text_of(client.get(path))
    assert "1 faldt bort ved aflysningen 1 afbud" in shown and "Skriv om aflysningen" in shown
    assert "ledig" not in shown and "optaget" not in shown
    assert shown.count("faldt bort ved aflysningen") == 3, "of all, of one's own, and at the person"
    assert "faldt bort ved aflysningen" in text_of(client.get(f"/tilmeldinger/{gone.id}"))
    minutes = client.get(f"{path}/deltagerliste.txt").get_data(as_text=True)
    assert "Carl Afbud" in minutes and "Anne Egen" not in minutes
    coming = text_of(client.get("/arrangementer"))
    assert "Kommende (1)" in coming and "Aflyste (1)" in coming
    assert "Kommende møde" in coming and "Aflyst møde" not in coming
    cancelled = text_of(client.get("/arrangementer?vis=aflyste"))
    assert "Aflyst møde" in cancelled and "Kommende møde" not in cancelled
    assert "Der kan ikke inviteres til det" in text_of(client.get(f"{path}/invitation?hvem=medlemmer"))
    assert "1 person" in text_of(client.get(f"{path}/invitation"))


def test_who_came_is_thanked_and_nobody_is_invited_afterwards(sqlite_app: Flask) -> None:
    event, day = new_event(HELD), dt.date(2016, 1, 20)
    came, stayed = sign(event, "Anne Kom", day=day), sign(event, "Bo Udeblev", day=day)
    client, path = enter(sqlite_app), f"/arrangementer/{event.id}"
    assert "Skriv til dem, der kom" not in text_of(client.get(path))
    for one, to in ((came, S.ATTENDED), (stayed, S.ABSENT)):
        change(
            lambda one=one, to=to: move_registration(db.session.get_one(Registration, one.id), to, HELD, user_id=None)
        )
    assert "Skriv til dem, der kom" in text_of(client.get(path))
    refused = text_of(client.get(f"{path}/invitation?hvem=medlemmer"))
    assert "Arrangementet er holdt. Der kan ikke inviteres til det" in refused and "Skriv brevet" not in refused
    send(client, f"{path}/invitation", {"hvem": "medlemmer"})
    assert db.session.scalar(sa.select(sa.func.count(Mailing.id))) == 0
    listed = text_of(client.get(f"{path}/invitation"))
    assert "Anne Kom" in listed and "Bo Udeblev" not in listed
    address = send(client, f"{path}/invitation", form_of(client, f"{path}/invitation", f"{path}/invitation")).location
    db.session.rollback()
    mailing = db.session.scalars(sa.select(Mailing)).one()
    assert address == f"/breve/{mailing.id}" and mailing.subject == "Tak for sidst: Temamøde om varme"
    assert "tirsdag den 26. januar 2016" in mailing.text and not mailing.is_service
    draft = text_of(client.get(address))
    assert "Send til 1 modtager" in draft or "Læg 1 mail i udbakken" in draft
    assert "har sit eget link" not in draft and "men brevet siger" not in draft
