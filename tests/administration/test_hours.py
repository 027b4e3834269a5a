"""The hours of one forløb: read as typed, kept task by task, told, taken back, and two people at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import LedgerRow
from nbe.models.states import HourTask, LedgerKind, RoleName
from nbe.resources.queries import coverage, list_norm_changes, task_hours
from tests.builders import make_pledge, make_programme, make_screener
from tests.resources.visits import enter, filled, form_of, send, text_of, undo_of, words

PATH = "/administration/timer/2016"
DAY = dt.date(2016, 4, 25)


def hours() -> dict[str, Decimal]:
    db.session.rollback()
    return {task.value: number for task, number in task_hours(make_programme().id).items()}


def test_a_change_holds_for_the_eleven_from_today_on(app: Flask) -> None:
    programme = make_programme()
    make_pledge(make_screener(), 60)
    client = enter(app, RoleName.ADMINISTRATOR, None)
    shown = form_of(client, PATH)
    assert [shown[task.value] for task in HourTask] == ["4", "6", "8", "2", "6", "4"]
    assert "I alt 30 timer" in words(client, PATH)
    assert send(client, PATH, shown | {"visit": "7,5", "follow_up": "0"}).status_code == 303
    assert (hours()["visit"], hours()["follow_up"]) == (Decimal("7.5"), 0)
    undo = undo_of(client, PATH)
    said = words(client, PATH)
    assert "I alt 27,5 timer" in said and "Besøg 7,5" in said
    rows = db.session.scalars(sa.select(LedgerRow).where(LedgerRow.kind == LedgerKind.NORM)).all()
    assert len(rows) == 11
    assert "satte timerne pr. forløb for Jammerbugt i 2016 til 27,5" in words(client, "/historik?kommune=849")
    now, before = coverage(programme, DAY)[849], coverage(programme, DAY - dt.timedelta(days=1))[849]
    assert (now.needed, before.needed) == (Decimal("137.5"), 150)
    assert "af 137,5 timer" in words(client, "/ressourcer?kommune=849")
    assert send(client, undo, {}).status_code == 303
    assert sum(hours().values()) == 30
    told = list_norm_changes(programme.id)
    assert [(change.is_undo, change.is_undone, change.undo_with) for change in told] == [
        (True, False, None),
        (False, True, None),
    ]
    send(client, undo, {})
    assert "ændret igen siden" in words(client, PATH)


def test_only_the_latest_is_taken_back(app: Flask) -> None:
    make_programme()
    client = enter(app, RoleName.ADMINISTRATOR, None)
    send(client, PATH, form_of(client, PATH) | {"visit": "8"})
    first = undo_of(client, PATH)
    send(client, PATH, form_of(client, PATH) | {"report": "9"})
    send(client, first, {})
    assert (hours()["visit"], hours()["report"]) == (8, 9)
    send(client, latest(), {})
    assert (hours()["visit"], hours()["report"]) == (8, 8)


def latest() -> str:
    """The button in the table of changes."""
    changes = list_norm_changes(make_programme().id)
    return f"{PATH}/fortryd?raekke={next(change.undo_with for change in changes if change.undo_with)}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"visit": ""}, "Skal udfyldes."),
        ({"visit": "fem"}, "Skriv timer som et tal"),
        ({"visit": "-1"}, "Skriv timer fra 0 til 200."),
        ({task.value: "0" for task in HourTask}, "Et forløb kan ikke tage 0 timer i alt."),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(sqlite_app: Flask, typed: dict[str, str], said: str) -> None:
    make_programme()
    client = enter(sqlite_app, RoleName.ADMINISTRATOR, None)
    answer = send(client, PATH, form_of(client, PATH) | {"report": "9,25"} | typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text_of(page)
    assert filled(page, PATH)["visit"] == typed["visit"]
    assert sum(hours().values()) == 30


def test_the_second_sees_what_the_first_changed(app: Flask) -> None:
    make_programme()
    first, second = (enter(app, RoleName.ADMINISTRATOR, None) for _ in range(2))
    mine = form_of(second, PATH)
    send(first, PATH, form_of(first, PATH) | {"visit": "7"})
    answer = send(second, PATH, mine | {"visit": "9", "plan": "5"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Gemt nu: 7" in text_of(page) and "Dit: 9" in text_of(page)
    assert hours()["visit"] == 7
    assert send(second, PATH, filled(page, PATH) | {"visit": "9", "plan": "5"}).status_code == 303
    assert (hours()["visit"], hours()["plan"]) == (9, 5)


def test_the_way_in_and_who_may(sqlite_app: Flask) -> None:
    client = enter(sqlite_app, RoleName.ADMINISTRATOR, None)
    assert client.get("/administration/timer").location == "/administration/forloeb"
    make_programme()
    assert form_of(client, "/administration/timer", PATH)["visit"] == "6"
    assert "30 timer i 2016" in words(client, "/administration")
    assert client.get("/administration/timer/2031").status_code == 404
    assert enter(sqlite_app).get(PATH).status_code == 403
