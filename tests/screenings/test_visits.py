"""The pages of visits, as a leader, a screener and a partner meet them: agreed, changed, held, called off."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import lxml.html
import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.models import Candidacy, Screening, ScreeningPerson
from nbe.models.states import RoleName, ScreeningRole, ScreeningState, Stage
from tests.builders import (
    csrf_of,
    make_business,
    make_candidacy,
    make_screener,
    make_screening,
    make_user,
    sign_in,
)
from tests.counting import statements

SOON = dt.datetime(2016, 5, 4, 7, tzinfo=dt.UTC)


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, code))


def page_of(answer: TestResponse) -> Any:
    return lxml.html.fromstring(answer.get_data(as_text=True))


def form_of(client: FlaskClient, path: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form that goes to `action`, as the page fills it in."""
    form = next(form for form in page_of(client.get(path)).forms if (form.action or "").split("?")[0] == action)
    return {name: "" if value == "on" else value for name, value in form.form_values()}  # an empty choice is "on"


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, "/konto"), **data})


def errors(answer: TestResponse) -> str:
    return " ".join(" ".join(node.text_content().split()) for node in page_of(answer).find_class("error-summary"))


def only(model: type[Any]) -> Any:
    db.session.rollback()
    return db.session.scalars(sa.select(model)).one()


def people(screening_id: int) -> set[tuple[ScreeningRole, str]]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(ScreeningPerson).where(ScreeningPerson.screening_id == screening_id))
    return {(person.role, person.shown_name) for person in rows}


def test_from_a_suitable_candidate_to_a_visit_that_was_held(app: Flask) -> None:
    business = make_business("Prøve Mejeri", address="Mejerivej 4", case_number="24.10.07-G20-4-15")
    candidacy = make_candidacy(business, Stage.SUITABLE)
    lead, observer = make_screener(name="Ida Prøve"), make_screener(name="Ole Prøve")
    client, new = enter(app), f"/kandidater/{candidacy.id}/screening/ny"
    assert new in client.get(f"/kandidater/{candidacy.id}").get_data(as_text=True)
    typed = form_of(client, new, new)
    assert typed["place"] == "Mejerivej 4, 9490 Pandrup"
    assert "Elregninger" in typed["to_prepare"]
    assert typed[f"contact_{business.contacts[0].id}"] == "y"
    typed |= {"day": "4/5-16", "hour": "9.30", "lead": str(lead.id), f"observer_{observer.id}": "y"}
    assert send(client, new, typed | {"other_people": "Driftslederen\nElektrikeren"}).status_code == 303
    screening = only(Screening)
    assert screening.starts_at == dt.datetime(2016, 5, 4, 7, 30, tzinfo=dt.UTC)
    assert only(Candidacy).stage is Stage.SCREENING_PLANNED
    assert people(screening.id) == {
        (ScreeningRole.LEAD, "Ida Prøve"),
        (ScreeningRole.OBSERVER, "Ole Prøve"),
        (ScreeningRole.BUSINESS, business.contacts[0].name),
        (ScreeningRole.BUSINESS, "Driftslederen"),
        (ScreeningRole.BUSINESS, "Elektrikeren"),
    }
    path = f"/screeninger/{screening.id}"
    shown = client.get(path).get_data(as_text=True)
    for text in (
        "Onsdag den 4. maj 2016",
        "09:30",
        "12:30",
        "Ida Prøve",
        "Mejerivej 4",
        "24.10.07-G20-4-15",
        "0 af 12",
    ):
        assert text in shown, text
    assert "Kandidaten er flyttet til Screening planlagt" in shown

    held = form_of(client, path, f"{path}/gennemfoert")
    assert "fremtiden" in errors(send(client, f"{path}/gennemfoert", held | {"day": "26-04-2016"}))
    assert send(client, f"{path}/gennemfoert", held | {"day": "25-04-2016"}).status_code == 303
    assert (only(Screening).state, only(Candidacy).stage) == (ScreeningState.HELD, Stage.SCREENED)
    undone = form_of(client, path, f"{path}/fortryd")
    action = next(f.action for f in page_of(client.get(path)).forms if "fortryd" in (f.action or ""))
    assert send(client, action, undone).status_code == 303
    assert (only(Screening).state, only(Candidacy).stage) == (ScreeningState.PLANNED, Stage.SCREENING_PLANNED)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("day", "", "Skal udfyldes"),
        ("day", "31-02-2016", "Skriv en dato"),
        ("hour", "25", "Skriv et klokkeslæt"),
        ("place", "x" * 301, "højst 300"),
        ("other_people", "010190-1234", "CPR"),
        ("other_people", "x" * 201, "ét navn pr. linje"),
        ("lead", "999999", "Vælg en af"),
        ("minutes", "7", "Vælg en af"),
    ],
)
def test_what_cannot_be_an_appointment_is_told_at_its_field_and_kept(
    sqlite_app: Flask, field: str, typed: str, told: str
) -> None:
    candidacy = make_candidacy(make_business(), Stage.AGREED)
    client, new = enter(sqlite_app), f"/kandidater/{candidacy.id}/screening/ny"
    good = form_of(client, new, new) | {"day": "04-05-2016", "to_prepare": "Kun varmen"}
    answer = send(client, new, good | {field: typed})
    assert answer.status_code == 422
    assert told in errors(answer)
    assert "Kun varmen" in answer.get_data(as_text=True)
    assert page_of(answer).xpath(f"//*[@name='{field}' and @aria-invalid='true']")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Screening)) == 0


