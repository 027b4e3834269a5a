"""Sheets of people at an event: signed up on their day, members counted by the day of the event, taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.events import actions
from nbe.imports.undo import undo_import
from nbe.imports.whole import Outcome, import_file
from nbe.ledger.queries import differences
from nbe.models import Business, Event, ImportRun, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind
from tests.builders import make_business, make_programme
from tests.imports.files import codes, counts, csv_of

BOOK = Path(__file__).parent.parent / "data" / "kandidatliste-2016.xlsx"
HEAD = "Virksomhed;CVR-nr.;Deltager;E-mail;Tilmeldt"
S = RegistrationState


def load(*rows: str, head: str = HEAD, name: str = "Temamøde 26-01", **options: Any) -> Outcome:
    db.session.rollback()
    return import_file(csv_of(head, *rows), f"{name}.csv", 2016, **options)


def people() -> dict[str, tuple[RegistrationState, dt.date]]:
    """Name -> state and its day, of all who are shown."""
    db.session.rollback()
    statement = sa.select(Registration).where(Registration.is_hidden.is_(False)).order_by(Registration.id)
    return {person.name: (person.state, person.state_since_on) for person in db.session.scalars(statement)}


@pytest.fixture
def cvr(app: Flask) -> str:
    make_programme()
    return make_business("Mejeriet ApS").cvr


def test_the_workbook_brings_the_meeting_and_its_ten(app: Flask) -> None:
    app.config["NBE_TODAY"] = "2016-11-23"
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["import", str(BOOK), "--programme", "2016"])
    assert "Temamøde 26-01: created=10 updated=0 unchanged=0 failed=0" in done.stdout.splitlines(), done.output
    db.session.rollback()
    event = db.session.scalars(sa.select(Event)).one()
    assert (event.kind, event.held_on) == (EventKind.THEME_MEETING, dt.date(2016, 1, 26))
    assert people()["Nanna Fælled"] == (S.SIGNED_UP, dt.date(2016, 1, 12))
    with_business = db.session.scalar(sa.select(sa.func.count(Registration.business_id)))
    assert with_business is not None and with_business > 0
    again = app.test_cli_runner().invoke(args=["import", str(BOOK), "--programme", "2016"])
    assert "Temamøde 26-01: created=0 updated=0 unchanged=10 failed=0" in again.stdout.splitlines(), again.output
    db.session.rollback()
    assert differences() == []


def test_who_came_is_told_once_the_day_has_come(cvr: str) -> None:
    head = f"{HEAD};Fremmødt"
    rows = (f"M;{cvr};Anna;a@example.dk;12-01-2016;x", f"M;{cvr};Bo;;12-01-2016;nej", f"M;{cvr};Carl;;12-01-2016;")
    assert counts(load(*rows, head=head)) == (3, 0, 0, 0)
    day, signed = dt.date(2016, 1, 26), dt.date(2016, 1, 12)
    assert people() == {"Anna": (S.ATTENDED, day), "Bo": (S.ABSENT, day), "Carl": (S.SIGNED_UP, signed)}
    assert counts(load(*rows, head=head)) == (0, 0, 3, 0)
    ahead = load(f"M;{cvr};Anna;;12-01-2016;x", head=head, name="Temamøde 26-05")
    assert (counts(ahead), codes(ahead)) == ((1, 0, 0, 0), ["event_to_come"])


def test_into_a_full_meeting_the_rest_waits(cvr: str) -> None:
    load(f"M;{cvr};Anna;;12-01-2016", name="Temamøde 26-05")
    with writing():
        db.session.scalars(sa.select(Event)).one().seats = 2
        db.session.commit()
    outcome = load(f"M;{cvr};Bo;;13-01-2016", f"M;{cvr};Carl;;14-01-2016", name="Temamøde 26-05")
    assert (counts(outcome), codes(outcome)) == ((2, 0, 0, 0), ["event_full"])
    assert {name: state for name, (state, _day) in people().items()} == {
        "Anna": S.SIGNED_UP,
        "Bo": S.SIGNED_UP,
        "Carl": S.WAITING,
    }


@pytest.mark.parametrize(
    ("row", "name", "code"),
    [
        ("M;{cvr};;;12-01-2016", "Temamøde 26-01", "person_name"),
        ("M;{cvr};Anna;;12-02-2016", "Temamøde 26-01", "event_late"),
        ("M;{cvr};Anna;;32-01-2016", "Temamøde 26-01", "date"),
        ("M;{cvr};Anna;;", "Temamøde", "event_day"),
        ("M;{cvr};Anna;;", "Temamøde 26-01-2014", "event_year"),
        ("M;13585627;Anna;;", "Temamøde 26-01", "cvr_checksum"),
        ("M;{cvr};Anna;ikke en mail;", "Temamøde 26-01", "mail"),
        ("M;13585628;Anna;;", "Temamøde 26-01", "person_nowhere"),
    ],
)
def test_a_row_that_cannot_be_kept(cvr: str, row: str, name: str, code: str) -> None:
    outcome = load(row.format(cvr=cvr), name=name)
    assert (counts(outcome), codes(outcome)) == ((0, 0, 0, 1), [code])
    assert people() == {}


def test_a_leader_brings_the_people_of_her_own_alone(cvr: str) -> None:
    other = make_business(municipality=851).cvr
    outcome = load(
        f"A;{other};Anna;;", f"M;{cvr};Bo;;", "Ukendt ApS;13585628;Carl;;", f"M;{cvr};bo;;", municipality_code=849
    )
    assert codes(outcome) == ["other_municipality", "person_business", "repeated_same"]
    assert set(people()) == {"Bo", "Carl"}
    assert (
        db.session.scalars(sa.select(Registration.organisation).where(Registration.name == "Carl")).one()
        == "Ukendt ApS"
    )


def test_who_declined_is_not_signed_up_again_by_an_old_list(cvr: str) -> None:
    load(f"M;{cvr};Anna;;12-01-2016", name="Temamøde 26-05")
    with writing():
        person = db.session.scalars(sa.select(Registration)).one()
        actions.move_registration(person, S.DECLINED, user_id=None)
        db.session.commit()
    outcome = load(f"M;{cvr};Anna;;12-01-2016", name="Temamøde 26-05")
    assert (counts(outcome), codes(outcome)) == ((0, 0, 1, 0), ["person_cancelled"])


def test_taken_back_with_the_businesses_of_the_same_file(app: Flask) -> None:
    app.config["NBE_TODAY"] = "2016-11-23"
    db.session.remove()
    outcome = import_file(BOOK.read_bytes(), BOOK.name, 2016)
    db.session.rollback()
    assert len(people()) == 10
    with writing():
        undo_import(db.session.get_one(ImportRun, outcome.run_id), user_id=None)
        db.session.commit()
    assert people() == {}
    assert list(db.session.scalars(sa.select(Event.is_hidden))) == [True]
    assert db.session.scalar(sa.select(sa.func.count(Business.id)).where(Business.is_hidden.is_(False))) == 0
    assert differences() == []
    import_file(BOOK.read_bytes(), BOOK.name, 2016)
    assert len(people()) == 10
    assert differences() == []
