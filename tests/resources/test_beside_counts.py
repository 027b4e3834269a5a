"""Hours stand wherever candidates are counted: board, table, Min dag, Kommune; in words, and only one's own links."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from nbe.models.states import RoleName, Stage
from tests.builders import make_business, make_candidacy, make_pledge, make_programme, make_screener
from tests.resources.visits import enter, words

PLACES = ("/kandidater?visning=tavle", "/kandidater?visning=tabel", "/min-dag", "/kommuner/849")


def make_place(suitable: int = 3, code: int = 849, hours: int = 60) -> None:
    make_programme()
    for _ in range(suitable):
        make_candidacy(make_business(municipality=code), Stage.SUITABLE, dt.date(2016, 4, 1))
    make_pledge(make_screener(municipality=code), hours, day=dt.date(2016, 3, 1))


@pytest.mark.parametrize("path", PLACES)
def test_the_hours_stand_beside_the_count(sqlite_app: Flask, path: str) -> None:
    make_place()
    client = enter(sqlite_app)
    said = words(client, path)
    assert "På plads til 2 af 5 forløb: 60 af 150 timer" in said
    assert "3 egnede, timer til 2 mangler 30 timer" in said
    make_pledge(make_screener(), 30)
    said = words(client, path)
    assert "På plads til 3 af 5 forløb: 90 af 150 timer" in said
    assert "egnede, timer til" not in said


def test_min_dag_asks_for_the_hours_before_the_meeting(sqlite_app: Flask) -> None:
    make_place()
    assert "De egnede mangler 30 timer." in words(enter(sqlite_app), "/min-dag")


def test_another_day_has_its_own_hours(sqlite_app: Flask) -> None:
    make_place()
    client = enter(sqlite_app)
    for path in ("/kandidater?visning=tabel&pr=01-02-2016", "/kommuner/849?pr=01-02-2016"):
        assert "Timer ikke afklaret: 0 af 150 timer" in words(client, path)
        assert "egnede, timer til" not in words(client, path)


def test_all_together_are_told_by_municipalities(sqlite_app: Flask) -> None:
    make_place()
    make_place(2, 851, hours=150)  # enough there, and no help here
    client = enter(sqlite_app, RoleName.ADMINISTRATOR, None)
    said = words(client, "/kandidater?visning=tavle")
    assert "Flere egnede end timer i 1 kommune mangler 30 timer" in said


def test_another_municipality_is_in_figures_without_links(sqlite_app: Flask) -> None:
    make_place(code=851)
    partner = enter(sqlite_app, RoleName.PARTNER)
    assert "3 egnede, timer til 2" in words(partner, "/kommuner/851")
    assert "/ressourcer?aar" not in partner.get("/kommuner/851").get_data(as_text=True)
    assert "/ressourcer?aar" in partner.get("/kommuner/849").get_data(as_text=True)