def test_nobody_has_two_parts_at_one_visit(sqlite_app: Flask) -> None:
    candidacy, screener = make_candidacy(make_business(), Stage.AGREED), make_screener()
    client, new = enter(sqlite_app), f"/kandidater/{candidacy.id}/screening/ny"
    good = form_of(client, new, new) | {"day": "04-05-2016", "lead": str(screener.id)}
    assert "Vælg en anden" in errors(send(client, new, good | {"second": str(screener.id)}))
    assert "screener selv" in errors(send(client, new, good | {f"observer_{screener.id}": "y"}))


def test_without_a_screener_it_is_agreed_and_said_to_be_missing(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.LONGLIST)
    client, new = enter(sqlite_app), f"/kandidater/{candidacy.id}/screening/ny"
    answer = send(client, new, form_of(client, new, new) | {"day": "04-05-2016"})
    told = client.get(answer.location).get_data(as_text=True)
    assert "Mangler: screener, vurderingen af egnethed." in told
    assert f"/kandidater/{candidacy.id}/vurdering" in told


def test_the_second_to_plan_is_led_to_the_first_ones_visit(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=SOON)
    client, new = enter(sqlite_app), f"/kandidater/{screening.candidacy_id}/screening/ny"
    assert client.get(new).location == f"/screeninger/{screening.id}"
    answer = send(client, new, {"day": "04-05-2016", "hour": "9", "minutes": "180", "lead": "", "second": ""})
    assert answer.status_code == 422
    assert "Der er allerede aftalt en screening" in errors(answer)


def test_two_change_one_appointment(sqlite_app: Flask) -> None:
    screening, lead = make_screening(starts_at=SOON), make_screener(name="Ida Prøve")
    path = f"/screeninger/{screening.id}/rediger"
    first, second = enter(sqlite_app), enter(sqlite_app)
    stale = form_of(second, path, path) | {"place": "Ved porten", "hour": "10"}
    ahead = form_of(first, path, path) | {"lead": str(lead.id), "hour": "8.15"}
    assert send(first, path, ahead).status_code == 303
    answer = send(second, path, stale)
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    for text in ("Ved porten", "Ida Prøve", "10:00", "08:15"):
        assert text in shown, text
    assert people(screening.id) == {(ScreeningRole.LEAD, "Ida Prøve")}
    again = next(form for form in page_of(answer).forms if form.action == path)
    # What the first changed and the second did not think of stays the first's, unless chosen otherwise.
    assert send(second, path, dict(again.form_values()) | {"place": "Ved porten", "hour": "10"}).status_code == 303
    kept = only(Screening)
    assert (kept.place, kept.starts_at.hour) == ("Ved porten", 8)
    assert people(screening.id) == {(ScreeningRole.LEAD, "Ida Prøve")}


def test_an_unchanged_form_of_a_changed_visit_changes_nothing(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=SOON, lead=make_screener(name="Ida Prøve"))
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}/rediger"
    before, there = only(Screening).place, people(screening.id)
    assert send(client, path, form_of(client, path, path)).status_code == 303
    assert (only(Screening).place, only(Screening).starts_at, people(screening.id)) == (before, SOON, there)


def test_who_is_down_for_it_can_be_kept_after_leaving(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=SOON, lead=make_screener(name="Ida Prøve", is_active=False))
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}/rediger"
    assert send(client, path, form_of(client, path, path) | {"place": "Ved porten"}).status_code == 303
    assert people(screening.id) == {(ScreeningRole.LEAD, "Ida Prøve")}


