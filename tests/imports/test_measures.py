"""The sheet of measures: what an export wrote comes in again, nothing is erased, and it can be taken back."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.imports.undo import undo_import
from nbe.imports.whole import Outcome, import_file
from nbe.ledger import saving_key
from nbe.ledger.queries import differences, sums
from nbe.measures.actions import Amount, adopt_plan, edit_measure, move_measure, set_all_savings
from nbe.models import Candidacy, ImportRun, Measure, Saving
from nbe.models.states import MeasureState, Quantity, SavingPhase, Stage
from tests.builders import make_business, make_candidacy, make_measure, make_programme
from tests.conftest import build, copy_database
from tests.imports.files import codes, counts, csv_of, load, stage_of

IDENTIFIED, DECIDED, REALISED = SavingPhase
MONEY, ENERGY, INVESTMENT = Quantity.MONEY, Quantity.ENERGY, Quantity.INVESTMENT
ENERGY_COLUMN = "Identificeret: Energi, kWh pr. år"
DONE_COLUMN, PROOF_COLUMN = "Realiseret: Energi, kWh pr. år", "Realiseret: Energi, dokumentation"


def undo(run_id: int | None) -> None:
    db.session.rollback()
    with writing():
        undo_import(db.session.get_one(ImportRun, run_id), user_id=None)
        db.session.commit()


def shown() -> list[Any]:
    """Every measure that is shown, with all that is told of it."""
    db.session.rollback()
    found = []
    for m in db.session.scalars(sa.select(Measure).where(Measure.is_hidden.is_(False)).order_by(Measure.title)):
        savings = sorted(
            (s.phase.value, s.quantity.value, s.amount, s.is_not_measured, s.baseline, s.evidence, s.co2e_kg)
            for s in m.savings
            if s.amount is not None or s.is_not_measured
        )
        owner = m.owner.name if m.owner else m.owner_name
        texts = (m.title, m.description, owner, m.due_on, m.is_confidential, m.is_in_plan)
        found.append((m.business.cvr, m.state, m.state_since_on, *texts, savings))
    return found


def one(title: str) -> Measure:
    db.session.rollback()
    return db.session.scalars(sa.select(Measure).where(Measure.title == title)).one()


def kwh(title: str, phase: SavingPhase = IDENTIFIED) -> Decimal | None:
    return next(s.amount for s in one(title).savings if s.phase is phase and s.quantity is ENERGY)


def told() -> dict[tuple[int, str], int]:
    """What the totals say of savings and stages on the day of the tests."""
    db.session.rollback()
    keys = [saving_key(IDENTIFIED, "energy"), saving_key(DECIDED, "energy"), "stage:screened", "stage:active"]
    found = sums(make_programme().id, keys, dt.date(2016, 4, 25))
    return {key: n for key, n in found.items() if n}


@pytest.fixture
def cvr(app: Flask) -> str:
    return make_candidacy(make_business("Mejeriet ApS"), Stage.SCREENED).business.cvr


def a_rich_plan() -> Candidacy:
    """A candidate with an adopted plan, one measure documented, one given up, one only proposed."""
    candidacy = make_candidacy(make_business("Støberiet A/S"), Stage.REPORTED)
    with writing():
        candidacy = db.session.get_one(Candidacy, candidacy.id)
        first, second, third = (make_measure(candidacy, title=t) for t in ("Tæt trykluft", "Sluk om natten", "=Ny ovn"))
        factor = next(f.id for f in _factors())
        set_all_savings(
            first,
            {IDENTIFIED: {ENERGY: Amount(Decimal("12000.5"), factor_id=factor, baseline=Decimal(80_000)),
                          INVESTMENT: Amount(Decimal(14_000)), MONEY: Amount(None, is_not_measured=True)}},
            user_id=None,
        )  # fmt: skip
        edit_measure(first, owner_name="Vagn Værkfører", due_on=dt.date(2016, 9, 1), description="To haller\nog loftet")
        edit_measure(second, is_confidential=True)
        first.is_in_plan = True
        adopt_plan(candidacy, dt.date(2016, 4, 1), "Direktionen", user_id=None)
        move_measure(first, MeasureState.DONE, dt.date(2016, 4, 5), user_id=None)
        set_all_savings(first, {REALISED: {ENERGY: Amount(Decimal(11_000), evidence="Elmåler")}}, user_id=None)
        move_measure(first, MeasureState.DOCUMENTED, dt.date(2016, 4, 6), user_id=None)
        move_measure(second, MeasureState.ABANDONED, dt.date(2016, 4, 7), user_id=None, reason="For dyrt")
        edit_measure(third, title="=Ny ovn")
        db.session.commit()
    return candidacy


def _factors() -> list[Any]:
    from nbe.measures.queries import list_factors

    return list_factors(ENERGY, only_active=True)


def cells(path: Path) -> list[Any]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)]


def test_export_import_export_is_the_same(app: Flask, tmp_path: Path) -> None:
    from nbe.measures.actions import remove_measure

    a_rich_plan()
    runner, first, second = app.test_cli_runner(), tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    before = shown()
    db.session.remove()
    assert runner.invoke(args=["export", str(first), "--programme", "2016"]).exit_code == 0
    again = runner.invoke(args=["import", str(first), "--programme", "2016"])
    assert again.stdout.splitlines()[-1] == "created=0 updated=0 unchanged=4 failed=0", again.output
    # what was proposed and never decided can go, and comes in again by its key, numbers and words as they were
    with writing():
        remove_measure(one("=Ny ovn"), user_id=None)
        db.session.commit()
    assert len(shown()) == len(before) - 1
    db.session.remove()
    back = runner.invoke(args=["import", str(first), "--programme", "2016"])
    assert back.stdout.splitlines()[-1] == "created=1 updated=0 unchanged=3 failed=0", back.output
    assert shown() == before
    db.session.remove()
    runner.invoke(args=["export", str(second), "--programme", "2016"])
    assert cells(first) == cells(second)
    db.session.rollback()
    assert differences() == []


def test_into_another_instance(app: Flask, sqlite_template: Path, tmp_path: Path) -> None:
    """The measures of a file whose businesses come with it, where nobody knows them yet."""
    a_rich_plan()
    file, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    before = shown()
    db.session.remove()
    app.test_cli_runner().invoke(args=["export", str(file), "--programme", "2016"])
    copy_database(sqlite_template, tmp_path / "other.sqlite")
    other = build(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with other.app_context():
        done = other.test_cli_runner().invoke(args=["import", str(file), "--programme", "2016"])
        assert done.stdout.splitlines()[-1] == "created=4 updated=0 unchanged=0 failed=0", done.output
        assert shown() == before
        db.session.remove()
        other.test_cli_runner().invoke(args=["export", str(again), "--programme", "2016"])
        assert cells(file) == cells(again)
        assert differences() == []
        db.session.remove()
        db.engine.dispose()


def test_new_ones_from_a_plain_sheet(cvr: str) -> None:
    sheet = csv_of(
        f"Virksomhed;CVR-nr.;Tiltag;Tilstand;Siden;{ENERGY_COLUMN};Identificeret: Besparelse, kr. pr. år;Ansvarlig",
        f"Mejeriet;{cvr};Isolér rør;;;1.234,5;ikke målt;Vagn",
        f"Mejeriet;{cvr};Skift pumpe;I gang;15-03-2016;500;;",
    )
    outcome = load(sheet)
    assert counts(outcome) == (2, 0, 0, 0), codes(outcome)
    assert kwh("Isolér rør") == Decimal("1234.5")
    assert kwh("Skift pumpe", DECIDED) == 500  # deciding copies what was identified
    assert one("Skift pumpe").state_since_on == dt.date(2016, 3, 15)
    assert one("Isolér rør").owner_name == "Vagn"
    assert stage_of(cvr) is Stage.ACTIVE
    assert counts(load(sheet)) == (0, 0, 2, 0)
    assert differences() == []


def test_an_empty_cell_never_erases(cvr: str) -> None:
    load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;Beskrivelse;{ENERGY_COLUMN}", f"M;{cvr};Isolér rør;Alle haller;900"))
    outcome = load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;Beskrivelse;{ENERGY_COLUMN}", f"M;{cvr};Isolér rør;;"))
    assert counts(outcome) == (0, 0, 1, 0)
    assert (one("Isolér rør").description, kwh("Isolér rør")) == ("Alle haller", 900)


@pytest.mark.parametrize(
    ("columns", "row", "code"),
    [
        (ENERGY_COLUMN, "N/A", "measure_number"),
        (ENERGY_COLUMN, "ca. 500", "measure_number"),
        (ENERGY_COLUMN, "1,2345", "measure_number"),
        (DONE_COLUMN, "500", "measure_evidence"),
        ("Tilstand", "Dokumenteret", "measure_documented"),
        ("Siden", "01-01-2030", "measure_future"),
        ("Siden", "32-01-2016", "date"),
        ("Forløbsår", "2015", "other_programme"),
    ],
)
def test_a_row_that_cannot_be_kept(cvr: str, columns: str, row: str, code: str) -> None:
    outcome = load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;{columns}", f"M;{cvr};Isolér rør;{row}"))
    assert counts(outcome) == (0, 0, 0, 1)
    assert codes(outcome) == [code]
    assert shown() == []


def test_who_is_no_candidate_or_is_elsewhere(cvr: str) -> None:
    other = make_candidacy(make_business(municipality=851), Stage.SCREENED).business.cvr
    stranger = make_business().cvr
    sheet = csv_of(
        "Virksomhed;CVR-nr.;Tiltag", f"A;{other};Et", f"B;{stranger};To", f"C;{cvr};Tre", f"C;{cvr};tre", "D;;Fire"
    )
    outcome = load(sheet, municipality_code=849)
    assert codes(outcome) == ["other_municipality", "measure_business", "repeated_same", "cvr_missing"]
    assert counts(outcome) == (1, 0, 0, 4)


def test_a_state_never_goes_back(cvr: str) -> None:
    load(csv_of("Virksomhed;CVR-nr.;Tiltag;Tilstand;Siden", f"M;{cvr};Pumpe;Gennemført;10-04-2016"))
    outcome = load(csv_of("Virksomhed;CVR-nr.;Tiltag;Tilstand", f"M;{cvr};Pumpe;Besluttet"))
    assert (counts(outcome), codes(outcome)) == ((0, 0, 1, 0), ["measure_backwards"])
    assert one("Pumpe").state is MeasureState.DONE


def test_numbers_realised_with_their_proof(cvr: str) -> None:
    load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;{ENERGY_COLUMN}", f"M;{cvr};Pumpe;800"))
    head = f"Virksomhed;CVR-nr.;Tiltag;Tilstand;{DONE_COLUMN};{PROOF_COLUMN}"
    outcome = load(csv_of(head, f"M;{cvr};Pumpe;Dokumenteret;700;Elregning 2016"))
    assert counts(outcome) == (0, 1, 0, 0), codes(outcome)
    assert (kwh("Pumpe", REALISED), kwh("Pumpe")) == (700, 800)
    assert codes(outcome)[-1] == "measure_moved"


def test_taken_back_and_brought_in_again(cvr: str) -> None:
    load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;{ENERGY_COLUMN};Beskrivelse", f"M;{cvr};Pumpe;800;Den gamle"))
    before, totals = shown(), told()
    head = f"Virksomhed;CVR-nr.;Tiltag;Tilstand;{ENERGY_COLUMN};Beskrivelse;Frist"
    sheet = csv_of(head, f"M;{cvr};Pumpe;I gang;650;Den nye;01-06-2016", f"M;{cvr};Lys;Besluttet;90;;")
    outcome = load(sheet)
    assert counts(outcome) == (1, 1, 0, 0), codes(outcome)
    after = shown()
    assert stage_of(cvr) is Stage.ACTIVE
    undo(outcome.run_id)
    assert shown() == before
    assert told() == totals
    assert stage_of(cvr) is Stage.SCREENED
    assert differences() == []
    assert counts(load(sheet)) == (1, 1, 0, 0)
    assert shown() == after
    assert differences() == []


def test_what_somebody_changed_since_stays(cvr: str) -> None:
    load(csv_of("Virksomhed;CVR-nr.;Tiltag;Beskrivelse", f"M;{cvr};Pumpe;Første"))
    outcome = load(csv_of("Virksomhed;CVR-nr.;Tiltag;Beskrivelse;Frist", f"M;{cvr};Pumpe;Anden;01-06-2016"))
    with writing():
        edit_measure(one("Pumpe"), description="Tredje")
        db.session.commit()
    undo(outcome.run_id)
    assert (one("Pumpe").description, one("Pumpe").due_on) == ("Tredje", None)


def test_a_number_nobody_told_before_goes_with_the_import(cvr: str) -> None:
    load(csv_of("Virksomhed;CVR-nr.;Tiltag", f"M;{cvr};Pumpe"))
    outcome = load(csv_of(f"Virksomhed;CVR-nr.;Tiltag;{ENERGY_COLUMN}", f"M;{cvr};Pumpe;300"))
    undo(outcome.run_id)
    db.session.rollback()
    assert [s.amount for s in db.session.scalars(sa.select(Saving))] == [None]


def test_a_workbook_reads_numbers_and_dates_as_typed(cvr: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Tiltag i Jammerbugt"])
    sheet.append(["Virksomhed", "CVR-nr.", "Tiltag", "Siden", ENERGY_COLUMN])
    sheet.append(["Mejeriet", int(cvr), "Pumpe", dt.date(2016, 3, 1), 1234.5])
    sheet.append(["I alt", None, None, None, 1234.5])
    file = io.BytesIO()
    book.save(file)
    db.session.rollback()
    outcome: Outcome = import_file(file.getvalue(), "tiltag.xlsx", 2016)
    assert counts(outcome) == (1, 0, 0, 0), codes(outcome)
    assert (one("Pumpe").state_since_on, kwh("Pumpe")) == (dt.date(2016, 3, 1), Decimal("1234.5"))
