"""Bad uploads: each is read or refused in a clear Danish sentence, in time, in little memory, and leaves no rows."""

from __future__ import annotations

import resource
import statistics
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core import clock
from nbe.core.database import db
from nbe.core.sheets import UnreadableFileError, Workbook, open_table_file
from nbe.core.sheets.child import read_limited
from nbe.core.sheets.safety import check_archive
from nbe.imports import whole
from nbe.imports.decide import Terms
from nbe.imports.messages import REFUSALS, refusal
from nbe.imports.plan import Plan, look_at, make_plan
from nbe.ledger.queries import differences
from nbe.models import Business, ImportRow, ImportRun, LedgerRow
from nbe.models.states import ImportState, RoleName
from tests.builders import make_user, sign_in
from tests.files.bad_files import CASES
from tests.files.mutants import mutants
from tests.imports.test_pages import press, upload
from tests.sizes import size

SECONDS = 5.0
MEGABYTES = 300
SHOWN = {
    "zip bomb": "for stor, når den pakkes ud",
    "zip bomb that lies": "beskadiget",
    "farthest cell": "for stor, når den pakkes ud",
    "a file from the server": "beskadiget",
    ".ods": "ikke et regneark",
    "quote never closed": "beskadiget",
    "only a hidden sheet": "Filen er tom",
}


def planned(book: Workbook) -> Plan | None:
    """The plan of a file, as the upload page makes it; None when there is no table in it."""
    sheets = look_at(book)
    if all(sheet.header is None for sheet in sheets):
        return None
    return make_plan(sheets, Terms(clock.today(), 2016, None))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(CASES) >= 41
    assert sum(bool(case.codes) for case in CASES.values()) >= 41


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_and_an_odd_one_read(shared_app: Flask, name: str) -> None:
    case = CASES[name]
    content = case.make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # a browser's, perhaps
    started = time.monotonic()
    code = ""
    try:
        book = read_limited(content, case.filename)
        with shared_app.app_context():
            plan = planned(book)
    except UnreadableFileError as error:
        code = error.code
    assert time.monotonic() - started <= SECONDS
    if case.codes:
        assert code in case.codes
        assert code in REFUSALS
        assert refusal(code).endswith(".")
    else:
        assert code == ""
        assert plan is not None
        assert plan.counts()["created"] >= 1
    # A child is born as large as its parent, which here is a whole run of tests.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, own, MEGABYTES * 1100)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("farthest", "entities", "300", "a file"))])
def test_no_reader_gets_what_the_look_refuses(name: str) -> None:
    """Not left to the memory limit: the archive is refused before anybody opens it."""
    case = CASES[name]
    with pytest.raises(UnreadableFileError) as refused:
        check_archive(case.make())
    assert refused.value.code in case.codes


def test_hidden_sheets_are_not_read_and_formulas_are_their_values() -> None:
    hidden = open_table_file(CASES["hidden sheets beside it"].make(), "x.xlsx").sheets
    assert [(sheet.name, sheet.is_hidden, len(sheet.rows)) for sheet in hidden] == [
        ("Skjult", True, 0),
        ("Ark1", False, 3),
        ("Meget skjult", True, 0),
    ]
    (sheet,) = open_table_file(CASES["formula with its value"].make(), "x.xlsx").sheets
    assert sheet.rows[3] == ["Formel A/S", 10000009, "Jammerbugt", "Egnet"]
    (sheet,) = open_table_file(CASES["formula without"].make(), "x.xlsx").sheets
    assert sheet.rows[3] == ["Formel A/S", None, "Jammerbugt", "Egnet"]


