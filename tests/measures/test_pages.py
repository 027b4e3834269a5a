"""The pages of measures and plans, as a leader, a screener and a partner meet them."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import lxml.html
import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.ledger.queries import sums
from nbe.models import ActionPlan, Candidacy, FollowUp, Measure, Saving
from nbe.models.states import MeasureState, Quantity, RoleName, SavingPhase, ScreeningState, Stage
from tests.builders import (
    csrf_of,
    make_business,
    make_candidacy,
    make_measure,
    make_screener,
    make_screening,
    make_user,
    sign_in,
)
from tests.counting import statements


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, code))


def form_of(client: FlaskClient, path: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form that goes to `action`, as the page fills it in."""
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = next(form for form in page.forms if (form.action or "").split("?")[0] == action)
    return dict(form.form_values())


def send(client: FlaskClient, path: str, data: dict[str, Any], **options: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, "/konto"), **data}, **options)


def errors(answer: TestResponse) -> str:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    return " ".join(" ".join(node.text_content().split()) for node in page.find_class("error-summary"))


def name(phase: SavingPhase, quantity: Quantity, part: str = "amount") -> str:
    from nbe.measures.forms import name_of

    return name_of(phase, quantity, part)


IDENTIFIED, DECIDED, REALISED = SavingPhase
MONEY, ENERGY = Quantity.MONEY, Quantity.ENERGY


def saved(measure_id: int, phase: SavingPhase, quantity: Quantity) -> Saving | None:
    db.session.rollback()
    return db.session.scalar(
        sa.select(Saving).where(Saving.measure_id == measure_id, Saving.phase == phase, Saving.quantity == quantity)
    )


def test_from_a_proposal_to_an_adopted_plan(app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.REPORTED)
    client, plan = enter(app), f"/kandidater/{candidacy.id}/plan"
    assert "Der er ingen tiltag endnu" in client.get(plan).get_data(as_text=True)
    new = f"/kandidater/{candidacy.id}/tiltag/nyt"
    typed = form_of(client, new, new) | {
        "title": "Tæt trykluftanlægget",
        name(IDENTIFIED, Quantity.INVESTMENT): "14.000",
        name(IDENTIFIED, MONEY): "22.000,5",
        name(IDENTIFIED, Quantity.WATER): "ikke målt",
    }
    assert send(client, new, typed).status_code == 303
    db.session.rollback()
    measure = db.session.scalars(sa.select(Measure)).one()
    money, water = saved(measure.id, IDENTIFIED, MONEY), saved(measure.id, IDENTIFIED, Quantity.WATER)
    assert money and money.amount == Decimal("22000.5")
    assert water and water.amount is None and water.is_not_measured
    shown = client.get(plan).get_data(as_text=True)
    assert "22.000,5" in shown and "ikke målt" in shown and "0,6 år" in shown

    adopt = form_of(client, plan, plan) | {"adopted_on": "25-04-2016", "adopted_by": "Direktionen", "vedtag": "1"}
    adopt.pop("valgt", None)
    refused = send(client, plan, adopt)
    assert refused.status_code == 422
    assert "mindst 1 tiltag" in errors(refused)
    assert "Direktionen" in refused.get_data(as_text=True)
    assert send(client, plan, adopt | {"valgt": str(measure.id)}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Candidacy)).one().stage is Stage.PLANNED
    assert db.session.scalars(sa.select(Measure)).one().state is MeasureState.DECIDED
    assert [look.months for look in db.session.scalars(sa.select(FollowUp).order_by(FollowUp.months))] == [6, 12]
    decided = saved(measure.id, DECIDED, MONEY)
    assert decided and decided.amount == Decimal("22000.5")

    undone = re.search(r'action="([^"]*plan/fortryd[^"]*)"', client.get(plan).get_data(as_text=True))
    assert undone
    assert send(client, undone[1].replace("&amp;", "&"), {}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(Candidacy)).one().stage is Stage.REPORTED
    assert db.session.scalars(sa.select(ActionPlan)).one().adopted_on is None


@pytest.mark.parametrize("typed", ["N/A", "ca. 5", "?", "12.5", "1e9", "-"])
def test_what_is_no_number_is_refused_at_its_field_and_kept(sqlite_app: Flask, typed: str) -> None:
    measure = make_measure(make_candidacy(make_business(), Stage.SCREENED))
    client, path = enter(sqlite_app), f"/tiltag/{measure.id}"
    field = name(IDENTIFIED, ENERGY)
    answer = send(client, path, form_of(client, path, path) | {field: typed})
    assert answer.status_code == 422
    assert "Skriv et tal" in errors(answer)
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    box = page.xpath(f"//*[@name='{field}']")[0]
    assert (box.get("value"), box.get("aria-invalid")) == (typed, "true")


