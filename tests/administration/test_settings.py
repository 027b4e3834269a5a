"""The overview, the settings, and the accessibility statement that shows one of them."""

from __future__ import annotations

import html

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.models import Trail
from nbe.models.states import RoleName
from nbe.pipeline.settings import silent_days
from tests.administration.test_targets import fields, fields_of
from tests.builders import make_programme, make_user, sign_in

PATH = "/administration/indstillinger"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def stored() -> tuple[int, int]:
    db.session.rollback()
    return silent_days()


def test_the_overview_leads_everywhere_and_says_how_things_stand(admin: FlaskClient) -> None:
    make_programme(2016)
    page = html.unescape(admin.get("/administration").get_data(as_text=True))
    for path in ("/brugere", "/forloeb", "/kriterier", "/moeder", "/indstillinger"):
        assert f'href="/administration{path}"' in page
        assert admin.get(f"/administration{path}").status_code == 200
    for told in ("forløbsåret 2016 med frist 31-12-2016", "4 kriterier i brug", "Tavs efter 30 dage"):
        assert told in page
    assert 'aria-current="page">Administration' in page


def test_silent_days_are_thirty_and_sixty_until_set(admin: FlaskClient) -> None:
    assert stored() == (30, 60)
    assert admin.post(PATH, data={**fields(admin, PATH), "before": "21", "after": "45"}).status_code == 303
    assert stored() == (21, 45)
    trail = db.session.scalars(sa.select(Trail).where(Trail.act == "settings")).one()
    assert trail.detail == {"changed": ["before", "after"]}


def test_what_is_wrong_is_said_and_nothing_saved(admin: FlaskClient) -> None:
    for typed, told in (
        ({"before": "0"}, "Skriv et helt tal fra 1 til 365."),
        ({"after": "et år"}, "Skriv et helt tal."),
        ({"after": ""}, "Skal udfyldes."),
        ({"mail": "sekretariatet"}, "Skriv en mailadresse"),
        ({"phone": "1234"}, "Skriv et telefonnummer med 8 cifre."),
    ):
        answer = admin.post(PATH, data={**fields(admin, PATH), **typed})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert told in page
        assert f'id="{next(iter(typed))}-error"' in page
    assert stored() == (30, 60)


def test_the_second_sees_what_the_first_changed(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    mine, theirs = fields(other, PATH), fields(admin, PATH)
    assert admin.post(PATH, data={**theirs, "before": "21"}).status_code == 303
    answer = other.post(PATH, data={**mine, "before": "14", "after": "90"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Gemt nu:</span> 21" in page
    assert stored() == (21, 60)
    assert other.post(PATH, data={**fields_of(page), "after": "90"}).status_code == 303
    assert stored() == (21, 90)


def test_the_statement_is_public_and_names_the_secretariat(app: Flask, admin: FlaskClient) -> None:
    page = html.unescape(app.test_client().get("/was").get_data(as_text=True))
    for told in ("EN 301 549", "WCAG 2.1", "delvist i overensstemmelse", "Digitaliseringsstyrelsen fører tilsyn"):
        assert told in page
    assert "mailto:" not in page
    sent = {**fields(admin, PATH), "mail": "Sekretariat@Example.dk", "phone": "96 31 00 00"}
    assert admin.post(PATH, data=sent).status_code == 303
    page = html.unescape(app.test_client().get("/was").get_data(as_text=True))
    assert "mailto:sekretariat@example.dk" in page.lower()
    assert 'href="tel:96310000"' in page
    assert "96 31 00 00" in page
    # Emptied again, it is gone.
    assert admin.post(PATH, data={**fields(admin, PATH), "mail": "", "phone": ""}).status_code == 303
    assert "mailto:" not in app.test_client().get("/was").get_data(as_text=True)