def test_mutants_are_read_or_refused(shared_app: Flask) -> None:
    """In this process: what kills or hangs the reader would show."""
    seen: Counter[str] = Counter()
    for number, content, name in mutants(size(10_000)):
        started = time.monotonic()
        code, plan = "", None
        try:
            book = open_table_file(content, name)
            with shared_app.app_context():
                plan = planned(book)
        except UnreadableFileError as error:
            code = error.code
        assert not code or code in REFUSALS, number
        assert plan is None or sum(plan.counts().values()) == len(plan.rows), number
        seen[code or ("read" if plan else "no_table")] += 1
        assert time.monotonic() - started <= SECONDS, number
    assert seen["read"] >= size(10_000) // 4, seen
    assert seen["damaged"] >= size(10_000) // 10, seen


def test_mutants_in_the_child_as_in_this_process() -> None:
    def outcome(read: object, content: bytes, name: str) -> object:
        try:
            return read(content, name)  # type: ignore[operator]
        except UnreadableFileError as error:
            return error.code

    for number, content, name in mutants(size(400), seed=2):
        here, there = (outcome(read, content, name) for read in (open_table_file, read_limited))
        assert repr(here) == repr(there), number


def test_mutants_that_are_loaded_leave_a_true_ledger(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "read_limited", lambda content, name, *_: open_table_file(content, name))
    loaded = 0
    for number, content, name in mutants(size(1_000), seed=3):
        before = count(Business), count(LedgerRow), count(ImportRow)
        try:
            outcome = whole.import_file(content, name, 2016)
        except UnreadableFileError:
            assert (count(Business), count(LedgerRow), count(ImportRow)) == before, number
            continue
        loaded += 1
        counts = outcome.plan.counts()
        assert count(Business) - before[0] <= counts["created"], number
    assert loaded
    assert differences() == []


def last_run() -> ImportRun:
    db.session.rollback()
    return db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def test_the_page_says_what_is_wrong_and_keeps_nothing(admin: FlaskClient) -> None:
    for name, words in SHOWN.items():
        case = CASES[name]
        started = time.monotonic()
        answer = upload(admin, case.make(), case.filename)
        page = admin.get(answer.location)
        assert time.monotonic() - started <= SECONDS
        assert (answer.status_code, page.status_code) == (303, 200)
        assert words in page.get_data(as_text=True)
        assert press(admin, f"{answer.location}/indlaes").status_code == 303
        run = last_run()
        assert (run.state, run.content) == (ImportState.REFUSED, None)
        assert (count(Business), count(LedgerRow), count(ImportRow)) == (0, 0, 0)
    too_large = upload(admin, CASES["21 MB"].make(), "stor.csv")
    assert too_large.status_code in (413, 422)
    assert "20 MB" in too_large.get_data(as_text=True)


def test_odd_files_go_the_whole_way(admin: FlaskClient) -> None:
    """Numbers without end, names without end, members outside: read, shown, loaded, given back, on both databases."""
    for name in ("numbers without end", "a long sheet name", "members outside", ".xlsm", "UTF-16"):
        case = CASES[name]
        answer = upload(admin, case.make(), case.filename)
        assert "Indlæs de" in admin.get(answer.location).get_data(as_text=True) or count(Business)
        assert admin.get(f"{answer.location}/kolonner").status_code == 200
        assert press(admin, f"{answer.location}/indlaes").status_code == 303
        run = last_run()
        assert run.state is ImportState.APPLIED, name
        assert admin.get(answer.location).status_code == 200
        assert admin.get(f"{answer.location}/fejlraekker.xlsx").status_code == 200
    assert count(Business) == 2
    assert differences() == []


def test_others_are_answered_while_a_bomb_is_looked_at(sqlite_app: Flask) -> None:
    admin = sign_in(sqlite_app.test_client(), make_user(RoleName.ADMINISTRATOR))
    bomb = CASES["a long word said often"]
    worker = threading.Thread(target=lambda: upload(admin, bomb.make(), bomb.filename))
    worker.start()
    waits = []
    while worker.is_alive():
        started = time.monotonic()
        assert sqlite_app.test_client().get("/healthz").status_code == 200
        waits.append(time.monotonic() - started)
    worker.join()
    assert statistics.median(waits) <= 1.0  # the longest is the machine's, when it has much to do
    assert max(waits) <= SECONDS
