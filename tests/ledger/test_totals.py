"""Totals and answers on the database: equal to a recount at every date, and unchanged by what comes later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings

from nbe.businesses.actions import update_business
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.ledger import record, reverse
from nbe.ledger.actions import AlreadyReversedError, rows_of
from nbe.ledger.fold import Row
from nbe.ledger.queries import differences, states_at, sums, weekly
from nbe.models import Business, LedgerRow, Total
from nbe.models.states import LedgerKind, Stage
from tests.builders import make_business, make_candidacy, make_member, make_programme
from tests.ledger.recount import ALL_KEYS, HISTORIES, Act, Counts, counted, days, standing
from tests.sizes import size

Ground = tuple[list[int], list[int]]
KINDS = (LedgerKind.STAGE, LedgerKind.VERDICT, LedgerKind.MEMBERSHIP)
START = dt.datetime(2016, 1, 15, 12, tzinfo=dt.UTC)


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The moments at which things were recorded: a minute between any two."""
    told = [START]

    def next_minute() -> dt.datetime:
        told.append(told[-1] + dt.timedelta(minutes=1))
        return told[-1]

    monkeypatch.setattr(clock, "now", next_minute)
    return told


def kept(programme_ids: list[int], day: dt.date) -> Counts:
    """(programme, municipality, key) -> count, as the totals tell it."""
    found = {}
    for programme in (0, *programme_ids):
        for (place, key), n in sums(programme, ALL_KEYS, day).items():
            if n:
                found[(programme, place, key)] = n
    return found


def answers(day: dt.date, known_at: dt.datetime | None) -> dict[str, Any]:
    """Who stood where, by kind."""
    found = {}
    for kind in KINDS:
        states = states_at(kind, None, day, known_at)
        found[kind.value] = {
            (row.business_id, row.programme_id): (row.to_code, row.detail, row.municipality_code)
            for row in db.session.execute(sa.select(states))
        }
    return found


def plain(rows: list[Row], day: dt.date, known_at: dt.datetime | None) -> dict[str, Any]:
    """The same from the plainest telling; a membership that gave way in a merge is the other's."""
    found = {kind.value: standing(rows, kind.value, day, known_at) for kind in KINDS}
    found["membership"] = {k: v for k, v in found["membership"].items() if v[1] != "merged"}
    return found


def act_together(acts: list[Act], businesses: list[int], programmes: list[int]) -> None:
    moves = [act.move(businesses, programmes) for act in acts if act.kind != "undo"]
    record(moves, user_id=None)
    for act in acts:
        undone = sa.select(LedgerRow.reverses_id).where(LedgerRow.reverses_id.is_not(None))
        free = sa.select(LedgerRow.id).where(LedgerRow.reverses_id.is_(None), LedgerRow.id.not_in(undone))
        ids = list(db.session.scalars(free.order_by(LedgerRow.id))) if act.kind == "undo" else []
        if ids:
            reverse([ids[act.which % len(ids)]], user_id=None)


@pytest.fixture
def ground(app: Flask) -> Ground:
    """Two businesses and two programmes to play with."""
    return [make_business().id, make_business().id], [make_programme(year).id for year in (2015, 2016)]


def check_history(history: list[list[Act]], ground: Ground, minutes: list[dt.datetime]) -> None:
    """Let it happen, compare all that can be asked, and forget it."""
    businesses, programmes = ground
    asked = []
    db.session.rollback()
    with writing():
        for acts in history:
            act_together(acts, businesses, programmes)
            day = acts[0].day
            asked.append((day, minutes[-1], answers(day, None)))
        rows = rows_of(businesses)
        assert differences() == []
        for day in days():
            assert kept(programmes, day) == counted(rows, day)
        for day, moment, answer in asked:
            assert answers(day, None) == plain(rows, day, None)
            assert answers(day, moment) == answer == plain(rows, day, moment)
        for programme in programmes:
            for end, level in weekly(programme, ALL_KEYS, day):
                found = [n for (p, _, key), n in counted(rows, end).items() if p == programme]
                assert sum(level.values()) == sum(found)
    db.session.rollback()


@settings(max_examples=size(600))
@given(HISTORIES)
def test_any_history_is_counted_right(
    app: Flask, ground: Ground, minutes: list[dt.datetime], history: list[list[Act]]
) -> None:
    check_history(history, ground, minutes)


def test_undo_restores_every_total(app: Flask) -> None:
    business = make_business()
    make_member(business)
    candidacy = make_candidacy(business, Stage.ASSESSING)
    before = {day: kept([candidacy.programme_id], day) for day in days()}
    totals = sa.select(Total.grain, Total.key, Total.starts_on, Total.delta).where(Total.delta != 0)
    rows_before = set(db.session.execute(totals))
    with writing():
        db.session.rollback()
        move = Act("stage", to="screened", day=dt.date(2016, 1, 3)).move([business.id], [candidacy.programme_id])
        (moved,) = record([move], user_id=None)
        assert set(db.session.execute(totals)) != rows_before
        (undone,) = reverse([moved], user_id=None, reason="Fejl")
        db.session.commit()
    assert {day: kept([candidacy.programme_id], day) for day in days()} == before
    assert set(db.session.execute(totals)) == rows_before
    for again in (moved, undone):
        with pytest.raises(AlreadyReversedError):
            reverse([again], user_id=None)


def test_a_business_that_moves_counts_where_it_was_until_then(app: Flask) -> None:
    business = make_business(municipality=849)
    make_member(business, dt.date(2016, 1, 10))
    candidacy = make_candidacy(business, Stage.SUITABLE, dt.date(2016, 2, 1))
    with writing():
        db.session.rollback()
        update_business(db.session.get_one(Business, business.id), {"municipality_code": 851}, user_id=None)
        db.session.commit()
    assert differences() == []
    today = clock.today()
    for day, place in ((today - dt.timedelta(days=1), 849), (today, 851)):
        assert sums(0, ["member:member"], day) | {} == {(849, "member:member"): int(place == 849)} | (
            {(851, "member:member"): 1} if place == 851 else {}
        )
        found = sums(candidacy.programme_id, ["stage:suitable", "assessed"], day)
        assert {key: n for key, n in found.items() if n} == {(place, "stage:suitable"): 1, (place, "assessed"): 1}


def test_a_total_that_is_off_is_found(app: Flask) -> None:
    make_candidacy(make_business(), Stage.SUITABLE)
    assert differences() == []
    with writing():
        db.session.rollback()
        total = db.session.scalars(sa.select(Total).where(Total.grain == "D", Total.key == "stage:suitable")).one()
        total.delta += 1
        db.session.commit()
    ((_, grain, key, day, place, counted_, kept_),) = differences()
    assert (grain, key, day, place, counted_, kept_) == ("D", "stage:suitable", dt.date(2016, 2, 1), 849, 1, 2)
    runner = app.test_cli_runner()
    db.session.remove()
    assert runner.invoke(args=["check"]).exit_code == 1
