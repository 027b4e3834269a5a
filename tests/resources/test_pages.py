"""Ressourcer as a leader, a screener, a partner and the secretariat meet it."""

from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import LedgerRow, Pledge, ScreeningPerson
from nbe.models.states import LedgerKind, RoleName, ScreeningRole, ScreeningState, Stage
from nbe.resources.queries import standing_of
from tests.builders import (
    csrf_of,
    make_business,
    make_candidacy,
    make_pledge,
    make_programme,
    make_screener,
    make_screening,
)
from tests.counting import statements
from tests.resources.visits import PAGE, enter, filled, form_of, send, text_of, undo_of, words

MAY, JUNE = dt.date(2016, 5, 1), dt.date(2016, 6, 1)


def stored() -> dict[tuple[int, dt.date], Decimal]:
    db.session.rollback()
    return {(p.screener_id, p.month_on): p.hours for p in db.session.scalars(sa.select(Pledge)) if p.hours}


def make_suitable(number: int, code: int = 849) -> None:
    for _ in range(number):
        make_candidacy(make_business(municipality=code), Stage.SUITABLE)


def test_the_table_is_saved_in_one_go_and_taken_back(app: Flask) -> None:
    make_programme()
    ada, bo = make_screener(name="Ada Screener"), make_screener(name="Bo Screener")
    make_pledge(ada, 15, MAY)
    client = enter(app)
    assert "På plads til 0 af 5 forløb: 15 af 150 timer" in words(client)
    typed = form_of(client, PAGE) | {
        f"p{ada.id}-m201605": "22,5",
        f"p{bo.id}-m201606": " 45 ",
        f"p{bo.id}-m201607": "0",
    }
    assert send(client, PAGE, typed).status_code == 303
    assert stored() == {(ada.id, MAY): Decimal("22.5"), (bo.id, JUNE): Decimal(45)}
    assert "På plads til 2 af 5 forløb: 67,5 af 150 timer" in words(client)
    rows = db.session.scalars(sa.select(LedgerRow).where(LedgerRow.kind == LedgerKind.HOURS)).all()
    assert [(row.from_code, row.to_code) for row in rows] == [("0", "15"), ("15", "22.5"), ("0", "45")]
    assert "fra 15 til 22,5 timer" in words(client, "/historik")
    send(client, PAGE, form_of(client, PAGE) | {f"p{ada.id}-m201605": "23"})
    undo = undo_of(client, "/ressourcer")
    assert send(client, undo, {}).status_code == 303
    assert stored()[(ada.id, MAY)] == Decimal("22.5")
    send(client, undo, {})
    assert "kan ikke fortrydes" in words(client)
    assert stored()[(ada.id, MAY)] == Decimal("22.5")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mange", "Skriv timer som et tal, fx 7,5."),
        ("-1", "Skriv timer fra 0 til 160,33."),
        ("161", "Skriv timer fra 0 til 160,33."),
        ("7,555", "Skriv højst to decimaler."),
        ("7.5", "Skriv timer som et tal, fx 7,5."),
    ],
)
def test_what_is_no_number_of_hours_is_refused_at_its_field(sqlite_app: Flask, typed: str, said: str) -> None:
    make_programme()
    screener = make_screener(name="Ada Screener")
    client = enter(sqlite_app)
    name = f"p{screener.id}-m201605"
    answer = send(client, PAGE, form_of(client, PAGE) | {name: typed, f"p{screener.id}-m201606": "8"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text_of(page) and f'href="#{name}"' in page and f'id="{name}-error"' in page
    kept = filled(page, PAGE)
    assert (kept[name], kept[f"p{screener.id}-m201606"]) == (typed, "8")
    assert stored() == {}


def test_the_second_sees_what_the_first_changed_and_chooses(app: Flask) -> None:
    make_programme()
    ada, bo = make_screener(name="Ada Screener"), make_screener(name="Bo Screener")
    make_pledge(ada, 15, MAY)
    first, second = enter(app), enter(app, RoleName.ADMINISTRATOR, None)
    mine = form_of(second, PAGE)
    send(first, PAGE, form_of(first, PAGE) | {f"p{ada.id}-m201605": "20", f"p{bo.id}-m201605": "9"})
    answer = send(second, PAGE, mine | {f"p{ada.id}-m201605": "30", f"p{ada.id}-m201606": "5"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    said = text_of(page)
    assert "Ada Screener, maj 2016" in said and "Gemt nu: 20" in said and "Dit: 30" in said
    assert "Bo Screener" not in said  # left alone by the second
    assert stored() == {(ada.id, MAY): Decimal(20), (bo.id, MAY): Decimal(9)}
    assert send(second, PAGE, filled(page, PAGE) | {f"p{ada.id}-m201605": "30"}).status_code == 303
    assert stored() == {(ada.id, MAY): Decimal(30), (ada.id, JUNE): Decimal(5), (bo.id, MAY): Decimal(9)}


def test_of_many_who_fill_in_the_same_empty_month_one_wins(app: Flask) -> None:
    make_programme()
    ada = make_screener(name="Ada Screener").id
    clients = [enter(app) for _ in range(4)]
    forms = [form_of(client, PAGE) | {"csrf_token": csrf_of(client, "/konto")} for client in clients]
    start = Barrier(len(clients))

    def save(number: int) -> int:
        start.wait()
        return clients[number].post(PAGE, data=forms[number] | {f"p{ada}-m201605": str(10 + number)}).status_code

    db.session.rollback()
    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = list(pool.map(save, range(len(clients))))
    assert sorted(statuses) == [303, 409, 409, 409]
    assert stored() == {(ada, MAY): Decimal(10 + statuses.index(303))}


def test_the_warning_says_what_the_suitable_lack(app: Flask) -> None:
    programme = make_programme()
    make_pledge(make_screener(), 60, MAY)
    client = enter(app)
    make_suitable(2)
    assert "egnede, timer til" not in words(client)
    make_suitable(1)
    assert "3 egnede, timer til 2 mangler 30 timer" in words(client)
    make_suitable(2, 851)
    assert "Flere egnede end timer i 2 kommuner mangler 90 timer" in words(client, "/ressourcer?kommune=")
    with app.app_context():
        every = standing_of(programme, dt.date(2016, 4, 25), None)
    assert (every.suitable, every.hours_short, every.places_short) == (5, 90, 2)


def test_hours_beyond_the_target_are_enough_for_more_suitable(sqlite_app: Flask) -> None:
    make_programme()
    make_suitable(6)
    screener = make_screener()
    for month in (5, 6):
        make_pledge(screener, 90, dt.date(2016, month, 1))
    said = words(enter(sqlite_app))
    assert "På plads til 5 af 5 forløb: 180 af 150 timer" in said
    assert "egnede, timer til" not in said


def test_a_screener_is_added_tied_to_an_account_and_taken_out_of_use(app: Flask) -> None:
    from tests.builders import make_user

    make_programme()
    client, account = enter(app), make_user(RoleName.SCREENER, 849)
    elsewhere = make_user(RoleName.SCREENER, 851)
    new = "/ressourcer/849/screenere/ny"
    page = client.get(new).get_data(as_text=True)
    assert account.name in page and elsewhere.name not in page
    typed = form_of(client, new) | {
        "name": "",
        "email": "ada(at)example.dk",
        "trained_on": "01-05-2016",
        "title": "Miljø",
    }
    refused = send(client, new, typed)
    said = text_of(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "Skal udfyldes." in said and "Skriv en mailadresse" in said and "Datoen ligger i fremtiden." in said
    assert 'value="Miljø"' in refused.get_data(as_text=True)
    typed |= {"name": "Ada Screener", "email": "ada@example.dk", "trained_on": "01-04-2016", "user_id": str(account.id)}
    assert send(client, new, typed).status_code == 303
    said = words(client)
    assert "Ada Screener" in said and "ada@example.dk" in said and "01-04-2016" in said and account.name in said
    assert account.name not in client.get(new).get_data(as_text=True)  # nobody else can be the same
    taken = send(client, new, typed | {"name": "Bo Screener"})
    assert taken.status_code == 422
    one = client.get("/ressourcer").get_data(as_text=True)
    edit = next(p for p in one.split('"') if p.startswith("/ressourcer/screenere/") and p.split("/")[-1].isdigit())
    assert form_of(client, edit)["user_id"] == str(account.id)
    assert send(client, edit + "/tag-ud", {}).status_code == 303
    undo = undo_of(client, "/ressourcer")
    assert "Lovede timer Ingen screenere endnu" in words(client)
    assert send(client, undo, {}).status_code == 303
    assert "Ingen screenere endnu" not in words(client)
    assert "rettede en screener: i brug" in words(client, "/historik")


def test_two_on_one_screener(app: Flask) -> None:
    make_programme()
    screener = make_screener(name="Ada Screener")
    path = f"/ressourcer/screenere/{screener.id}"
    first, second = enter(app), enter(app)
    mine = form_of(second, path)
    send(first, path, form_of(first, path) | {"title": "Biolog"})
    answer = send(second, path, mine | {"title": "Ingeniør", "email": "ada@example.dk"})
    assert answer.status_code == 409
    assert "Biolog" in answer.get_data(as_text=True) and "Ingeniør" in answer.get_data(as_text=True)


def test_who_has_observed_a_screening(sqlite_app: Flask) -> None:
    make_programme()
    lead, pupil = make_screener(name="Ada Screener"), make_screener(name="Bo Screener")
    screening = make_screening(lead=lead, state=ScreeningState.HELD)
    planned = make_screening(lead=lead)
    for visit in (screening, planned):
        db.session.add(ScreeningPerson(screening_id=visit.id, role=ScreeningRole.OBSERVER, screener_id=pupil.id))
    db.session.commit()
    said = words(enter(sqlite_app))
    assert "1 screening, senest 20-04-2016" in said and "2 screeninger" not in said


def test_who_sees_people_and_who_figures(sqlite_app: Flask) -> None:
    make_programme()
    make_pledge(make_screener(name="Ada Screener"), 60, MAY)
    make_pledge(make_screener(name="Lone Screener", municipality=851), 60, MAY)
    partner, screener = enter(sqlite_app, RoleName.PARTNER), enter(sqlite_app, RoleName.SCREENER)
    assert "På plads til 2 af 5 forløb" in words(partner)
    assert "Ada Screener" in words(screener)
    assert "Gem timer" not in words(screener)
    for path in ("/ressourcer", "/ressourcer?kommune=851", "/ressourcer?kommune="):
        assert "Screener" not in words(partner, path).replace("Screenere", "")
        assert "Lone" not in words(screener, path)
    assert partner.get(PAGE).status_code == 403
    assert screener.get("/ressourcer/2016/851").status_code == 404
    assert send(enter(sqlite_app), "/ressourcer/2016/851", {}).status_code == 404
    assert "Lone Screener" in words(enter(sqlite_app, RoleName.ADMINISTRATOR, None), "/ressourcer?kommune=851")


def test_the_spreadsheets(sqlite_app: Flask) -> None:
    make_programme()
    screener = make_screener(name="=Ada")
    make_pledge(screener, "7.5", MAY)
    leader, partner = enter(sqlite_app), enter(sqlite_app, RoleName.PARTNER)
    book = openpyxl.load_workbook(io.BytesIO(leader.get("/ressourcer/eksport.xlsx").data))
    assert book.sheetnames == ["Timer", "Screenere", "Dækning"]
    head, row = list(book["Timer"].values)[:2]
    assert (row[0], row[head.index("maj 2016")], row[-1]) == ("=Ada", 7.5, 7.5)
    assert book["Timer"]["A2"].data_type == "s"
    csv = leader.get("/ressourcer/eksport.csv").get_data().decode("utf-8-sig")
    assert "7,5" in csv and "'=Ada" in csv
    shared = partner.get("/ressourcer/eksport.csv?kommune=").get_data().decode("utf-8-sig")
    assert "Ada" not in shared and len(shared.splitlines()) == 12
    assert openpyxl.load_workbook(io.BytesIO(partner.get("/ressourcer/eksport.xlsx").data)).sheetnames == ["Dækning"]


def test_no_programme_and_nonsense_are_no_crash(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    assert client.get("/ressourcer").status_code == 200
    assert client.get("/ressourcer/eksport.csv").status_code == 404
    make_programme()
    for path in ("?kommune=999", "?aar=1999", "?kommune=x&aar=y", "?kommune=00849"):
        assert client.get("/ressourcer" + path).status_code == 200
    assert client.get("/ressourcer/2016/999").status_code == 404
    assert client.get("/ressourcer/99999999999/849").status_code == 404


def test_a_row_more_costs_no_statement_more(sqlite_app: Flask) -> None:
    make_programme()
    make_pledge(make_screener(), 10, MAY)
    client = enter(sqlite_app)

    def cost() -> int:
        with statements() as sent:
            client.get("/ressourcer")
        return len(sent)

    cost()
    few = cost()
    for month in range(1, 9):
        make_pledge(make_screener(), 10, dt.date(2016, month, 1))
    assert cost() == few
