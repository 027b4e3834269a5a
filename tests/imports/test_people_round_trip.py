"""People out and in again: whoever is on a team or at an event stands in another instance as in the first."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from nbe.core.database import db, writing
from nbe.core.sheets.writing import Column, SheetOut, sheet_names, write_xlsx
from nbe.courses import sheet as of_teams
from nbe.courses.rules import Mark
from nbe.courses.sheet import PLANNED, day_cell
from nbe.events import exporting
from nbe.events import sheet as of_events
from nbe.imports.kinds.people.reading import tick
from nbe.imports.undo import undo_import
from nbe.imports.whole import import_file
from nbe.ledger.queries import differences
from nbe.models import Course, Event, ImportRun, Team
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.states import RoleName
from tests.builders import make_user, sign_in
from tests.conftest import build, copy_database
from tests.imports.files import codes, counts, csv_of
from tests.imports.people import HELD, at_events, make_world, on_teams


def run(app: Flask, *args: str) -> str:
    db.session.remove()
    done = app.test_cli_runner().invoke(args=[*args, "--programme", "2016"])
    assert done.exit_code == 0, done.output
    return done.output


def cells(path: Path) -> dict[str, list[Any]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


class Source:
    """The first instance, what it tells, and its file."""

    def __init__(self, app: Flask, file: Path) -> None:
        make_world()
        self.app, self.file = app, file
        self.said = run(app, "export", str(file))
        self.told = on_teams(), at_events()


@pytest.fixture(scope="module")
def source(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("source")
    copy_database(sqlite_template, folder / "nbe.sqlite")
    app = build(f"sqlite:///{folder / 'nbe.sqlite'}")
    with app.app_context():
        found = Source(app, folder / "a.xlsx")
        db.session.remove()
        db.engine.dispose()
    return found


def test_a_sheet_for_each_team_and_event(source: Source) -> None:
    found = cells(source.file)
    assert list(found) == [
        "Virksomheder",
        "Kursus maj hold 1",
        "Kursus maj hold 2",
        "Kursus om vand luft prøver, mål",
        "Kursus om vand luft prøver, (2)",
        "Aften morgenhold",
        "Temamøde affald 26-01",
        "Kaffe 26-01",
        "Netværksmøde 12-05",
        "Netværksmøde 12-05 (2)",
        "Netværksmøde 12-05 (3)",
    ]
    assert "3 businesses, 0 measures, 15 participants, 19 registrations are written" in source.said
    head, *rows = found["Kursus maj hold 1"]
    assert head[:8] == (
        "Navn", "Kommune", "E-mail", "Stilling", "Dag 1 (12-04-2016)", "Dag 2 (13-04-2016)", "Kursusbevis", "Status",
    )  # fmt: skip
    told = {row[0]: (row[4], row[5], row[7]) for row in rows}
    assert told == {
        "Anna Å": ("x", "x", "Bevis udstedt"),
        "Bo": ("x", "ikke tilmeldt", "Deltog delvist"),
        "Carl": ("nej", "nej", "Udeblev"),
        "Dorte": ("x", "tilmeldt", "Bekræftet"),
        "Erik": ("ikke tilmeldt", "tilmeldt", "Tilmeldt"),
        "Gerda": ("tilmeldt", "tilmeldt", "Venteliste"),
        "Hans": (None, None, "Afmeldt"),
    }
    assert {row[-1] for row in rows} == {"6: Vesthimmerlands, Jammerbugt 4"}
    assert not any(
        cell.data_type == "f" for sheet in openpyxl.load_workbook(source.file) for row in sheet for cell in row
    )


def test_loaded_where_it_comes_from_it_changes_nothing(source: Source, tmp_path: Path) -> None:
    with source.app.app_context():
        said = run(source.app, "import", str(source.file)).splitlines()
        assert said[-1] == "created=0 updated=0 unchanged=37 failed=0", said
        run(source.app, "export", str(tmp_path / "b.xlsx"))
        assert cells(tmp_path / "b.xlsx") == cells(source.file)
        assert (on_teams(), at_events()) == source.told
        db.session.remove()
        db.engine.dispose()


def test_into_another_instance_and_out_again_and_taken_back(app: Flask, source: Source, tmp_path: Path) -> None:
    outcome = import_file(source.file.read_bytes(), "a.xlsx", 2016)
    assert counts(outcome) == (37, 0, 0, 0), codes(outcome)
    assert set(codes(outcome)) <= {"similar"}
    teams, gatherings = on_teams(), at_events()
    assert teams == source.told[0]
    assert gatherings == source.told[1]
    run(app, "export", str(tmp_path / "b.xlsx"))
    assert cells(tmp_path / "b.xlsx") == cells(source.file)
    db.session.rollback()
    assert differences() == []
    with writing():
        undo_import(db.session.get_one(ImportRun, outcome.run_id), user_id=None)
        db.session.commit()
    assert (on_teams(), at_events()) == ([], [])
    for made in (Course, Team, Event):
        assert set(db.session.scalars(sa.select(made.is_hidden))) == {True}
    db.session.rollback()
    again = import_file(source.file.read_bytes(), "a.xlsx", 2016)
    assert counts(again) == (37, 0, 0, 0), codes(again)
    assert (on_teams(), at_events()) == source.told
    assert differences() == []


def test_a_workbook_has_no_more_sheets_than_are_read(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year of very many events: the last ones share a sheet, and come in again from it."""
    monkeypatch.setattr(exporting, "MOST_SHEETS", 2)
    with source.app.app_context():
        run(source.app, "export", str(tmp_path / "a.xlsx"))
        found = cells(tmp_path / "a.xlsx")
        assert list(found)[6:] == ["Temamøde affald 26-01", "Øvrige arrangementer"]
        assert len({(row[12], row[17]) for row in found["Øvrige arrangementer"][1:]}) == 4
        said = run(source.app, "import", str(tmp_path / "a.xlsx")).splitlines()
        assert said[-1] == "created=0 updated=0 unchanged=37 failed=0", said
        db.session.remove()
        db.engine.dispose()


