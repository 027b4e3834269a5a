"""Emission factors: added with year and source, taken out of use, never changed; what was computed stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.measures.actions import Amount
from nbe.models import EmissionFactor, Measure
from nbe.models.states import Quantity, RoleName, SavingPhase, Stage
from tests.builders import csrf_of, make_business, make_candidacy, make_measure, make_user, sign_in

NEW = "/administration/faktorer/ny"
ELECTRICITY = {"quantity": "energy", "title": "el", "kg_per_unit": "0,123456", "year": "2017", "source": "Prøvekilde"}


def enter(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR, None))


def add(client: FlaskClient, **changes: str) -> int:
    data = {**ELECTRICITY, **changes, "csrf_token": csrf_of(client, NEW)}
    return client.post(NEW, data=data).status_code


def factors(**named: object) -> list[EmissionFactor]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(EmissionFactor).filter_by(**named).order_by(EmissionFactor.year)))


def test_a_new_year_continues_the_factor_of_that_name(app: Flask) -> None:
    client = enter(app)
    assert add(client) == 303
    old, new = factors(code="electricity")
    assert (new.year, new.kg_per_unit, new.source, new.quantity) == (
        2017, Decimal("0.123456"), "Prøvekilde", Quantity.ENERGY,
    )  # fmt: skip
    assert old.kg_per_unit != new.kg_per_unit
    assert add(client) == 422  # the same once more
    assert add(client, title="Biogas fra egen gård") == 303
    assert [factor.code for factor in factors(title="Biogas fra egen gård")] == ["biogas_fra_egen_gaard"]
    assert "0,123456" in client.get("/administration/faktorer").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kg_per_unit": "N/A"},
        {"kg_per_unit": "-1"},
        {"kg_per_unit": "10.001"},
        {"kg_per_unit": "0,1234567"},
        {"kg_per_unit": ""},
        {"source": ""},
        {"quantity": "money"},
        {"year": "1066"},
        {"title": "010190-1234"},
    ],
)
def test_what_cannot_be_a_factor_is_refused_and_kept(sqlite_app: Flask, wrong: dict[str, str]) -> None:
    client = enter(sqlite_app)
    known = len(factors())
    data = {**ELECTRICITY, **wrong, "csrf_token": csrf_of(client, NEW)}
    answer = client.post(NEW, data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert ("Ret disse fejl" in page and "Prøvekilde" in page) or not data["source"]
    assert len(factors()) == known


def test_what_was_computed_stays_when_a_factor_goes(app: Flask) -> None:
    factor = factors(code="electricity")[0]
    factor_id, kg = factor.id, factor.kg_per_unit
    said = Amount(Decimal(1000), factor_id=factor_id)
    measure = make_measure(
        make_candidacy(make_business(), Stage.SCREENED), savings={SavingPhase.IDENTIFIED: {Quantity.ENERGY: said}}
    )
    client = enter(app)
    path = f"/administration/faktorer/{factor_id}"
    assert client.post(f"{path}/tag-ud", data={"csrf_token": csrf_of(client, NEW)}).status_code == 303
    assert add(client, kg_per_unit="9") == 303
    assert not factors(id=factor_id)[0].is_active
    saving = db.session.get_one(Measure, measure.id).savings[0]
    assert (saving.co2e_kg, saving.factor_kg, saving.factor_year) == (1000 * kg, kg, 2016)
    assert client.post(f"{path}/tag-i-brug", data={"csrf_token": csrf_of(client, NEW)}).status_code == 303
    assert factors(id=factor_id)[0].is_active
    assert (
        client.post("/administration/faktorer/999999/tag-ud", data={"csrf_token": csrf_of(client, NEW)}).status_code
        == 404
    )


def test_a_plan_must_hold_as_many_measures_as_the_programme_asks(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.REPORTED)
    path = "/administration/forloeb/2016"
    client = enter(sqlite_app)
    data = {"deadline_on": "31-12-2016", "measures_required": "3", "csrf_token": csrf_of(client, path)}
    assert client.post(path, data=data).status_code == 303
    assert client.post(path, data={**data, "measures_required": "0"}).status_code == 422
    make_measure(candidacy)
    leader = sign_in(sqlite_app.test_client(), make_user())
    assert "mindst 3 tiltag" in leader.get(f"/kandidater/{candidacy.id}/plan").get_data(as_text=True)