def test_called_off_with_a_reason_and_taken_back(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=SOON)
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}"
    empty = form_of(client, path, f"{path}/aflys")
    refused = send(client, f"{path}/aflys", empty)
    assert refused.status_code == 422 and "Skal udfyldes" in errors(refused)
    assert send(client, f"{path}/aflys", empty | {"reason": "Sygdom i produktionen"}).status_code == 303
    assert (only(Screening).state, only(Candidacy).stage) == (ScreeningState.CANCELLED, Stage.AGREED)
    shown = client.get(path).get_data(as_text=True)
    assert "Sygdom i produktionen" in shown and "Planlæg et nyt besøg" in shown
    late = send(client, f"{path}/gennemfoert", {"fra": "planned", "day": "25-04-2016"})
    assert late.status_code == 409
    assert client.get(f"{path}/rediger").status_code == 302


def test_what_was_written_at_a_visit_is_not_undone_with_its_appointment(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=SOON)
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}"
    action = next(f.action for f in page_of(client.get(path)).forms if "fortryd" in (f.action or ""))
    form = form_of(client, f"{path}/skema", f"{path}/skema") | {"theme:energy:relevance": "relevant"}
    assert send(client, f"{path}/skema", form).status_code == 303
    assert "fortryd" not in client.get(path).get_data(as_text=True)
    assert send(client, action, {}).status_code == 303
    assert only(Screening).is_hidden is False


def test_a_screener_holds_where_she_is_at_work_and_plans_nowhere(sqlite_app: Flask) -> None:
    user = make_user(RoleName.SCREENER, 849)
    client = sign_in(sqlite_app.test_client(), user)
    hers, other = make_screening(lead=make_screener(user)), make_screening()
    for screening in (hers, other):
        assert client.get(f"/screeninger/{screening.id}").status_code == 200
        assert client.get(f"/screeninger/{screening.id}/rediger").status_code == 403
        assert client.get(f"/kandidater/{screening.candidacy_id}/screening/ny").status_code == 403
        assert send(client, f"/screeninger/{screening.id}/aflys", {"reason": "x"}).status_code == 403
    data = {"fra": "planned", "day": "20-04-2016"}
    assert send(client, f"/screeninger/{other.id}/gennemfoert", data).status_code == 404
    assert send(client, f"/screeninger/{hers.id}/gennemfoert", data).status_code == 303
    assert "gennemfoert" not in client.get(f"/screeninger/{other.id}").get_data(as_text=True)
    partner = enter(sqlite_app, RoleName.PARTNER)
    assert partner.get("/screeninger").status_code == 403
    assert enter(sqlite_app, RoleName.LEADER, 851).get(f"/screeninger/{hers.id}").status_code == 404


def test_one_screener_at_two_places_at_once_is_told(sqlite_app: Flask) -> None:
    lead = make_screener(name="Ida Prøve")
    first = make_screening(lead=lead, starts_at=SOON)
    second = make_screening(lead=lead, starts_at=SOON + dt.timedelta(minutes=150))
    third = make_screening(lead=lead, starts_at=SOON + dt.timedelta(days=1))
    client = enter(sqlite_app)
    assert "er også aftalt hos" in client.get(f"/screeninger/{first.id}").get_data(as_text=True)
    assert second.business.name in client.get(f"/screeninger/{first.id}").get_data(as_text=True)
    assert "er også aftalt hos" not in client.get(f"/screeninger/{third.id}").get_data(as_text=True)


def test_the_flag_stands_before_the_number(sqlite_app: Flask) -> None:
    screening = make_screening(make_candidacy(make_business(is_ad_protected=True, phone="98211234"), Stage.AGREED))
    shown = enter(sqlite_app).get(f"/screeninger/{screening.id}").get_data(as_text=True)
    assert 0 < shown.index("Reklamebeskyttet") < shown.index("tel:")


def names_on(client: FlaskClient, query: str = "") -> list[str]:
    rows = page_of(client.get(f"/screeninger?aar=2016{query}")).xpath(
        "//table[contains(@class, 'visits')]/tbody/tr/th//a"
    )
    return [row.text_content() for row in rows]


