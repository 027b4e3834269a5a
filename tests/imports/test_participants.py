"""Sheets of people on a course: signed up, waiting, there; repeated, refused, taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.courses import actions
from nbe.imports.undo import undo_import
from nbe.imports.whole import Outcome, import_file
from nbe.ledger.queries import differences
from nbe.models import Course, DayMark, ImportRun, Participant, Screener, Team
from nbe.models.gathering_states import ParticipantState
from tests.builders import make_programme
from tests.imports.files import codes, counts, csv_of

BOOK = Path(__file__).parent.parent / "data" / "kandidatliste-2016.xlsx"
HEAD = "Navn;Kommune;E-mail;Dag 1;Dag 2;Kursusbevis"
S = ParticipantState


def load(*rows: str, head: str = HEAD, name: str = "Kursus maj hold 1", **options: Any) -> Outcome:
    db.session.rollback()
    return import_file(csv_of(head, *rows), f"{name}.csv", 2016, **options)


def people() -> dict[str, ParticipantState]:
    """Name -> state, of all who are shown."""
    db.session.rollback()
    statement = sa.select(Participant).where(Participant.is_hidden.is_(False)).order_by(Participant.id)
    return {person.name: person.state for person in db.session.scalars(statement)}


def marks(name: str) -> dict[int, tuple[bool, bool | None]]:
    """Number of the day -> signed up, there; as noted."""
    person = db.session.scalars(sa.select(Participant).where(Participant.name == name)).one()
    return {mark.day.number: (mark.is_signed_up, mark.was_there) for mark in person.marks}


def a_team(seats: int | None, *days: dt.date, **more: Any) -> int:
    """Hold 1 of Kursus maj."""
    programme = make_programme()
    with writing():
        team = actions.make_team(actions.make_course(programme, "Kursus maj"), "Hold 1", seats, **more)
        for day in days:
            actions.add_day(team, day)
        db.session.commit()
        return team.id


PAST = (dt.date(2016, 4, 12), dt.date(2016, 4, 13))
AHEAD = (dt.date(2016, 5, 10), dt.date(2016, 5, 11))


def test_the_workbook_makes_the_course_and_its_team(app: Flask) -> None:
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["import", str(BOOK), "--programme", "2016"])
    assert "Kursus maj hold 1: created=10 updated=0 unchanged=0 failed=0" in done.stdout.splitlines(), done.output
    db.session.rollback()
    team = db.session.scalars(sa.select(Team)).one()
    assert (team.course.title, team.name, team.seats) == ("Kursus maj", "Hold 1", None)
    assert [day.held_on for day in team.days] == [None, None]
    assert len(people()) == 10 and set(people().values()) == {S.SIGNED_UP}
    assert marks("Freja Lund") == {2: (False, None)}
    again = app.test_cli_runner().invoke(args=["import", str(BOOK), "--programme", "2016"])
    assert "Kursus maj hold 1: created=0 updated=0 unchanged=10 failed=0" in again.stdout.splitlines()
    db.session.rollback()
    assert differences() == []


def test_into_a_full_team_the_rest_waits_in_the_order_of_the_rows(app: Flask) -> None:
    a_team(2, *AHEAD)
    outcome = load(*(f"{name};Jammerbugt;{name}@example.dk;x;x;" for name in ("anna", "bo", "carl", "dorte")))
    assert counts(outcome) == (4, 0, 0, 0)
    assert codes(outcome) == ["person_waits", "person_waits"]
    assert people() == {"anna": S.SIGNED_UP, "bo": S.SIGNED_UP, "carl": S.WAITING, "dorte": S.WAITING}
    db.session.rollback()
    statement = sa.select(Participant.name).where(Participant.state == S.WAITING).order_by(Participant.place_at)
    assert list(db.session.scalars(statement)) == ["carl", "dorte"]


def test_seats_kept_for_another_municipality_are_not_given(app: Flask) -> None:
    a_team(2, *AHEAD, municipalities={849: None, 820: 1})
    outcome = load("anna;Jammerbugt;;x;x;", "bo;Jammerbugt;;x;x;", "carl;Vesthimmerlands;;x;x;", "dan;Læsø;;x;x;")
    assert counts(outcome) == (3, 0, 0, 1)
    assert codes(outcome) == ["person_waits", "person_team"]
    assert people() == {"anna": S.SIGNED_UP, "bo": S.WAITING, "carl": S.SIGNED_UP}


def test_ticks_of_days_gone_by_are_attendance(app: Flask) -> None:
    a_team(None, *PAST)
    load("anna;Jammerbugt;a@example.dk;x;x;x", "bo;Jammerbugt;;x;;", "carl;Jammerbugt;;;nej;", "dorte;Jammerbugt;;x;x;")
    assert people() == {"anna": S.CERTIFIED, "bo": S.PARTLY, "carl": S.ABSENT, "dorte": S.ATTENDED}
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Screener.name))) >= {"anna", "dorte"}
    assert counts(load("anna;Jammerbugt;a@example.dk;x;x;x", "bo;Jammerbugt;;x;;")) == (0, 0, 2, 0)
    assert differences() == []


def test_ticks_of_days_to_come_are_sign_ups(app: Flask) -> None:
    a_team(None, PAST[0], AHEAD[0])
    load("anna;Jammerbugt;;x;x;", "bo;Jammerbugt;;x;;", "carl;Jammerbugt;;;x;")
    assert marks("bo") == {1: (True, True), 2: (False, None)}
    assert marks("carl") == {1: (True, False)}
    assert people()["bo"] is S.PARTLY  # nothing more is to come, and he was not there every day
    load("bo;Jammerbugt;;;;")
    assert marks("bo") == {1: (True, True), 2: (False, None)}, "an empty cell changes nothing of what is known"


def test_no_certificate_without_having_been_there(app: Flask) -> None:
    a_team(None, *AHEAD)
    outcome = load("anna;Jammerbugt;;x;x;x")
    assert (counts(outcome), codes(outcome)) == ((1, 0, 0, 0), ["person_certificate"])
    assert people() == {"anna": S.SIGNED_UP}


def test_who_has_cancelled_is_not_signed_up_again_by_an_old_list(app: Flask) -> None:
    a_team(None, *AHEAD)
    load("anna;Jammerbugt;;x;x;")
    with writing():
        actions.cancel_seat(db.session.scalars(sa.select(Participant)).one(), user_id=None)
        db.session.commit()
    outcome = load("anna;Jammerbugt;;x;x;")
    assert (counts(outcome), codes(outcome)) == ((0, 0, 1, 0), ["person_cancelled"])
    assert people() == {"anna": S.CANCELLED}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";Jammerbugt;;x;x;", "person_name"),
        ("anna;;;x;x;", "municipality_missing"),
        ("anna;Aarhus;;x;x;", "municipality_unknown"),
        ("anna;Jammerbugt;ikke en mail;x;x;", "mail"),
        (f"{'a' * 201};Jammerbugt;;x;x;", "too_long"),
    ],
)
def test_a_row_that_cannot_be_kept(app: Flask, row: str, code: str) -> None:
    outcome = load(row)
    assert (counts(outcome), codes(outcome)) == ((0, 0, 0, 1), [code])
    assert people() == {}


def test_a_leader_brings_her_own_people_alone(app: Flask) -> None:
    outcome = load(
        "anna;Jammerbugt;;x;x;", "bo;Aalborg;;x;x;", "carl;;;x;x;", "Anna;Jammerbugt;;x;;", municipality_code=849
    )
    assert codes(outcome) == ["other_municipality", "repeated_same"]
    assert set(people()) == {"anna", "carl"}


def test_teams_told_by_a_column(app: Flask) -> None:
    outcome = load("anna;Jammerbugt;Hold 1", "bo;Jammerbugt;Hold 2", head="Kursist;Kommune;Hold", name="Deltagere")
    assert counts(outcome) == (2, 0, 0, 0)
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(Team.name))) == ["Hold 1", "Hold 2"]


def undo(outcome: Outcome) -> None:
    db.session.rollback()
    with writing():
        undo_import(db.session.get_one(ImportRun, outcome.run_id), user_id=None)
        db.session.commit()


def test_taken_back_nothing_is_left_to_see_and_it_can_come_again(app: Flask) -> None:
    rows = ("anna;Jammerbugt;;x;x;", "bo;Jammerbugt;;x;;")
    outcome = load(*rows)
    undo(outcome)
    assert people() == {}
    assert [c.is_hidden for c in db.session.scalars(sa.select(Course))] == [True]
    assert [t.is_hidden for t in db.session.scalars(sa.select(Team))] == [True]
    assert differences() == []
    assert counts(load(*rows)) == (2, 0, 0, 0)
    assert set(people()) == {"anna", "bo"}
    assert [t.is_hidden for t in db.session.scalars(sa.select(Team))] == [False]
    assert differences() == []


def test_taken_back_those_known_before_stand_as_before(app: Flask) -> None:
    a_team(None, *PAST)
    load("anna;Jammerbugt;", "bo;Jammerbugt;", head="Navn;Kommune;Dag 1")
    outcome = load(
        "anna;Jammerbugt;x;x", "bo;Jammerbugt;x;ved ikke", "carl;Jammerbugt;x;x", head="Navn;Kommune;Dag 1;Dag 2"
    )
    assert counts(outcome) == (1, 2, 0, 0)
    assert people()["anna"] is S.ATTENDED
    undo(outcome)
    assert people() == {"anna": S.SIGNED_UP, "bo": S.SIGNED_UP}
    assert set(
        db.session.scalars(sa.select(DayMark.was_there).join(Participant).where(Participant.name != "carl"))
    ) == {None}
    assert differences() == []


def test_a_seat_given_back_goes_to_whoever_waits(app: Flask) -> None:
    team_id = a_team(1, *AHEAD)
    outcome = load("anna;Jammerbugt;;x;x;")
    with writing():
        team = db.session.get_one(Team, team_id)
        actions.sign_up_person(team, name="bo", municipality_code=849, user_id=None)
        db.session.commit()
    assert people()["bo"] is S.WAITING
    undo(outcome)
    assert people() == {"bo": S.SIGNED_UP}