def test_the_files_of_pages_come_in_again(source: Source) -> None:
    """Of a team and of an event, as the leader of one municipality has them, in whatever language she reads."""
    with source.app.app_context():
        leader = sign_in(source.app.test_client(), make_user(RoleName.LEADER, 849))
        with leader.session_transaction() as session:
            session["language"] = "en"
        for words in (of_teams.state_words, of_events.state_words, of_events.kind_words):
            words.cache_clear()
        team = db.session.scalars(
            sa.select(Team).join(Course).where(Course.title == "Kursus maj", Team.name == "Hold 1")
        ).one()
        event = db.session.scalars(sa.select(Event).where(Event.held_on == HELD, Event.municipality_code == 849)).one()
        cancelled = db.session.scalars(sa.select(Event).where(Event.cancelled_on.is_not(None))).one()
        paths = {
            f"/kurser/hold/{team.id}/deltagere.xlsx": 5,
            f"/kurser/hold/{team.id}/deltagere.csv": 5,
            f"/arrangementer/{event.id}/deltagere.xlsx": 10,
            f"/arrangementer/{cancelled.id}/deltagere.xlsx": 1,
        }
        for path, many in paths.items():
            db.session.rollback()
            file = leader.get(path).data
            outcome = import_file(file, path.rpartition("/")[2], 2016, municipality_code=849)
            assert (counts(outcome), codes(outcome)) == ((0, 0, many, 0), []), path
        assert (on_teams(), at_events()) == source.told
        db.session.remove()
        db.engine.dispose()


def load(app: Flask, head: str, *rows: str, name: str = "Kursus maj hold 1") -> Any:
    db.session.rollback()
    return import_file(csv_of(head, *rows), f"{name}.csv", 2016)


