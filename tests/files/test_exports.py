"""Exports are safe and true: nothing in them runs, every name comes back, and loaded again they change nothing."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.database import db, writing
from nbe.core.sheets import Column, SheetOut, guard, open_table_file, unguard, write_csv, write_xlsx
from nbe.core.text import clean
from nbe.imports.whole import import_file
from nbe.ledger.queries import differences
from nbe.models import Business, Candidacy, Contact
from nbe.models.states import CloseReason, RoleName, Source, Stage, Verdict
from tests.builders import make_business, make_candidacy, make_member, make_user, sign_in
from tests.conftest import build
from tests.files.names import NAMES, cells_of_csv, formulas_and_links, live_cells
from tests.imports.files import counts
from tests.sizes import size

CANDIDATES = ("/kandidater/eksport.{kind}?aar=2016", "/kandidater/eksport.{kind}?aar=2016&trin=lukkede")
PAGES = ("/virksomheder/eksport.{kind}?aar=2016", *CANDIDATES)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
RISKY = st.text(st.sampled_from("=+-@'|\t\r\n ＝＋－＠\u00a0\u3000aø1;\""), max_size=8)


@settings(max_examples=size(20_000))
@given(st.one_of(TEXT, RISKY))
def test_a_guarded_cell_does_not_run_and_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert live_cells([[guard(text)]]) == []
    assert guard(text) == text or guard(text) == "'" + text


@settings(max_examples=size(5_000))
@given(st.lists(st.one_of(TEXT, RISKY).map(clean).filter(bool), min_size=2, max_size=5))
def test_cleaned_text_comes_back_from_both_kinds(row: list[str]) -> None:
    columns = [Column(f"Kolonne {place}") for place in range(len(row))]
    out = io.BytesIO()
    write_xlsx(out, [SheetOut("Ark", columns, [row])])
    for content in (out.getvalue(), b"".join(write_csv(columns, [row]))):
        (sheet,) = open_table_file(content, "x").sheets
        assert [clean(cell) for cell in sheet.rows[1]] == row


def fill() -> list[str]:
    """A candidate of each name, as it is after the door; -> the names."""
    stages = [Stage.LONGLIST, Stage.CONTACTED, Stage.SUITABLE, Stage.SCREENED, Stage.CLOSED]
    names = [clean(name).replace("\n", " ") for name in NAMES]
    for place, name in enumerate(names):
        stage = stages[place % len(stages)]
        reason = CloseReason.POSTPONED if stage is Stage.CLOSED else None
        business = make_business(name, employees=place, phone="+46812345678", note="", town=name[:100], address=name)
        candidacy = make_candidacy(
            business, stage, reason=reason, verdict=Verdict.SUITABLE if stage is Stage.SUITABLE else None
        )
        if place % 3 == 0:
            make_member(business, dt.date(2016, 1, 1 + place % 28))
        with writing():
            db.session.rollback()
            found = db.session.get_one(Candidacy, candidacy.id)
            found.next_step, found.next_step_on = clean(name)[:300], dt.date(2016, 5, 1)
            found.source, found.screener_name = Source.NETWORK, name[:120]
            found.postponed_to_year = 2017 if reason else None
            db.session.scalars(sa.select(Contact).where(Contact.business_id == business.id)).one().name = name
            db.session.commit()
    make_business("Kun virksomhed A/S", p_number="1003388394", email="a@example.dk", website="www.example.dk")
    return names


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def exported(client: FlaskClient, page: str, kind: str) -> bytes:
    answer = client.get(page.format(kind=kind), buffered=True)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def command_export(app: Flask, path: Path) -> bytes:
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["export", str(path), "--programme", "2016"])
    assert done.exit_code == 0, done.output
    return path.read_bytes()


def all_exports(app: Flask, client: FlaskClient, folder: Path) -> dict[tuple[str, str], bytes]:
    """Both lists and the whole, as CSV and XLSX."""
    found = {(page, kind): exported(client, page, kind) for page in PAGES for kind in ("csv", "xlsx")}
    return found | {("all", kind): command_export(app, folder / f"alt.{kind}") for kind in ("csv", "xlsx")}


def table_of(content: bytes) -> list[list[object]]:
    return [[*row] for row in open_table_file(content, "x").sheets[0].rows]


def test_nothing_runs_and_every_name_comes_back(app: Flask, admin: FlaskClient, tmp_path: Path) -> None:
    names = fill()
    assert len(NAMES) >= 32
    partner = sign_in(app.test_client(), make_user(RoleName.PARTNER, 849))
    exports = all_exports(app, admin, tmp_path)
    exports |= {("partner", kind): exported(partner, PAGES[0], kind) for kind in ("csv", "xlsx")}
    found = {place: {row[0] for row in table_of(content)} for place, content in exports.items()}
    for kind in ("csv", "xlsx"):
        assert set(names) <= found[("all", kind)] & found[(PAGES[0], kind)] & found[("partner", kind)]
        assert set(names) <= found[(CANDIDATES[0], kind)] | found[(CANDIDATES[1], kind)]
    for (page, kind), content in exports.items():
        if kind == "csv":
            assert content.startswith(b"\xef\xbb\xbf")
            assert live_cells(cells_of_csv(content)) == [], page
        else:
            assert formulas_and_links(content) == [], page


def test_loaded_again_it_changes_nothing(app: Flask, admin: FlaskClient, tmp_path: Path) -> None:
    fill()
    before = all_exports(app, admin, tmp_path)
    for (page, kind), content in before.items():
        db.session.rollback()
        outcome = import_file(content, f"eksport.{kind}", None)
        lines = len(table_of(content)) - 1
        assert counts(outcome) == (0, 0, lines, 0), [row.messages for row in outcome.plan.rows if row.messages][:3]
        assert outcome.year == 2016, page
    after = all_exports(app, admin, tmp_path)
    assert differences() == []
    for place, content in before.items():
        if place[1] == "csv":
            assert after[place] == content
        else:
            assert table_of(after[place]) == table_of(content)


def load_elsewhere(template: Path, content: bytes, path: Path) -> bytes:
    """Load an export into another instance with nothing in it; -> what that one exports."""
    shutil.copy(template, path.with_suffix(".sqlite"))
    empty = build(f"sqlite:///{path.with_suffix('.sqlite')}")
    with empty.app_context():
        outcome = import_file(content, path.name, None)
        assert counts(outcome) == (len(NAMES) + 1, 0, 0, 0)
        assert differences() == []
        assert set(db.session.scalars(sa.select(Business.name))) >= {clean(n).replace("\n", " ") for n in NAMES}
        again = command_export(empty, path.with_stem("igen"))
        db.session.remove()
        db.engine.dispose()
    return again


def test_loaded_into_an_empty_instance_it_is_the_same_file(app: Flask, sqlite_template: Path, tmp_path: Path) -> None:
    fill()
    text, book = (command_export(app, tmp_path / f"alt.{kind}") for kind in ("csv", "xlsx"))
    assert load_elsewhere(sqlite_template, text, tmp_path / "tekst.csv") == text
    assert table_of(load_elsewhere(sqlite_template, book, tmp_path / "bog.xlsx")) == table_of(book)


def test_the_story_loaded_again_changes_nothing(story_app: Flask, tmp_path: Path) -> None:
    before = command_export(story_app, tmp_path / "alt.csv")
    db.session.rollback()
    outcome = import_file(before, "alt.csv", None)
    assert counts(outcome) == (0, 0, len(table_of(before)) - 1, 0)
    assert command_export(story_app, tmp_path / "igen.csv") == before


def test_the_workbook_is_typed_frozen_and_wide_enough(app: Flask, admin: FlaskClient) -> None:
    business = make_business("Prøve A/S", employees=7)
    make_candidacy(business, Stage.SUITABLE)
    make_member(business, dt.date(2016, 2, 29))
    content = exported(admin, PAGES[0], "xlsx")
    head, row = table_of(content)
    cells = dict(zip(head, row, strict=True))
    assert (cells["Ansatte"], cells["CVR-nr."]) == (7, business.cvr)
    assert dt.date(2016, 2, 29) in row
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<pane ySplit="1"[^>]*state="frozen"', xml)
    assert xml.count("<col ") >= 10
    assert "<autoFilter" in xml
    assert content == exported(admin, PAGES[0], "xlsx")
