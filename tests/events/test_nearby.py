"""Events on the page of a business and on Min dag."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from nbe.core.database import db, writing
from nbe.models import Business, Event
from nbe.models.states import RoleName
from tests.builders import make_business, make_programme
from tests.events.making import HELD, new_event, sign
from tests.events.test_pages import enter, text_of


def test_a_business_shows_where_its_people_have_been(sqlite_app: Flask) -> None:
    kept, gone = make_business("Kept A/S"), make_business("Gone A/S")
    sign(new_event(HELD, "Januarmøde"), "Anne Prøve", kept, dt.date(2016, 1, 20))
    sign(new_event(title="Majmøde"), "Bo Prøve", gone)
    sign(new_event(title="Andres møde"), "Ida Prøve", make_business())
    db.session.rollback()
    with writing():
        db.session.get_one(Business, gone.id).merged_into_id = kept.id
        db.session.commit()
    shown = text_of(enter(sqlite_app).get(f"/virksomheder/{kept.id}"))
    assert "Januarmøde: Anne Prøve tilmeldt" in shown and "Majmøde: Bo Prøve tilmeldt" in shown
    assert shown.index("Majmøde") < shown.index("Januarmøde")
    assert "Andres møde" not in shown


def test_min_dag_tells_of_what_is_soon(sqlite_app: Flask) -> None:
    make_programme()
    client = enter(sqlite_app)
    assert "den næste måned" not in text_of(client.get("/min-dag"))
    sign(new_event(title="Vores møde", municipality_code=849))
    new_event(title="Netværkets møde")
    new_event(title="Deres møde", municipality_code=851)
    new_event(title="Senere møde", held_on=dt.date(2016, 6, 1))
    new_event(title="Aflyst møde", municipality_code=849).cancelled_on = dt.date(2016, 4, 20)
    db.session.commit()
    shown = text_of(client.get("/min-dag"))
    assert "Arrangementer den næste måned (2)" in shown
    assert "Vores møde 12-05-2016 · 1 tilmeldt, heraf 0 medlemmer" in shown and "Netværkets møde" in shown
    for absent in ("Deres møde", "Senere møde", "Aflyst møde"):
        assert absent not in shown
    everything = text_of(enter(sqlite_app, RoleName.ADMINISTRATOR).get("/min-dag"))
    assert "Deres møde" in everything
    assert db.session.get(Event, 1) is not None