def test_what_a_sheet_says_of_who_is_known(app: Flask) -> None:
    """A confirmation, a day and a title go in and are taken back; no list signs anybody off, or on again."""
    load(
        app,
        "Navn;Kommune;Dag 1;Stilling;Status",
        "Anna;Jammerbugt;x;Leder;",
        "Bo;Jammerbugt;x;;",
        "Carl;Jammerbugt;;;Afmeldt",
    )
    before = on_teams()
    assert [row[2] for row in before] == [P.SIGNED_UP, P.SIGNED_UP, P.CANCELLED]
    outcome = load(
        app,
        "Navn;Kommune;Dag 1;Stilling;Status;Siden",
        "Anna;Jammerbugt;nej;Chef;Bekræftet;20-04-2016",
        "Bo;Jammerbugt;x;;Afmeldt;",
        "Carl;Jammerbugt;x;;;",
        "Dorte;Jammerbugt;x;;Måske;",
        "Erik;Jammerbugt;x;;Bekræftet;01-05-2016",
    )
    assert counts(outcome) == (1, 1, 2, 1)
    assert codes(outcome) == [
        "person_not_day", "person_confirmed", "person_title", "person_stands", "person_cancelled", "person_state",
        "measure_future",
    ]  # fmt: skip
    assert [row[2] for row in on_teams()] == [P.CONFIRMED, P.SIGNED_UP, P.CANCELLED, P.SIGNED_UP]
    with writing():
        undo_import(db.session.get_one(ImportRun, outcome.run_id), user_id=None)
        db.session.commit()
    assert on_teams() == before


def test_a_list_gives_no_seat_that_is_not_there(app: Flask) -> None:
    """Seats told by a sheet hold; who waits by the list is seated where there is room, and that is said."""
    head = "Kursist;Kommune;Status;Kursus;Hold;Holdets pladser"
    outcome = load(
        app,
        head,
        "Anna;Jammerbugt;Venteliste;Kursus maj;Hold A;1: Jammerbugt",
        "Bo;Jammerbugt;Tilmeldt;Kursus maj;Hold A;1: Jammerbugt",
        "Carl;Aalborg;Tilmeldt;Kursus maj;Hold A;1: Jammerbugt",
        "Dorte;Jammerbugt;;Kursus maj;Hold B;mange",
    )
    assert codes(outcome) == ["person_seated", "person_waits", "person_team", "team_seats"]
    assert [(row[0], row[2]) for row in on_teams()] == [
        (("Kursus maj", "Hold A", 1, [(849, None)]), P.WAITING),
        (("Kursus maj", "Hold A", 1, [(849, None)]), P.SIGNED_UP),
        (("Kursus maj", "Hold B", None, []), P.SIGNED_UP),
    ]


@given(st.lists(st.text("aA[]:*?/\\' æ😀(2)", max_size=40), max_size=12))
def test_sheets_have_names_of_their_own(names: list[str]) -> None:
    found = sheet_names(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in found)
    assert not any(name.startswith("'") or name.endswith("'") for name in found)
    file = io.BytesIO()
    write_xlsx(file, [SheetOut(name, [Column("Navn")], []) for name in [*names, "Navn"]])


@given(st.booleans(), st.sampled_from([None, True, False]), st.booleans())
def test_each_way_a_day_can_stand_has_its_word(is_up: bool, was_there: bool | None, is_held: bool) -> None:
    """What differs in a day differs in its cell; what was signed up for is no matter once the day is noted."""
    cell = day_cell(Mark(is_up, was_there), is_held=is_held)
    if is_held and was_there is not None:
        assert tick(cell) is was_there and cell not in PLANNED
    elif is_held:
        assert PLANNED[cell] is is_up and tick(cell) is None
    else:
        assert tick(cell) is is_up and cell not in PLANNED
