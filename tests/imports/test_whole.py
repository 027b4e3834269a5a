"""Whole imports: the two files as they are, undo and redo, twice at once, killed half-way."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.imports.runs import carry_out, plan_run, start_run
from nbe.imports.undo import undo_import
from nbe.imports.whole import import_file
from nbe.ledger.queries import differences, sums
from nbe.models import Business, Candidacy, Contact, ImportMark, ImportRun, LedgerRow, Membership
from nbe.models.states import ImportState, Stage
from tests.builders import make_business, make_candidacy
from tests.imports.files import business, codes, counts, csv_of, load, many_rows, stage_of
from tests.imports.killing import kill_at_random

DATA = Path(__file__).parent.parent / "data"
BOOK, LIST = DATA / "kandidatliste-2016.xlsx", DATA / "kandidatliste-jammerbugt.csv"
A, B = "13585628", "27355021"


def undo(run_id: int) -> None:
    db.session.rollback()
    with writing():
        undo_import(db.session.get_one(ImportRun, run_id), user_id=None)
        db.session.commit()


def shown() -> Counter[Any]:
    """What lists and figures are made of."""
    db.session.rollback()
    rows: Counter[Any] = Counter()
    statement = sa.select(Business.cvr, Business.name, Business.phone, Business.note).where(
        Business.is_hidden.is_(False)
    )
    rows.update(("business", *row) for row in db.session.execute(statement))
    for model, columns in (
        (Candidacy, (Candidacy.stage, Candidacy.close_reason, Candidacy.screening_on)),
        (Membership, (Membership.state, Membership.since_on)),
        (Contact, (Contact.name, Contact.email, Contact.phone)),
    ):
        statement = sa.select(Business.cvr, *columns).join(Business, Business.id == model.business_id)
        statement = statement.where(Business.is_hidden.is_(False), model.is_hidden.is_(False))
        rows.update((model.__name__, *row) for row in db.session.execute(statement))
    return rows


def test_the_workbook_as_it_is(app: Flask) -> None:
    runner = app.test_cli_runner()
    app.config["NBE_TODAY"] = "2016-11-23"
    db.session.remove()
    first = runner.invoke(args=["import", str(BOOK), "--programme", "2016"])
    lines = first.stdout.strip().splitlines()
    assert lines[-4] == "Virksomheder: created=84 updated=0 unchanged=0 failed=4"
    assert lines[-3] == "Kursus maj hold 1: created=10 updated=0 unchanged=0 failed=0"
    assert lines[-2] == "Temamøde 26-01: created=10 updated=0 unchanged=0 failed=0"
    assert lines[-1] == "created=104 updated=0 unchanged=0 failed=4"
    assert "2016" in lines[0]
    assert first.exit_code == 1
    second = runner.invoke(args=["import", str(BOOK), "--programme", "2016"])
    assert second.stdout.splitlines()[-1] == "created=0 updated=0 unchanged=104 failed=4"
    db.session.rollback()
    assert differences() == []


def test_the_csv_as_it_is(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    db.session.remove()
    dry = runner.invoke(args=["import", str(LIST), "--programme", "2016", "--dry-run"])
    assert dry.stdout.splitlines()[-2] == "kandidatliste-jammerbugt: created=25 updated=0 unchanged=0 failed=0"
    for line in ("created=25 updated=0 unchanged=0 failed=0", "created=0 updated=0 unchanged=25 failed=0"):
        done = runner.invoke(args=["import", str(LIST), "--programme", "2016", "--errors", str(tmp_path / "fejl.xlsx")])
        assert done.stdout.splitlines()[-1] == line
        assert done.exit_code == 0
    nothing = tmp_path / "intet.pdf"
    nothing.write_bytes(b"%PDF-1.4 no; sheet")
    assert runner.invoke(args=["import", str(nothing)]).exit_code == 2
    only_text = tmp_path / "brev.csv"
    only_text.write_bytes(b"Kaere;alle\r\nhilsen;mig\r\n")
    assert runner.invoke(args=["import", str(only_text)]).exit_code == 2


def test_undone_and_loaded_again(app: Flask) -> None:
    first = import_file(BOOK.read_bytes(), BOOK.name, 2016)
    before = shown()
    assert first.run_id is not None
    undo(first.run_id)
    assert not shown()
    assert differences() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportMark)) == 0
    again = import_file(BOOK.read_bytes(), BOOK.name, 2016)
    assert counts(again) == (104, 0, 0, 4)
    assert shown() == before
    assert differences() == []
    assert db.session.scalar(sa.select(sa.func.count(Business.id))) == 84


def test_undo_gives_known_businesses_back_as_they_were(app: Flask) -> None:
    known = make_business("Kendt A/S", cvr=A, note="Gammel note", phone="11223344")
    make_candidacy(known, Stage.CONTACTED)
    before = shown()
    head = "Virksomhed;CVR-nr.;Kommune;Status;Bemærkninger;Tilmeldt;Virksomhedens telefon;Kontaktperson;Screening"
    outcome = load(csv_of(head, f"Kendt Nyt A/S;{A};849;Egnet;Ny note;5/1-16;55667788;Ny Person;3/2-16"))
    assert counts(outcome) == (0, 1, 0, 0)
    with writing():
        business(A).phone = "99887766"  # changed since: stays
        db.session.commit()
    assert outcome.run_id is not None
    undo(outcome.run_id)
    after = shown()
    assert after - before == Counter({("business", A, "Kendt A/S", "99887766", "Gammel note"): 1})
    assert stage_of(A) is Stage.CONTACTED
    assert differences() == []
    assert counts(load(csv_of(head, f"Kendt Nyt A/S;{A};849;Egnet;Ny note;5/1-16;55667788;Ny Person;3/2-16"))) == (
        0,
        1,
        0,
        0,
    )
    assert stage_of(A) is Stage.SUITABLE


def test_undo_takes_later_moves_of_what_it_created_along(app: Flask) -> None:
    from nbe.ledger import Move, record
    from nbe.models.states import LedgerKind

    outcome = load(csv_of("Virksomhed;CVR-nr.;Kommune;Status", f"A;{A};849;Kontaktet"))
    found = business(A)
    programme_id = db.session.scalars(sa.select(Candidacy.programme_id)).one()
    business_id = found.id
    db.session.rollback()
    with writing():
        move = Move(
            LedgerKind.STAGE, 849, "suitable", found.created_at.date(), business_id, programme_id, from_code="contacted"
        )
        record([move], user_id=None)
        db.session.scalars(sa.select(Candidacy)).one().stage = Stage.SUITABLE
        db.session.commit()
    assert outcome.run_id is not None
    undo(outcome.run_id)
    assert not any(sums(programme_id, ["stage:suitable", "stage:contacted"], clock.today()).values())
    assert differences() == []


def test_what_was_said_before_an_undone_import_is_still_known(app: Flask) -> None:
    """The same list again does not move a candidate that a person has moved back since."""
    from nbe.pipeline.actions import move_to_stage
    from nbe.pipeline.rules import Wish

    content = csv_of("Virksomhed;CVR-nr.;Kommune;Status", f"A;{A};849;Interesseret")
    load(content)
    candidacy = db.session.scalars(sa.select(Candidacy)).one()
    with writing():
        move_to_stage(candidacy, Wish(Stage.CONTACTED, clock.today(), "Talte forbi hinanden"), user_id=None)
        db.session.commit()
    second = load(content)
    assert counts(second) == (0, 0, 1, 0)
    assert second.run_id is not None
    undo(second.run_id)
    assert counts(load(content)) == (0, 0, 1, 0)
    assert stage_of(A) is Stage.CONTACTED


def _in_threads(app: Flask, works: list[Any]) -> list[Any]:
    results: list[Any] = []

    def do(work: Any) -> None:
        with app.app_context():
            results.append(work())
            db.session.remove()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_file_twice_at_once_gives_no_duplicates(app: Flask) -> None:
    content = many_rows(60)
    db.session.remove()
    results = _in_threads(app, [lambda: counts(import_file(content, "liste.csv", 2016))] * 4)
    assert sorted(results) == [(0, 0, 60, 0)] * 3 + [(60, 0, 0, 0)]
    assert db.session.scalar(sa.select(sa.func.count(Business.id))) == 60
    assert differences() == []


def test_a_go_ahead_given_twice_counts_once(app: Flask) -> None:
    with writing():
        run = start_run(many_rows(40), "liste.csv", 2016, user_id=None, municipality_code=None)
        run_id = run.id
        db.session.commit()
    plan_run(run_id)
    db.session.remove()
    assert sorted(_in_threads(app, [lambda: carry_out(run_id)] * 4)) == [False, False, False, True]
    assert db.session.scalar(sa.select(sa.func.count(Business.id))) == 40
    assert db.session.scalar(sa.select(sa.func.count(LedgerRow.id))) == 40
    assert differences() == []


def test_what_came_between_the_dry_run_and_the_go_ahead_is_seen(app: Flask) -> None:
    with writing():
        content = csv_of("Virksomhed;CVR-nr.;Kommune;Status", f"A;{A};849;Egnet", f"B;{B};849;Egnet")
        run_id = start_run(content, "liste.csv", 2016, user_id=None, municipality_code=None).id
        db.session.commit()
    plan_run(run_id)
    make_business("Kom imens", cvr=A)
    carry_out(run_id)
    db.session.rollback()
    run = db.session.get_one(ImportRun, run_id)
    assert run.state is ImportState.APPLIED
    assert run.counts is not None
    assert run.counts["sum"] == {"created": 1, "updated": 1, "unchanged": 0, "failed": 0}


def test_remarks_survive_the_loading(app: Flask) -> None:
    assert codes(load(csv_of("Virksomhed;CVR-nr.;Kommune;Status", f"A;{A};849;Ukendt ord"))) == ["unknown_stage"]


@pytest.mark.parametrize("database", ["sqlite_url", "postgres_url"])
def test_killed_half_way_it_is_whole_or_absent(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_bytes(many_rows(400))
    kill_at_random(request.getfixturevalue(database), file, 400, times=2)
