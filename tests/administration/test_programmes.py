"""Programme years: made, with those who were postponed to them; taken back; their deadline."""

from __future__ import annotations

import datetime as dt
import html

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.ledger.queries import differences
from nbe.models import Candidacy, Change, Programme, Target
from nbe.models.states import CloseReason, RoleName, Stage
from nbe.targets.queries import find_programme, list_years
from tests.administration.test_targets import fields, fields_of, undo_of
from tests.builders import csrf_of, make_business, make_candidacy, make_programme, make_user, sign_in
from tests.counting import statements

NEW = "/administration/forloeb/nyt"
LIST = "/administration/forloeb"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def press(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf_of(client, NEW), **data}).status_code


def fetch(year: int) -> Programme | None:
    db.session.rollback()
    return find_programme(year)


def postpone(name: str, year: int) -> None:
    candidacy = make_candidacy(make_business(name), Stage.CLOSED, reason=CloseReason.POSTPONED)
    candidacy.postponed_to_year = year
    db.session.commit()


def test_a_new_year_asks_five_of_each_and_takes_in_the_postponed(admin: FlaskClient) -> None:
    postpone("Pandrup Savværk ApS", 2017)
    postpone("Brovst Bryghus ApS", 2018)
    answer = admin.post(NEW, data={"csrf_token": csrf_of(admin, NEW), "year": "2017", "deadline_on": ""})
    assert answer.status_code == 303
    page = html.unescape(admin.get(answer.location).get_data(as_text=True))
    assert "1 kandidat, der var udskudt hertil, står nu på bruttolisten" in page
    assert "Fortryd" not in page
    programme = fetch(2017)
    assert programme is not None
    assert programme.deadline_on == dt.date(2017, 12, 31)
    targets = db.session.scalars(sa.select(Target).where(Target.programme_id == programme.id)).all()
    assert [target.required for target in targets] == [5] * 11
    there = db.session.scalars(sa.select(Candidacy).where(Candidacy.programme_id == programme.id)).unique().one()
    assert (there.business.name, there.stage) == ("Pandrup Savværk ApS", Stage.LONGLIST)
    assert differences() == []
    # The history tells of one new programme, not of eleven targets that are what holds anyway.
    told = db.session.scalars(sa.select(Change.entity).where(Change.entity.in_(["programme", "target"])))
    assert set(told) == {"programme"}


def test_the_form_offers_the_next_year_and_says_what_is_wrong(admin: FlaskClient) -> None:
    make_programme(2016)
    offered = fields(admin, NEW)
    assert (offered["year"], offered["deadline_on"]) == ("2017", "31-12-2017")
    for typed, told in (
        ({"year": "2016"}, "Forløbsåret 2016 findes allerede."),
        ({"year": "1999"}, "Skriv et helt tal fra 2000 til 2100."),
        ({"year": ""}, "Skal udfyldes."),
        ({"year": "2018", "deadline_on": "31-12-2017"}, "Fristen ligger før forløbsåret begynder."),
    ):
        answer = admin.post(NEW, data={"csrf_token": csrf_of(admin, NEW), **typed})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert told in page
        assert f'value="{typed["year"]}"' in page
    assert fetch(2018) is None


def test_a_year_made_by_mistake_goes_again_but_not_once_it_is_used(admin: FlaskClient) -> None:
    assert press(admin, NEW, year="2071") == 303
    undo = undo_of(admin, "/administration/forloeb/2071/maaltal")
    assert press(admin, undo) == 303
    assert fetch(2071) is None
    assert db.session.scalar(sa.select(sa.func.count(Target.id))) == 0
    assert press(admin, NEW, year="2017") == 303
    make_candidacy(make_business(), year=2017)
    assert press(admin, "/administration/forloeb/2017/fortryd") == 303
    assert "taget i brug" in admin.get(LIST).get_data(as_text=True)
    assert fetch(2017) is not None


def test_the_deadline_changes_and_the_second_chooses(app: Flask, admin: FlaskClient) -> None:
    make_programme(2016)
    path = "/administration/forloeb/2016"
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    mine, theirs = fields(other, path), fields(admin, path)
    assert admin.post(path, data={**theirs, "deadline_on": "30/11-2016"}).status_code == 303
    assert fetch(2016).deadline_on == dt.date(2016, 11, 30)  # type: ignore[union-attr]
    answer = other.post(path, data={**mine, "deadline_on": "01-12-2016"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "30-11-2016" in page
    assert fetch(2016).deadline_on == dt.date(2016, 11, 30)  # type: ignore[union-attr]
    assert other.post(path, data={**fields_of(page), "deadline_on": "01-12-2016"}).status_code == 303
    assert fetch(2016).deadline_on == dt.date(2016, 12, 1)  # type: ignore[union-attr]
    assert "rettede et forløbsår" in html.unescape(admin.get("/historik").get_data(as_text=True))
    assert other.post(path, data={**fields(other, path), "deadline_on": "1/1-15"}).status_code == 422


def test_the_list_counts_in_one_statement(admin: FlaskClient) -> None:
    make_programme(2015)
    press(admin, NEW, year="2016")
    path = "/administration/forloeb/2016/maaltal"
    sent = {"k851-required": "10", "k851-reason": "a", "k825-required": "2", "k825-reason": "b"}
    admin.post(path, data={**fields(admin, path), **sent})
    db.session.rollback()
    with statements() as sent_statements:
        lines = list_years()
    assert [(line.programme.year, line.required, line.others) for line in lines] == [(2016, 57, 2), (2015, 55, 0)]
    assert len(sent_statements) == 2