def test_the_list_and_what_narrows_it(app: Flask) -> None:
    ida = make_screener(name="Ida Prøve")
    agreed = [make_candidacy(make_business(name), Stage.AGREED) for name in ("Først", "Snart", "Holdt", "Aflyst")]
    make_screening(agreed[1], starts_at=dt.datetime(2016, 5, 31, 21, 30, tzinfo=dt.UTC), lead=ida)
    make_screening(agreed[0], starts_at=SOON)
    make_screening(agreed[2], state=ScreeningState.HELD)
    make_screening(agreed[3], state=ScreeningState.CANCELLED)
    make_screening(make_candidacy(make_business("Langt væk", 851), Stage.AGREED), starts_at=SOON)
    client = enter(app)
    assert names_on(client)[:2] == ["Først", "Snart"]
    assert set(names_on(client)) == {"Først", "Snart", "Holdt", "Aflyst"}
    assert names_on(client, "&tilstand=held") == ["Holdt"]
    assert names_on(client, f"&screener={ida.id}") == ["Snart"]
    assert names_on(client, "&maaned=2016-05") == ["Først", "Snart"]  # 23.30 on 31 May in Denmark
    assert names_on(client, "&maaned=2016-06") == []
    assert names_on(client, "&uudfyldt=1") == ["Holdt"]
    assert names_on(client, "&q=snart") == ["Snart"]
    assert names_on(client, "&kommune=851") == []
    assert len(names_on(client, "&tilstand=xx&screener=x&maaned=2016-13")) == 4
    assert names_on(enter(app, RoleName.ADMINISTRATOR, None), "&kommune=851") == ["Langt væk"]


def test_the_list_counts_judged_themes_as_the_form_does(sqlite_app: Flask) -> None:
    from nbe.screenings.listing import make_rows
    from nbe.screenings.sync.queries import load_form
    from nbe.screenings.sync.rules import count_judged

    screening = make_screening(state=ScreeningState.HELD)
    client, path = enter(sqlite_app), f"/screeninger/{screening.id}/skema"
    form = form_of(client, path, path) | {
        "theme:energy:relevance": "relevant",
        "theme:water:relevance": "not_relevant",
        "theme:water:why_not": "Bruger intet vand",
    }
    assert send(client, path, form).status_code == 303
    kept = only(Screening)
    filled = load_form(kept)
    assert make_rows([kept])[0].judged == count_judged(filled.values(), filled.themes) == 2


def test_the_list_as_a_spreadsheet(sqlite_app: Flask) -> None:
    business = make_business("=Farlig A/S", case_number="24.10.07-G20-4-15")
    make_screening(make_candidacy(business, Stage.AGREED), make_screener(name="Ida Prøve"), starts_at=SOON)
    client = enter(sqlite_app)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/screeninger/eksport.xlsx?aar=2016").get_data()))
    heading, row = list(book.active.iter_rows(values_only=True))
    told = dict(zip(heading, row, strict=True))
    assert (told["Dato"], told["Klokken"], told["Screener"]) == (
        dt.datetime.combine(dt.date(2016, 5, 4), dt.time()),
        "09:00",
        "Ida Prøve",
    )
    assert told["Sagsnummer"] == "24.10.07-G20-4-15"
    text = client.get("/screeninger/eksport.csv?aar=2016").get_data().decode("utf-8-sig")
    assert text.count("\r\n") == 2 and "\n=" not in text and ";=" not in text


def test_pages_cost_the_same_for_one_and_for_many(sqlite_app: Flask) -> None:
    lead = make_screener()
    make_screening(lead=lead)
    client = enter(sqlite_app)

    def cost() -> int:
        with statements() as sent:
            assert client.get("/screeninger?aar=2016").status_code == 200
        return len(sent)

    cost()
    few = cost()
    for _ in range(25):
        make_screening(lead=lead)
    assert cost() == few


def test_a_visit_to_come_is_the_candidates_next_step(app: Flask) -> None:
    to_come = make_screening(starts_at=SOON)
    gone_by = make_screening(starts_at=dt.datetime(2016, 4, 20, 7, tzinfo=dt.UTC))
    client = enter(app)
    listed = client.get("/kandidater?aar=2016&uden_skridt=1").get_data(as_text=True)
    assert gone_by.business.name in listed and to_come.business.name not in listed
    board = page_of(client.get("/kandidater?aar=2016"))
    told = {card.xpath(".//a")[0].text_content(): card.text_content() for card in board.find_class("board-card")}
    assert "Screening den 04-05-2016" in told[to_come.business.name]
    assert "Intet næste skridt" not in told[to_come.business.name]
    assert "Intet næste skridt" in told[gone_by.business.name]
