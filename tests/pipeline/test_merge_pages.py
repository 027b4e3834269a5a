"""The pages for merging: choosing the other, choosing per field, two at once, whose businesses, and taking it back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db, writing
from nbe.ledger.queries import differences
from nbe.models import Business, Membership
from nbe.models.states import RoleName, Stage
from tests.builders import csrf_of, make_business, make_candidacy, make_member, make_programme, make_user, sign_in
from tests.counting import statements


@pytest.fixture
def leader(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.LEADER, 849))


def filled(page: str) -> dict[str, str]:
    """What the form on a page would send as it stands: hidden fields and ticked sides."""
    form = page[page.index("<main") :]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    sent.update(
        re.findall(r'<input class="form-radio" type="radio" id="[^"]*" name="(\w+)" value="(\w+)" checked>', form)
    )
    return sent


def pair() -> tuple[Business, Business]:
    kept, gone = make_business("Moseby Mejeri A/S"), make_business("Moseby Mejeri ApS", town="Aabybro")
    make_candidacy(kept, Stage.CONTACTED)
    make_candidacy(gone, Stage.SUITABLE)
    make_member(gone)
    return kept, gone


def fresh(row_id: int) -> Business:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Business, row_id)
    assert found is not None
    return found


def test_from_likeness_to_one_business_and_back(leader: FlaskClient) -> None:
    kept, gone = pair()
    address = f"/virksomheder/{kept.id}/sammenlaeg"
    page = leader.get(address).get_data(as_text=True)
    assert f"{address}?med={gone.id}" in page
    page = leader.get(f"{address}?med={gone.id}").get_data(as_text=True)
    sent = filled(page)
    assert sent["name"] == sent["town"] == "kept"
    assert sent[f"candidacy_{make_programme().id}"] == "gone"
    answer = leader.post(address, data={**sent, "town": "gone"})
    assert (answer.status_code, answer.location) == (303, f"/virksomheder/{kept.id}")
    assert fresh(kept.id).town == "Aabybro"
    assert fresh(gone.id).merged_into_id == kept.id
    assert differences() == []

    again = leader.post(address, data={**sent, "town": "gone"})
    assert (again.status_code, again.location) == (303, answer.location)

    shown = leader.get(answer.location).get_data(as_text=True)
    assert "De tæller nu som én virksomhed" in shown
    history = leader.get(f"/historik?virksomhed={gone.id}").get_data(as_text=True)
    assert "lukkede Moseby Mejeri ApS i 2016: slået sammen med en anden virksomhed" in history
    assert "som har medlemskabet nu" in history
    moved = leader.get(f"/virksomheder/{gone.id}")
    assert (moved.status_code, moved.location) == (302, f"/virksomheder/{kept.id}")
    undo = f"{address}/{gone.id}/fortryd"
    assert undo in shown
    assert undo in leader.get(address).get_data(as_text=True)
    for _ in range(2):
        assert leader.post(undo, data={"csrf_token": csrf_of(leader, address)}).status_code == 303
    assert fresh(kept.id).town == "Pandrup"
    assert fresh(gone.id).merged_into_id is None
    assert leader.get(f"/virksomheder/{gone.id}").status_code == 200
    assert differences() == []


def test_the_second_of_two_sees_both_anew_and_keeps_the_choices(leader: FlaskClient) -> None:
    kept, gone = pair()
    address = f"/virksomheder/{kept.id}/sammenlaeg"
    sent = filled(leader.get(f"{address}?med={gone.id}").get_data(as_text=True))
    with writing():
        fresh(gone.id).phone = "70203040"
        db.session.commit()
    answer = leader.post(address, data={**sent, "town": "gone"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Intet er slået sammen endnu" in page
    assert fresh(gone.id).merged_into_id is None
    assert filled(page)["town"] == "gone"
    assert leader.post(address, data=filled(page)).status_code == 303


def test_a_move_meanwhile_is_a_conflict_as_well(leader: FlaskClient) -> None:
    kept, gone = pair()
    address = f"/virksomheder/{kept.id}/sammenlaeg"
    sent = filled(leader.get(f"{address}?med={gone.id}").get_data(as_text=True))
    with writing():
        membership = db.session.query(Membership).filter_by(business_id=gone.id).one()
        membership.since_on = membership.since_on.replace(day=11)
        db.session.commit()
    assert leader.post(address, data=sent).status_code == 409


def test_a_foreign_business_does_not_exist(leader: FlaskClient) -> None:
    mine, other = make_business(municipality=849), make_business(municipality=851)
    token = csrf_of(leader, "/virksomheder")

    def post(path: str, **data: object) -> TestResponse:
        return leader.post(path, data={"csrf_token": token, **data})

    for kept, gone in ((mine, other), (other, mine), (mine, mine)):
        assert leader.get(f"/virksomheder/{kept.id}/sammenlaeg?med={gone.id}").status_code == 404
        assert post(f"/virksomheder/{kept.id}/sammenlaeg", med=gone.id).status_code == 404
        assert post(f"/virksomheder/{kept.id}/sammenlaeg/{gone.id}/fortryd").status_code in (303, 404)
    assert leader.get(f"/virksomheder/{mine.id}/sammenlaeg?med=x").status_code == 404
    assert fresh(mine.id).merged_into_id is fresh(other.id).merged_into_id is None
    make_business("Prøve Smedje", municipality=849)
    assert f'med={other.id}"' not in leader.get(f"/virksomheder/{mine.id}/sammenlaeg?q=Prøve").get_data(as_text=True)


@pytest.mark.parametrize("role", [RoleName.SCREENER, RoleName.PARTNER])
def test_only_those_who_write_may_merge(app: Flask, role: RoleName) -> None:
    kept, gone = make_business(), make_business()
    client = sign_in(app.test_client(), make_user(role, 849))
    assert client.get(f"/virksomheder/{kept.id}/sammenlaeg?med={gone.id}").status_code == 403
    data = {"csrf_token": csrf_of(client, "/konto"), "med": gone.id}
    assert client.post(f"/virksomheder/{kept.id}/sammenlaeg", data=data).status_code == 403


def test_a_form_without_its_token_is_refused(leader: FlaskClient) -> None:
    kept, gone = pair()
    address = f"/virksomheder/{kept.id}/sammenlaeg"
    sent = filled(leader.get(f"{address}?med={gone.id}").get_data(as_text=True))
    del sent["csrf_token"]
    assert leader.post(address, data=sent).status_code == 400
    assert fresh(gone.id).merged_into_id is None


def test_the_secretariat_brings_back_across_municipalities(app: Flask) -> None:
    kept, gone = make_business(municipality=849), make_business(municipality=851)
    make_candidacy(gone, Stage.AGREED)
    admin = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    address = f"/virksomheder/{kept.id}/sammenlaeg"
    sent = filled(admin.get(f"{address}?med={gone.id}").get_data(as_text=True))
    assert admin.post(address, data={**sent, "municipality_code": "kept"}).status_code == 303
    leader = sign_in(app.test_client(), make_user(RoleName.LEADER, 849))
    token = csrf_of(leader, "/virksomheder")
    assert leader.post(f"{address}/{gone.id}/fortryd", data={"csrf_token": token}).status_code == 404
    assert fresh(gone.id).merged_into_id == kept.id
    token = csrf_of(admin, "/virksomheder")
    assert admin.post(f"{address}/{gone.id}/fortryd", data={"csrf_token": token}).status_code == 303
    assert fresh(gone.id).merged_into_id is None


def test_comparing_takes_as_many_statements_however_much_there_is(leader: FlaskClient) -> None:
    kept, gone = make_business(), make_business()

    def count() -> int:
        with statements() as sent:
            assert leader.get(f"/virksomheder/{kept.id}/sammenlaeg?med={gone.id}").status_code == 200
        return len(sent)

    few = count()
    for year in (2016, 2017, 2018):
        make_candidacy(kept, Stage.CONTACTED, year=year)
        make_candidacy(gone, Stage.INTERESTED, year=year)
    assert count() <= few