def test_realised_only_with_documentation(sqlite_app: Flask) -> None:
    measure = make_measure(make_candidacy(make_business(), Stage.ACTIVE), state=MeasureState.DONE)
    client, path = enter(sqlite_app), f"/tiltag/{measure.id}"
    move = form_of(client, path, f"{path}/flyt") | {"til": "documented"}
    assert "dokumenterer" in errors(send(client, f"{path}/flyt", move))
    numbers = form_of(client, path, path) | {name(REALISED, MONEY): "5.000"}
    assert "dokumenterer" in errors(send(client, path, numbers))
    assert send(client, path, numbers | {name(REALISED, MONEY, "evidence"): "Elmåler"}).status_code == 303
    assert (
        send(client, f"{path}/flyt", form_of(client, path, f"{path}/flyt") | {"til": "documented"}).status_code == 303
    )
    db.session.rollback()
    assert db.session.get_one(Measure, measure.id).state is MeasureState.DOCUMENTED


def test_the_second_is_shown_what_the_first_wrote(sqlite_app: Flask) -> None:
    measure = make_measure(make_candidacy(make_business(), Stage.SCREENED))
    path, field = f"/tiltag/{measure.id}", name(IDENTIFIED, MONEY)
    first, second = enter(sqlite_app), enter(sqlite_app)
    stale = form_of(second, path, path) | {field: "7.777"}
    assert send(first, path, form_of(first, path, path) | {field: "1.111"}).status_code == 303
    answer = send(second, path, stale)
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert re.search(r"1\.?111", shown) and "7.777" in shown
    kept = saved(measure.id, IDENTIFIED, MONEY)
    assert kept and kept.amount == 1111


def test_a_screener_writes_where_a_screening_is_hers(sqlite_app: Flask) -> None:
    user = make_user(RoleName.SCREENER, 851)
    client = sign_in(sqlite_app.test_client(), user)
    hers, other = (make_candidacy(make_business(), Stage.AGREED) for _ in range(2))
    make_screening(hers, make_screener(user, 851), state=ScreeningState.HELD)
    for candidacy, status in ((hers, 200), (other, 404)):  # both in 849, where she is not at home
        assert client.get(f"/kandidater/{candidacy.id}/plan").status_code == status
        assert client.get(f"/kandidater/{candidacy.id}/tiltag/nyt").status_code == status
    foreign = make_measure(other)
    assert client.get(f"/tiltag/{foreign.id}").status_code == 404
    assert send(client, f"/tiltag/{foreign.id}", {"title": "x"}).status_code == 404
    assert enter(sqlite_app, RoleName.PARTNER).get("/tiltag").status_code == 403


@pytest.mark.parametrize("day", ["2016-04-25", "2016-03-10", "2016-02-01"])
def test_the_list_shows_what_the_totals_count(app: Flask, day: str) -> None:
    import datetime as dt

    candidacies = [make_candidacy(make_business(), Stage.SCREENED) for _ in range(2)]
    closed = make_candidacy(make_business(), Stage.CLOSED, dt.date(2016, 4, 1))
    for place, state in enumerate((MeasureState.IDENTIFIED, MeasureState.DECIDED, MeasureState.ACTIVE)):
        make_measure(candidacies[place % 2], state=state)
    make_measure(candidacies[0], state=MeasureState.ABANDONED)
    assert closed.stage is Stage.CLOSED
    client = enter(app)
    for phase in SavingPhase:
        key = f"measure:{phase.value}"
        wanted = sums(candidacies[0].programme_id, [key], dt.date.fromisoformat(day), 849).get((849, key), 0)
        page = client.get(f"/tiltag?aar=2016&kommune=849&fase={phase.value}&pr={day}").get_data(as_text=True)
        rows = lxml.html.fromstring(page).xpath("//table[contains(@class, 'measures')]/tbody/tr")
        assert len(rows) == wanted, (phase, day)


def test_the_list_as_a_spreadsheet(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business("=Farlig A/S"), Stage.SCREENED)
    make_measure(candidacy)
    client = enter(sqlite_app)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/tiltag/eksport.xlsx?aar=2016").get_data()))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    text = client.get("/tiltag/eksport.csv?aar=2016").get_data().decode("utf-8-sig")
    assert text.count("\r\n") == 2 and "\n=" not in text and ";=" not in text


def test_a_list_costs_the_same_for_one_and_for_fifty(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.SCREENED)
    make_measure(candidacy)
    client = enter(sqlite_app)

    def cost() -> int:
        with statements() as sent:
            assert client.get("/tiltag?aar=2016").status_code == 200
        return len(sent)

    cost()
    few = cost()
    for _ in range(30):
        make_measure(candidacy)
    assert cost() == few
