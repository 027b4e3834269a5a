"""The import pages: upload, dry run, columns by hand, loading, undo."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.ledger.queries import differences
from nbe.models import Business, HeadingChoice, ImportRow, ImportRun
from nbe.models.states import ImportState, RoleName
from tests.builders import csrf_of, make_user, sign_in

DATA = Path(__file__).parent.parent / "data"
BOOK = DATA / "kandidatliste-2016.xlsx"
LIST = DATA / "kandidatliste-jammerbugt.csv"


def upload(client: FlaskClient, content: bytes, name: str, year: str = "2016", **more: str) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), "year": year, "csrf_token": csrf_of(client, "/import"), **more}
    return client.post("/import", data=data, content_type="multipart/form-data")


def press(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, "/import"), **data})


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_from_file_to_rows_and_back(admin: FlaskClient) -> None:
    answer = upload(admin, BOOK.read_bytes(), "kandidatliste-2016.xlsx")
    assert answer.status_code == 303
    page = admin.get(answer.location).get_data(as_text=True)
    assert "Indlæs de 104 gode rækker" in page
    assert "31-02-2016" in page
    assert "Gentager række 8" in page
    assert "Læses som kursister" in page and "Læses som tilmeldte" in page
    assert count(Business) == 0

    assert press(admin, f"{answer.location}/indlaes").status_code == 303
    assert count(Business) == 84
    assert press(admin, f"{answer.location}/indlaes").status_code == 303
    assert count(Business) == 84
    page = admin.get(answer.location).get_data(as_text=True)
    assert "Fortryd indlæsningen" in page
    assert differences() == []

    assert press(admin, f"{answer.location}/fortryd").status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).where(Business.is_hidden.is_(False))) == 0
    assert differences() == []
    assert "Fortrudt" in admin.get(answer.location).get_data(as_text=True)


def test_a_sheet_that_is_not_read_is_said_without_opening_anything(admin: FlaskClient) -> None:
    book = openpyxl.load_workbook(BOOK)
    book.create_sheet("Noter").append(["Husk", "Ring til Aage"])
    file = io.BytesIO()
    book.save(file)
    page = admin.get(upload(admin, file.getvalue(), BOOK.name).location).get_data(as_text=True)
    assert page.index("Noter</strong>: ikke læst") < page.index("Sådan er filen læst")


def test_warnings_and_changes_have_their_own_lists(admin: FlaskClient) -> None:
    first = upload(admin, LIST.read_bytes(), LIST.name)
    press(admin, f"{first.location}/indlaes")
    changed = LIST.read_bytes().replace(
        b"Moseby Mejeri P/S;92447944;0849;80,0", b"Moseby Mejeri P/S;92447944;0849;81,0"
    )
    changed = changed.replace(b";Kontaktet", b";Bruttoliste")
    second = upload(admin, changed, LIST.name)
    page = admin.get(f"{second.location}?vis=aendringer").get_data(as_text=True)
    assert "80 bliver til 81" in page
    page = admin.get(f"{second.location}?vis=advarsler").get_data(as_text=True)
    assert "er ikke flyttet tilbage" in page


def test_bad_rows_come_back_as_a_spreadsheet(admin: FlaskClient) -> None:
    from nbe.core.sheets import open_table_file

    answer = upload(admin, BOOK.read_bytes(), BOOK.name)
    sheet = admin.get(f"{answer.location}/fejlraekker.xlsx")
    rows = open_table_file(sheet.data, "fejl.xlsx").sheets[0].rows
    assert len(rows) == 5
    assert rows[0][-1] == "Fejl"
    assert "Mailadressen er ikke skrevet rigtigt" in rows[4][-1]
    assert "Datoen kan ikke læses" in rows[4][-1]
    # Corrected, they go in.
    again = upload(admin, sheet.data, "fejl.xlsx")
    assert "CVR-nummeret findes ikke" in admin.get(again.location).get_data(as_text=True)


def test_columns_by_hand_are_remembered(admin: FlaskClient) -> None:
    text = "Hvem;Nummer;Kommune;Hvordan\r\nPrøve Mejeri;13585628;Jammerbugt;Kontaktet\r\n".encode()
    answer = upload(admin, text, "liste.csv")
    assert "Ingen rækker er læst" in admin.get(answer.location).get_data(as_text=True)
    page = admin.get(f"{answer.location}/kolonner").get_data(as_text=True)
    assert "Hvordan" in page
    wrong = press(
        admin, f"{answer.location}/kolonner", year="2016", **{"ark-0": "1", "felt-0-0": "cvr", "felt-0-1": "cvr"}
    )
    assert wrong.status_code == 422
    chosen = {"ark-0": "1", "felt-0-0": "name", "felt-0-1": "cvr", "felt-0-2": "municipality", "felt-0-3": "stage"}
    assert press(admin, f"{answer.location}/kolonner", year="2016", **chosen).status_code == 303
    assert "Indlæs den gode række" in admin.get(answer.location).get_data(as_text=True)
    press(admin, f"{answer.location}/indlaes")
    assert count(Business) == 1
    assert count(HeadingChoice) >= 3
    again = upload(admin, text.replace(b"13585628", b"27355021"), "liste2.csv")
    assert "Indlæs den gode række" in admin.get(again.location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "gammel.xls", "gamle Excel-format"),
        (b"%PDF-1.7 tekst; tekst", "liste.pdf", "ikke et regneark"),
        (b"PK\x03\x04 not a zip", "liste.xlsx", "beskadiget"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "billede.png", "ikke et regneark"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(admin: FlaskClient, content: bytes, name: str, words: str) -> None:
    answer = upload(admin, content, name)
    assert answer.status_code == 303
    assert words in admin.get(answer.location).get_data(as_text=True)
    db.session.rollback()
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert run.state is ImportState.REFUSED
    assert run.content is None
    assert count(ImportRow) == 0


def test_what_people_wrote_is_kept_no_longer_than_it_is_needed(admin: FlaskClient) -> None:
    answer = upload(admin, BOOK.read_bytes(), BOOK.name)
    db.session.rollback()
    run = db.session.scalars(sa.select(ImportRun)).one()
    sample = next(iter(run.counts["sheets"][0]["header"]["samples"][0]))
    assert sample and sample in admin.get(f"{answer.location}/kolonner").get_data(as_text=True)
    assert "Overgaard" not in str(run.counts), "no samples of sheets whose columns are not chosen by hand"
    assert press(admin, f"{answer.location}/drop").status_code == 303
    assert count(ImportRow) == 0
    assert db.session.scalars(sa.select(ImportRun)).one().counts is None
    assert admin.get(answer.location).status_code == 200
    loaded = upload(admin, BOOK.read_bytes(), BOOK.name)
    press(admin, f"{loaded.location}/indlaes")
    db.session.rollback()
    run = db.session.get_one(ImportRun, int(loaded.location.rsplit("/", 1)[1]))
    assert sample not in str(run.counts)


@pytest.mark.parametrize("year", ["0020160", "20160", "1999", "", "tyve"])
def test_a_year_that_is_none_is_refused(admin: FlaskClient, year: str) -> None:
    answer = upload(admin, LIST.read_bytes(), LIST.name)
    chosen = {"ark-0": "1", "felt-0-1": "cvr"}
    assert press(admin, f"{answer.location}/kolonner", year="2016", **chosen).status_code == 303
    assert press(admin, f"{answer.location}/kolonner", year=year, **chosen).status_code == 422


def test_no_file_and_an_empty_file_say_so(admin: FlaskClient) -> None:
    assert "Vælg en fil" in upload(admin, b"", "").get_data(as_text=True)
    answer = upload(admin, b"", "tom.xlsx")
    assert answer.status_code == 422
    assert "Filen er tom" in answer.get_data(as_text=True)
    assert count(ImportRun) == 0


def test_a_leader_loads_her_own_rows_alone(app: Flask) -> None:
    leader = sign_in(app.test_client(), make_user(RoleName.LEADER, 849))
    answer = upload(leader, BOOK.read_bytes(), BOOK.name)
    page = leader.get(answer.location).get_data(as_text=True)
    assert "hører til en anden kommune" in page
    press(leader, f"{answer.location}/indlaes")
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Business.municipality_code))) == {849}
    assert differences() == []


def test_another_municipality_s_import_does_not_exist(app: Flask) -> None:
    users = make_user(RoleName.LEADER, 849), make_user(RoleName.LEADER, 851)
    one, other = (sign_in(app.test_client(), user) for user in users)
    answer = upload(one, LIST.read_bytes(), LIST.name)
    for path in ("", "/kolonner", "/fremdrift", "/fejlraekker.xlsx"):
        assert other.get(answer.location + path).status_code == 404
    for path in ("/indlaes", "/fortryd", "/igen", "/drop", "/kolonner"):
        assert press(other, answer.location + path).status_code == 404
    assert answer.location not in other.get("/import").get_data(as_text=True)
    assert re.search(r"/import/\d+", one.get("/import").get_data(as_text=True))
