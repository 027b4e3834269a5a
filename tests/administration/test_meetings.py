"""The calendar of the coordination group."""

from __future__ import annotations

import datetime as dt
import html

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.models import Event
from nbe.models.states import RoleName
from nbe.targets.meetings import add_meeting
from nbe.targets.queries import last_meeting, next_meeting
from tests.administration.test_targets import fields, fields_of, undo_of
from tests.builders import csrf_of, make_user, sign_in
from tests.counting import statements

LIST = "/administration/moeder"
TODAY = dt.date(2016, 4, 25)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def press(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf_of(client, LIST), **data}).status_code


def days() -> list[dt.date]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Event.held_on).order_by(Event.held_on)))


def add(*held_on: dt.date) -> None:
    db.session.rollback()
    with writing():
        for day in held_on:
            add_meeting("Koordinationsmøde", day)
        db.session.commit()


def path_of(day: dt.date, act: str = "") -> str:
    db.session.rollback()
    found = db.session.scalars(sa.select(Event.id).where(Event.held_on == day)).one()
    return f"{LIST}/{found}{act}"


def test_the_next_and_the_last_are_those_of_the_calendar(admin: FlaskClient) -> None:
    assert "Der er ingen møder i kalenderen" in admin.get(LIST).get_data(as_text=True)
    for day in ("22/1-16", "29-04-2016", "26. august 2016"):
        assert press(admin, LIST + "/nyt", title="Koordinationsmøde", held_on=day) == 303
    assert days() == [dt.date(2016, 1, 22), dt.date(2016, 4, 29), dt.date(2016, 8, 26)]
    following, previous = next_meeting(TODAY), last_meeting(TODAY)
    assert following is not None
    assert previous is not None
    assert (previous.held_on, following.held_on) == (dt.date(2016, 1, 22), dt.date(2016, 4, 29))
    admin.get(LIST)  # tells once what was made
    page = admin.get(LIST).get_data(as_text=True)
    assert page.index("26-08-2016") < page.index("29-04-2016") < page.index(">næste<") < page.index("22-01-2016")


def test_what_is_wrong_is_said_at_its_field(admin: FlaskClient) -> None:
    press(admin, LIST + "/nyt", title="Koordinationsmøde", held_on="29-04-2016")
    for typed, told in (
        ({"title": "", "held_on": "30-04-2016"}, "title-error"),
        ({"title": "Møde", "held_on": "31-04-2016"}, "held_on-error"),
        ({"title": "Møde", "held_on": "29-04-2016"}, "Der er allerede et koordinationsmøde den dag."),
    ):
        answer = admin.post(LIST + "/nyt", data={"csrf_token": csrf_of(admin, LIST), **typed})
        assert answer.status_code == 422
        assert told in html.unescape(answer.get_data(as_text=True))
    assert days() == [dt.date(2016, 4, 29)]


def test_only_a_meeting_to_come_is_deleted_and_it_comes_back(admin: FlaskClient) -> None:
    add(dt.date(2016, 1, 22), TODAY, dt.date(2016, 4, 29))
    page = admin.get(LIST).get_data(as_text=True)
    assert page.count("/slet") == 1
    for day in (dt.date(2016, 1, 22), TODAY):
        assert press(admin, path_of(day, "/slet")) == 303
    assert len(days()) == 3
    assert press(admin, path_of(dt.date(2016, 4, 29), "/slet")) == 303
    assert len(days()) == 2
    undo = undo_of(admin, LIST)
    assert press(admin, undo) == 303
    assert days()[-1] == dt.date(2016, 4, 29)
    assert press(admin, undo) == 303
    assert len(days()) == 3
    assert press(admin, LIST + "/4711/genopret") == 404


def test_the_second_sees_what_the_first_changed(app: Flask, admin: FlaskClient) -> None:
    press(admin, LIST + "/nyt", title="Koordinationsmøde", held_on="29-04-2016")
    path = path_of(dt.date(2016, 4, 29))
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    mine, theirs = fields(other, path), fields(admin, path)
    assert admin.post(path, data={**theirs, "held_on": "02-05-2016"}).status_code == 303
    answer = other.post(path, data={**mine, "title": "Møde i Aalborg", "held_on": "03-05-2016"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "02-05-2016" in page
    assert days() == [dt.date(2016, 5, 2)]
    assert other.post(path, data={**fields_of(page), "title": "Møde i Aalborg"}).status_code == 303
    assert days() == [dt.date(2016, 5, 2)]
    assert "Møde i Aalborg" in admin.get(LIST).get_data(as_text=True)


def test_the_list_is_paged_at_a_constant_cost(admin: FlaskClient) -> None:
    counts = []
    for many in (3, 60):
        add(*(dt.date(2000 + many, 1, 1) + dt.timedelta(days=n) for n in range(many)))
        admin.get(LIST)
        with statements() as sent:
            page = admin.get(LIST).get_data(as_text=True)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert page.count('<th scope="row">') == 50
    assert admin.get(LIST + "?side=2").get_data(as_text=True).count('<th scope="row">') == 13
