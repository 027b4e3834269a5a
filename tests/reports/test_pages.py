"""The pages of a report, as author, second reader, leader and partner meet them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from nbe.core.database import db, writing
from nbe.models import User
from nbe.models.states import ReportState, RoleName, ScreeningState
from nbe.screenings.reports import actions
from tests.builders import make_screener, make_screening, make_user, sign_in
from tests.counting import statements
from tests.language.seen import DANISH, ENGLISH, read, strange, written_by_people
from tests.measures.test_pages import enter, errors, form_of, send
from tests.reports.stories import SECRETS, TODAY, bring_to, change_everything, make_case


def test_from_the_visit_to_the_handing_over(app: Flask) -> None:
    case = make_case()
    author, reader = (sign_in(app.test_client(), user) for user in (case.author, case.reader))
    start = f"/screeninger/{case.screening.id}/rapport"
    assert "Begynd rapporten" in author.get(start).get_data(as_text=True)
    edit = send(author, start, {}).location
    assert edit.endswith("/rediger")
    page = author.get(edit).get_data(as_text=True)
    assert page.count("Skriv intet fortroligt her") == 2
    typed = form_of(author, edit, edit) | {"introduction": "Vi kom", "conclusion": "Begynd med lyset"}
    assert send(author, edit, typed).status_code == 303
    show = edit.removesuffix("/rediger")
    ask = form_of(author, show, f"{show}/andenlaesning")
    assert "Vælg" in str(send(author, f"{show}/andenlaesning", ask | {"reader": ""}).get_data(as_text=True))
    assert send(author, f"{show}/andenlaesning", ask | {"reader": str(case.reader.id)}).status_code == 303
    assert case.report.state is ReportState.READING
    assert "Godkend rapporten" not in author.get(show).get_data(as_text=True)
    assert "dig" in reader.get("/rapporter?mine=1").get_data(as_text=True)
    back = form_of(reader, show, f"{show}/send-tilbage")
    assert "Skal udfyldes" in errors(send(reader, f"{show}/send-tilbage", back))
    approve = form_of(reader, show, f"{show}/godkend")
    assert send(reader, f"{show}/godkend", approve).status_code == 303
    hand = form_of(author, show, f"{show}/aflever")
    assert "Skal udfyldes" in errors(send(author, f"{show}/aflever", hand))
    assert send(author, f"{show}/aflever", hand | {"to": "Direktør Kvist"}).status_code == 303
    told = author.get(show).get_data(as_text=True)
    assert "Kandidaten er flyttet til Rapport afleveret" in told and "Begynd med lyset" in told
    assert case.report.state is ReportState.HANDED_OVER


def test_the_second_editor_is_shown_what_the_first_wrote(sqlite_app: Flask) -> None:
    case = make_case()
    path = f"/rapporter/{bring_to(case, 'draft').id}/rediger"
    one, two = (sign_in(sqlite_app.test_client(), user) for user in (case.author, case.reader))
    stale = form_of(two, path, path) | {"conclusion": "Min konklusion"}
    assert send(one, path, form_of(one, path, path) | {"conclusion": "Den første"}).status_code == 303
    answer = send(two, path, stale)
    assert answer.status_code == 409
    assert "Den første" in answer.get_data(as_text=True) and "Min konklusion" in answer.get_data(as_text=True)


def test_a_step_from_an_old_page_is_told(sqlite_app: Flask) -> None:
    case = make_case()
    show = f"/rapporter/{bring_to(case, 'handed over').id}"
    client = sign_in(sqlite_app.test_client(), case.reader)
    form = form_of(client, show, f"{show}/ret") | {"reason": "Et tal var forkert"}
    assert send(client, f"{show}/ret", form).status_code == 303
    again = send(client, f"{show}/ret", form | {"once": "", "reason": "Også en grund"})
    assert again.status_code == 409 and "En anden har ændret rapporten" in again.get_data(as_text=True)
    assert case.report.number == 2


@pytest.mark.parametrize("changed_later", [False, True])
def test_a_partner_reads_what_is_open_and_only_when_handed_over(sqlite_app: Flask, changed_later: bool) -> None:
    case = make_case()
    report = bring_to(case, "approved")
    partner = enter(sqlite_app, RoleName.PARTNER)
    paths = [
        f"/rapporter/{report.id}",
        f"/rapporter/{report.id}/udskriv/aaben",
        f"/screeninger/{case.screening.id}/rapport",
    ]
    assert [partner.get(path).status_code for path in paths] == [404] * 3
    assert "Der er ingen rapporter endnu" in partner.get("/rapporter").get_data(as_text=True)
    with writing():
        actions.hand_over(case.report, TODAY, "Direktør Kvist", user_id=case.author.id)
        db.session.commit()
    if changed_later:
        change_everything(case)
    for path in paths[:2]:
        text = partner.get(path).get_data(as_text=True)
        assert "Åben konklusion" in text and "Hurtigt forslag" in text and "fortrolige oplysninger er udeladt" in text
        kept_out = (*SECRETS, "Direktør Kvist", "Kontakt ", case.screening.business.cvr, "77.777", "Overskrevet")
        assert [word for word in kept_out if word in text] == []
    assert partner.get(f"/rapporter/{report.id}/udskriv/fuld").status_code == 403
    assert partner.get(f"/rapporter/{report.id}/rediger").status_code == 403
    elsewhere = enter(sqlite_app, RoleName.PARTNER, 851)
    assert elsewhere.get(f"/rapporter/{report.id}").status_code == 404
    assert "Prøve Mejeri" not in elsewhere.get("/rapporter").get_data(as_text=True)


def test_workers_see_what_is_confidential_and_that_it_is(sqlite_app: Flask) -> None:
    case = make_case()
    report = bring_to(case, "handed over")
    text = sign_in(sqlite_app.test_client(), case.reader).get(f"/rapporter/{report.id}").get_data(as_text=True)
    for secret in SECRETS:
        assert secret in text
    assert text.count("Fortroligt – offentlighedsloven § 30") == 3


def test_a_screener_writes_only_where_the_visit_is_hers(sqlite_app: Flask) -> None:
    case = make_case()
    report = bring_to(case, "draft")
    hers = sign_in(sqlite_app.test_client(), case.author)  # of 851, lent to this visit in 849
    assert hers.get(f"/rapporter/{report.id}/rediger").status_code == 200
    near = sign_in(sqlite_app.test_client(), make_user(RoleName.SCREENER, 849))
    assert near.get(f"/rapporter/{report.id}").status_code == 200  # reads in her own municipality
    assert near.get(f"/rapporter/{report.id}/rediger").status_code == 404
    assert send(near, f"/rapporter/{report.id}/andenlaesning", {"reader": "1"}).status_code == 404
    assert "Send til andenlæsning" not in near.get(f"/rapporter/{report.id}").get_data(as_text=True)
    far = sign_in(sqlite_app.test_client(), make_user(RoleName.SCREENER, 851))
    assert far.get(f"/rapporter/{report.id}").status_code == 404
    foreign = make_screening(lead=make_screener(), state=ScreeningState.HELD)
    assert send(hers, f"/screeninger/{foreign.id}/rapport", {}).status_code == 404


@pytest.mark.parametrize("language", ["da", "en"])
def test_pages_that_the_story_does_not_reach_are_in_one_language(
    sqlite_app: Flask, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    client = sign_in(sqlite_app.test_client(), case.author)
    send(client, "/sprog", {"language": language})
    planned = make_screening(lead=case.screening.people[0].screener)
    paths = [f"/screeninger/{place.id}/rapport" for place in (case.screening, planned)]
    pages = [client.get(path).get_data(as_text=True) for path in paths]
    edit = f"/rapporter/{bring_to(case, 'draft').id}/rediger"
    monkeypatch.setattr("nbe.screenings.reports.routes.can_write_pdf", lambda: False)
    pages += [client.get(path).get_data(as_text=True) for path in (edit, edit.replace("rediger", "fuld.pdf"))]
    known = written_by_people()
    for page in pages:
        said, texts = read(page)
        assert (said, strange(texts, {"da": ENGLISH, "en": DANISH}[language], known)) == (language, [])


def test_hostile_texts_are_texts(sqlite_app: Flask) -> None:
    case = make_case()
    report = bring_to(case, "draft")
    path = f"/rapporter/{report.id}/rediger"
    client = sign_in(sqlite_app.test_client(), case.author)
    nasty = "<script>alert(1)</script>{{ 7*7 }}<img src='http://evil.example/x.png'>"
    assert send(client, path, form_of(client, path, path) | {"conclusion": nasty}).status_code == 303
    for where in ("", "/udskriv/fuld"):
        text = client.get(f"/rapporter/{report.id}{where}").get_data(as_text=True)
        assert "<script>alert" not in text and "<img" not in text and "{{ 7*7 }}" in text


def test_a_cpr_number_is_refused_and_what_was_typed_kept(sqlite_app: Flask) -> None:
    case = make_case()
    path = f"/rapporter/{bring_to(case, 'draft').id}/rediger"
    client = sign_in(sqlite_app.test_client(), case.author)
    answer = send(client, path, form_of(client, path, path) | {"introduction": "Jens, 010180-1234"})
    assert answer.status_code == 422 and "CPR" in errors(answer)
    assert "Jens, 010180-1234" in answer.get_data(as_text=True)


def test_the_list_costs_the_same_for_one_and_for_many(sqlite_app: Flask) -> None:
    bring_to(make_case(), "handed over")
    client = enter(sqlite_app)

    def cost() -> int:
        with statements() as sent:
            assert client.get("/rapporter").status_code == 200
        return len(sent)

    cost()
    few = cost()
    for _ in range(4):
        bring_to(make_case(), "draft")
    assert cost() == few
    for question, rows in (("tilstand=draft", 4), ("aar=2016", 5), ("aar=1999", 0), ("kommune=851", 0), ("mine=1", 0)):
        page = client.get(f"/rapporter?{question}").get_data(as_text=True)
        assert len(re.findall(r'<th scope="row">', page)) == rows, question


def test_the_story_has_one_report_waiting_for_the_leader(story_app: Flask) -> None:
    leader = db.session.query(User).filter_by(email="leder.jammerbugt@example.dk").one()
    assert leader.municipality_code == 849
    from nbe.access import Viewer
    from nbe.screenings.reports.queries import ReportFilter, list_reports

    viewer = Viewer(leader.id, RoleName.LEADER, 849)
    page = list_reports(viewer, ReportFilter(is_mine=True), 1)
    assert [(row.report.state, row.is_mine) for row in page.rows] == [(ReportState.READING, True)]
