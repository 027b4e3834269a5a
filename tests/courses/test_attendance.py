"""Attendance on pages, the list on paper and as a spreadsheet, certificates as tagged PDF."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from nbe.core.database import db
from nbe.courses import actions
from nbe.courses.letters import link_of
from nbe.models import CourseDay, Mail, Participant, Screener, SeatExchange, Team
from nbe.models.gathering_states import MailState
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.states import RoleName
from tests.courses.making import change, make_team, sign_up
from tests.courses.test_pages import after, post, text_of, visit

Case = tuple[Team, list[int], FlaskClient, list[CourseDay]]


@pytest.fixture
def case(sqlite_app: Flask) -> Case:
    """A team on its second day, with two of 849 and one of 820; a leader of 849."""
    team = make_team(5, {849: None, 820: None}, place="Rådhuset")
    ids = [sign_up(team, name, code).participant.id for name, code in
           (("Åse Østergård", 849), ("Bo Krogh", 849), ("Dorthe Fremmed", 820))]  # fmt: skip
    sqlite_app.config["NBE_TODAY"] = "2016-05-11"
    return team, ids, visit(sqlite_app), list(team.days)


def shown_on(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="vist" value="([^"]*)"', client.get(path).get_data(as_text=True))
    assert found
    return unescape(found[1])


def state(person_id: int) -> P:
    db.session.rollback()
    return db.session.get_one(Participant, person_id).state


def test_a_day_is_ticked_for_ones_own_people_and_the_states_follow(case: Case) -> None:
    _team, (aase, bo, other), client, days = case
    paths = [f"/kurser/dage/{day.id}/fremmoede" for day in days]
    page = text_of(client.get(paths[0]))
    assert "Åse Østergård" in page and "Dorthe" not in page and "0 af 2 er kommet" in page
    ticks: dict[str, Any] = {f"p-{aase}": "ja", f"p-{bo}": "ja", f"p-{other}": "ja"}
    said = after(client, post(client, paths[0], **ticks, vist=shown_on(client, paths[0])))
    assert "Fremmødet er noteret for 2." in said and "2 af 2 er kommet" in said
    assert state(aase) is P.SIGNED_UP
    ticks = {f"p-{aase}": "ja", "resten": "1"}
    said = after(client, post(client, paths[1], **ticks, vist=shown_on(client, paths[1])))
    assert "Uddannet og klar til at screene: Åse Østergård." in said
    assert (state(aase), state(bo), state(other)) == (P.ATTENDED, P.PARTLY, P.SIGNED_UP)
    assert db.session.scalars(sa.select(Screener.name)).all() == ["Åse Østergård"]
    assert "intet at gemme" in after(client, post(client, paths[1], vist=shown_on(client, paths[1])))


def test_a_day_to_come_is_not_ticked(case: Case) -> None:
    _team, (aase, *_others), client, days = case
    client.application.config["NBE_TODAY"] = "2016-05-10"
    path = f"/kurser/dage/{days[1].id}/fremmoede"
    assert "kan noteres fra dagen selv" in text_of(client.get(path))
    answer = post(client, path, **{f"p-{aase}": "ja"})
    assert answer.status_code == 422 and "ikke kommet endnu" in text_of(answer)


def test_the_second_who_ticks_sees_what_the_first_ticked(case: Case) -> None:
    _team, (aase, bo, _other), client, days = case
    path = f"/kurser/dage/{days[0].id}/fremmoede"
    seen = shown_on(client, path)
    after(client, post(client, path, **{f"p-{aase}": "ja"}, vist=seen))
    answer = post(client, path, **{f"p-{aase}": "nej", f"p-{bo}": "ja"}, vist=seen)
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Åse Østergård" in said and "kom ikke" in said and "Bo Krogh" not in said
    page = answer.get_data(as_text=True)
    kept = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}
    assert kept[f"p-{bo}"] == "ja"
    kept.pop("csrf_token")
    after(client, post(client, path, **{**kept, f"p-{aase}": "nej"}))
    db.session.rollback()
    marks = actions.marks_of(days[0].team_id, [aase, bo])
    assert (marks[aase][days[0].id].was_there, marks[bo][days[0].id].was_there) == (False, True)
    # Who ticks somebody else meanwhile is in nobody's way.
    seen = shown_on(client, path)
    after(client, post(client, path, **{f"p-{aase}": "ja", f"p-{bo}": "ja"}, vist=seen))
    after(client, post(client, path, **{f"p-{aase}": "nej", f"p-{bo}": "nej"}, vist=seen))
    db.session.rollback()
    marks = actions.marks_of(days[0].team_id, [aase, bo])
    assert (marks[aase][days[0].id].was_there, marks[bo][days[0].id].was_there) == (True, False)


def test_the_list_on_paper_has_a_box_for_each_day(case: Case) -> None:
    team, _ids, client, _days = case
    page = client.get(f"/kurser/hold/{team.id}/liste").get_data(as_text=True)
    assert page.count('class="print-box"') == 4 and "Underskrift" in page and "Dorthe" not in page
    every = visit(client.application, RoleName.ADMINISTRATOR).get(f"/kurser/hold/{team.id}/liste")
    assert every.get_data(as_text=True).count('class="print-box"') == 6


def test_the_spreadsheet_has_a_cross_for_each_day(case: Case) -> None:
    team, (aase, bo, _other), client, days = case
    change(lambda: actions.mark_day(days[0], {aase: True, bo: False}, user_id=None))
    file = io.BytesIO(client.get(f"/kurser/hold/{team.id}/deltagere.xlsx").data)
    (sheet,) = openpyxl.load_workbook(file)
    rows = list(sheet.iter_rows(values_only=True))
    told = [f"Dag {day.number} ({day.held_on:%d-%m-%Y})" for day in days]
    assert rows[0][:8] == ("Navn", "Kommune", "E-mail", "Stilling", *told, "Kursusbevis", "Status")
    # Day 2 is today and not noted yet: a cross would say that they came.
    assert [row[:6] for row in rows[1:]] == [
        ("Bo Krogh", "Jammerbugt", "bo.krogh@example.dk", None, "nej", "tilmeldt"),
        ("Åse Østergård", "Jammerbugt", "åse.østergård@example.dk", None, "x", "tilmeldt"),
    ]
    text = client.get(f"/kurser/hold/{team.id}/deltagere.csv").data.decode("utf-8-sig")
    assert "Åse Østergård;Jammerbugt" in text and "Dorthe" not in text


def test_certificates_are_issued_and_read_as_tagged_pdf(case: Case) -> None:
    team, (aase, bo, other), client, days = case
    for day in days:
        change(lambda day=day: actions.mark_day(day, {aase: True, bo: day.number == 1, other: True}, user_id=None))
    path = f"/kursister/{aase}"
    assert client.get(f"{path}/bevis.pdf").status_code == 404
    assert "1 bevis er udstedt." in after(client, post(client, f"/kurser/hold/{team.id}/beviser"))
    assert (state(aase), state(bo), state(other)) == (P.CERTIFIED, P.PARTLY, P.ATTENDED)
    answer = client.get(f"{path}/bevis.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.data))
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "da" and catalog["/MarkInfo"]["/Marked"] and len(reader.pages) == 1
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for part in ("Åse Østergård", "Jammerbugt Kommune", "10. maj 2016", f"NBE-2016-849-{aase:05d}", "11. maj 2016"):
        assert part in text
    link = re.sub(r"^https?://[^/]+", "", link_of(db.session.get_one(Participant, aase)))
    anonymous = client.application.test_client()
    assert "Hent dit kursusbevis" in text_of(anonymous.get(link))
    assert anonymous.get(f"{link}/bevis.pdf").mimetype == "application/pdf"
    assert client.get(f"/kurser/hold/{team.id}/beviser.pdf").mimetype == "application/pdf"
    assert "Send beviserne" in text_of(client.get(f"/kurser/hold/{team.id}"))
    letter = text_of(client.get(post(client, f"/kurser/hold/{team.id}/beviser/skriv").location))
    assert "Dit kursusbevis er klar" in letter and link in letter and "Bo Krogh" not in letter
    assert db.session.scalars(sa.select(Mail.state)).all() == [MailState.DRAFT], "a person reads and sends it"
    said = after(client, post(client, f"{path}/bevis/traek"))
    assert "trukket tilbage" in said and state(aase) is P.ATTENDED
    assert anonymous.get(f"{link}/bevis.pdf").status_code == 404
    assert "alle dage" in after(client, post(client, f"/kursister/{bo}/bevis"))
    assert client.get(f"/kursister/{other}/bevis.pdf").status_code == 404


def test_a_trained_person_is_shown_as_a_screener(case: Case) -> None:
    _team, (aase, *_rest), client, days = case
    for day in days:
        change(lambda day=day: actions.mark_day(day, {aase: True}, user_id=None))
    page = client.get(f"/kursister/{aase}").get_data(as_text=True)
    screener = db.session.scalars(sa.select(Screener)).one()
    assert f'/ressourcer/screenere/{screener.id}"' in page
    assert "uddannet den 11-05-2016" in unescape(page)


def test_a_finished_team_offers_nothing_that_is_over(case: Case) -> None:
    team, (aase, *_rest), client, _days = case
    path, person = f"/kurser/hold/{team.id}", f"/kursister/{aase}"
    over = ("Tilmeld en medarbejder", "Bekræft")
    assert all(words in text_of(client.get(path)) for words in over)
    client.application.config["NBE_TODAY"] = "2016-05-12"
    assert not any(words in text_of(client.get(path)) for words in over)
    assert "Bekræft" not in text_of(client.get(person)) and "Send nyt link" in text_of(client.get(person))
    assert "Kurset er slut" in text_of(post(client, f"{path}/tilmeld", name="Erik Juhl"))
    assert "Kurset er slut" in after(client, post(client, f"{person}/bekraeft"))
    assert state(aase) is P.SIGNED_UP
    change(lambda: setattr(db.session.get_one(Participant, aase), "email", ""))
    assert "Send nyt link" not in text_of(client.get(person))


def test_seats_are_not_offered_once_the_course_has_begun(sqlite_app: Flask) -> None:
    team = make_team(5, {849: 2, 820: None})
    client, path = visit(sqlite_app), f"/kurser/hold/{team.id}"
    assert "Tilbyd pladser, I ikke bruger" in text_of(client.get(path))
    sqlite_app.config["NBE_TODAY"] = "2016-05-10"
    assert "Tilbyd pladser, I ikke bruger" not in text_of(client.get(path))
    answer = post(client, f"{path}/pladser", modtager="", antal="1")
    assert answer.status_code == 422 and db.session.scalars(sa.select(SeatExchange)).all() == []
