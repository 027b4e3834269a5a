"""Columns recognised by their headings, and sheets told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbe.core.sheets import open_table_file
from nbe.imports.fields import FIELDS
from nbe.imports.headings import find_header, heading_key, match_columns, recognise
from nbe.imports.plan import look_at

DATA = Path(__file__).parent.parent / "data"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Virksomhed", "name"),
        ("Navn", "name"),
        ("CVR-nr.", "cvr"),
        ("cvr nummer", "cvr"),
        ("P-nummer", "p_number"),
        ("Kommunekode", "municipality"),
        ("Postnr.", "postcode"),
        ("Tlf.", "contact_phone"),
        ("Telefon", "contact_phone"),
        ("Email", "contact_email"),
        ("E-mail", "contact_email"),
        ("Tilmeldt", "membership_on"),
        ("Tilmeldt den", "membership_on"),
        ("Tilmeldt netværk", "membership_on"),
        ("Dato for tilmelding", "membership_on"),
        ("Trin", "stage"),
        ("Status", "stage"),
        ("Egnet?", "suitable"),
        ("Screening", "screening_on"),
        ("Bemærkninger", "note"),
        ("Bemerkninger", "note"),
        ("Sagsnummer", "case_number"),
        ("Næste skridt dato", "next_step_on"),
        ("Ansvarlig", "responsible"),
        ("Deltager", None),
        ("Stilling", None),
        ("", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    assert recognise(heading)[0] == field


def test_the_workbook_s_sheets() -> None:
    book = open_table_file((DATA / "kandidatliste-2016.xlsx").read_bytes(), "kandidatliste-2016.xlsx")
    sheets = look_at(book)
    assert [(sheet.name, sheet.reason) for sheet in sheets] == [
        ("Virksomheder", ""),
        ("Kursus maj hold 1", ""),
        ("Temamøde 26-01", ""),
    ]
    assert [sheet.kind for sheet in sheets] == ["", "participants", "registrations"]
    assert sheets[0].header is not None
    assert sheets[0].header.row == 3
    assert len(sheets[0].header.fields) == 15


def test_the_file_s_name_names_the_sheet_of_a_csv() -> None:
    book = open_table_file((DATA / "kandidatliste-jammerbugt.csv").read_bytes(), "kandidatliste-jammerbugt.csv")
    sheet = look_at(book)[0]
    assert sheet.name == "kandidatliste-jammerbugt"
    assert sheet.header is not None
    assert sheet.header.found == {
        "name", "cvr", "municipality", "employees", "contact_name", "contact_email", "contact_phone",
        "membership_on", "stage",
    }  # fmt: skip


def test_a_field_has_one_column() -> None:
    assert match_columns(["Telefon", "CVR", "Tlf.", "Navn"]) == {0: "contact_phone", 1: "cvr", 3: "name"}


def test_a_choice_made_by_hand_goes_first() -> None:
    assert recognise("Status", {heading_key("status"): ""})[0] is None
    assert recognise("Hvordan", {heading_key("hvordan"): "stage"})[0] == "stage"


_headings = st.lists(st.sampled_from([field.heading for field in FIELDS]), min_size=2, max_size=12, unique=True)


@given(_headings, st.integers(0, 6), st.data())
def test_any_choice_of_columns_is_found_below_any_title(headings: list[str], above: int, data: st.DataObject) -> None:
    titles = [["NBE - liste", None, None]] + [[None]] * above
    written = [data.draw(st.sampled_from([h, h.upper(), f" {h} ", h.lower()])) for h in headings]
    header = find_header([*titles, written, ["Æble A/S", "13585628", "5"]])
    assert header is not None
    assert header.row == len(titles)
    expected = {field.heading: field.key for field in FIELDS}
    assert [header.fields[i] for i in range(len(headings))] == [expected[h] for h in headings]


@given(st.lists(st.lists(st.none() | st.text(max_size=20) | st.integers() | st.floats(), max_size=6), max_size=8))
def test_nothing_makes_it_stumble(rows: list[list[object]]) -> None:
    header = find_header(rows)
    assert header is None or header.row < len(rows)
