"""The suitability criteria: order, words, weight, out of use, never deleted once answered."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.models import AssessmentAnswer, Criterion
from nbe.models.states import CriterionAnswer, RoleName
from nbe.pipeline.actions import save_answers
from nbe.pipeline.criteria import active_criteria
from tests.administration.test_targets import fields, fields_of, undo_of
from tests.builders import csrf_of, make_business, make_candidacy, make_user, sign_in

LIST = "/administration/kriterier"
FIRST = ["Ledelsesopbakning", "5–100 ansatte", "Energi- eller ressourcetungt", "Tid til forløbet i året"]


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def press(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf_of(client, LIST), **data}).status_code


def titles() -> list[str]:
    db.session.rollback()
    return [criterion.title for criterion in active_criteria()]


def path_of(title: str, act: str = "") -> str:
    db.session.rollback()
    found = db.session.scalars(sa.select(Criterion.id).where(Criterion.title == title)).one()
    return f"{LIST}/{found}{act}"


def shown(client: FlaskClient) -> list[str]:
    page = html.unescape(client.get(LIST).get_data(as_text=True))
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def test_order_is_what_the_page_and_the_assessment_show(admin: FlaskClient) -> None:
    assert titles() == FIRST
    assert press(admin, path_of(FIRST[2], "/op")) == 303
    assert titles() == [FIRST[0], FIRST[2], FIRST[1], FIRST[3]]
    assert shown(admin) == titles()
    press(admin, path_of(FIRST[2], "/op"))
    press(admin, undo_of(admin, LIST))
    assert titles() == [FIRST[0], FIRST[2], FIRST[1], FIRST[3]]
    assert press(admin, path_of(FIRST[0], "/op")) == 303  # the first stays the first
    assert press(admin, path_of(FIRST[3], "/ned")) == 303
    assert titles() == [FIRST[0], FIRST[2], FIRST[1], FIRST[3]]


def test_a_new_one_comes_last_and_what_is_wrong_is_said(admin: FlaskClient) -> None:
    assert press(admin, LIST + "/nyt", title="Ejer bygningen", weight="3") == 303
    assert titles() == [*FIRST, "Ejer bygningen"]
    for typed, told in (
        ({"title": "", "weight": "1"}, "Skal udfyldes."),
        ({"title": "Nyt", "weight": "10"}, "Skriv et helt tal fra 1 til 9."),
        ({"title": "ejer BYGNINGEN", "weight": "1"}, "Der er allerede et kriterium i brug, som hedder det."),
    ):
        answer = admin.post(LIST + "/nyt", data={"csrf_token": csrf_of(admin, LIST), **typed})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert told in page
        assert f'value="{typed["title"]}"' in page
    assert len(titles()) == 5


def test_an_answered_one_goes_out_of_use_and_keeps_its_answers(admin: FlaskClient) -> None:
    candidacy = make_candidacy(make_business())
    criterion = active_criteria()[0]
    with writing():
        save_answers(candidacy, {criterion.id: CriterionAnswer.YES}, "", user_id=None)
        db.session.commit()
    assert press(admin, path_of(FIRST[0], "/slet")) == 303
    assert "er besvaret og kan ikke slettes" in html.unescape(admin.get(LIST).get_data(as_text=True))
    assert titles() == FIRST
    assert press(admin, path_of(FIRST[0], "/tag-ud")) == 303
    assert titles() == FIRST[1:]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AssessmentAnswer)) == 1
    assert press(admin, undo_of(admin, LIST)) == 303
    assert titles() == [*FIRST[1:], FIRST[0]]


def test_one_nobody_answered_is_deleted_and_comes_back(admin: FlaskClient) -> None:
    path = path_of(FIRST[1])
    press(admin, path, title=FIRST[1], weight="4", version="1")
    assert press(admin, path + "/slet") == 303
    assert FIRST[1] not in titles()
    undo = undo_of(admin, LIST)
    assert admin.get(path).status_code == 404
    assert press(admin, undo) == 303
    assert titles() == [FIRST[0], *FIRST[2:], FIRST[1]]
    assert active_criteria()[-1].weight == 4
    assert press(admin, undo) == 303
    assert len(titles()) == 4
    assert press(admin, LIST + "/4711/genopret") == 404


def test_the_second_sees_what_the_first_wrote(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    path = path_of(FIRST[0])
    mine, theirs = fields(other, path), fields(admin, path)
    assert admin.post(path, data={**theirs, "title": "Ledelsen bakker op"}).status_code == 303
    answer = other.post(path, data={**mine, "title": "Opbakning", "weight": "2"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Ledelsen bakker op" in page
    assert titles()[0] == "Ledelsen bakker op"
    assert other.post(path, data={**fields_of(page), "weight": "2"}).status_code == 303
    assert titles()[0] == "Ledelsen bakker op"
    assert active_criteria()[0].weight == 2


def test_an_unknown_one_is_not_found(admin: FlaskClient) -> None:
    for number in ("4711", "99999999999999999999"):
        assert admin.get(f"{LIST}/{number}").status_code == 404
        assert press(admin, f"{LIST}/{number}/op") == 404
