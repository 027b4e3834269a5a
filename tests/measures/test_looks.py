"""The looks at how a plan goes: the last one closes the forløb off, and can be taken back; one too early asks."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.measures.actions import adopt_plan, hold_follow_up, move_measure, undo_follow_up
from nbe.measures.queries import list_follow_ups
from nbe.models import Candidacy, FollowUp, Measure
from nbe.models.states import CloseReason, MeasureState, Stage
from nbe.pipeline.actions import move_to_stage
from nbe.pipeline.rules import Wish
from tests.builders import make_business, make_candidacy, make_measure
from tests.measures.test_actions import holds, numbers
from tests.measures.test_pages import enter, errors, form_of, send

TODAY = dt.date(2016, 4, 25)
DAY = dt.date(2015, 4, 10)


def adopted(day: dt.date = DAY, *, is_started: bool = True) -> Candidacy:
    """A candidate with a plan of one measure, adopted a year ago."""
    candidacy = make_candidacy(make_business(), Stage.REPORTED, dt.date(2015, 4, 1))
    measure = make_measure(candidacy, day=DAY, is_in_plan=True, title="LED i hallen")
    with writing():
        adopt_plan(db.session.get_one(Candidacy, candidacy.id), day, "", user_id=None)
        if is_started:
            move_measure(db.session.get_one(Measure, measure.id), MeasureState.ACTIVE, day, user_id=None)
        db.session.commit()
    return candidacy


def looks(candidacy: Candidacy) -> list[FollowUp]:
    return list_follow_ups(candidacy.id)


def stands(candidacy: Candidacy) -> tuple[Stage, dt.date]:
    db.session.refresh(candidacy)
    return candidacy.stage, candidacy.stage_since_on


@pytest.mark.parametrize("is_started", [True, False])
def test_the_last_look_makes_the_candidate_completed(app: Flask, is_started: bool) -> None:
    candidacy = adopted(is_started=is_started)
    before = stands(candidacy)
    counted = numbers(candidacy.programme_id)
    first, last = looks(candidacy)
    hold_follow_up(first, dt.date(2015, 10, 12), "LED er sat op", user_id=None)
    assert stands(candidacy) == before
    hold_follow_up(last, dt.date(2016, 4, 12), "Alt kører", user_id=None)
    assert stands(candidacy) == (Stage.COMPLETED, dt.date(2016, 4, 12))
    hold_follow_up(last, dt.date(2016, 4, 14), "Alt kører", user_id=None)
    assert stands(candidacy) == (Stage.COMPLETED, dt.date(2016, 4, 14))
    holds()
    undo_follow_up(last, user_id=None)
    assert (stands(candidacy), last.held_on, last.note) == (before, None, "")
    assert numbers(candidacy.programme_id) == counted


def test_a_candidate_completed_by_hand_or_closed_stays_so(app: Flask) -> None:
    by_hand, closed = adopted(), adopted()
    move_to_stage(by_hand, Wish(Stage.COMPLETED, TODAY), user_id=None)
    move_to_stage(closed, Wish(Stage.CLOSED, TODAY, "Slut", CloseReason.WITHDRAWN), user_id=None)
    for candidacy, stage in ((by_hand, Stage.COMPLETED), (closed, Stage.CLOSED)):
        last = looks(candidacy)[-1]
        hold_follow_up(last, TODAY, "Set", user_id=None)
        assert candidacy.stage is stage
        undo_follow_up(last, user_id=None)
        assert candidacy.stage is stage


def note_last(client: FlaskClient, candidacy: Candidacy, **more: str) -> tuple[str, int]:
    path = f"/opfoelgninger/{looks(candidacy)[-1].id}"
    answer = send(client, path, form_of(client, path, path) | {"note": "Alt kører", **more})
    return (errors(answer) if answer.status_code != 303 else "", answer.status_code)


def test_a_look_long_before_its_day_asks_first(sqlite_app: Flask) -> None:
    candidacy = adopted(dt.date(2015, 10, 26))  # 12 months on is 26-10-2016
    client = enter(sqlite_app)
    path = f"/opfoelgninger/{looks(candidacy)[-1].id}"
    assert "Er den holdt allerede?" in client.get(path).text
    text, status = note_last(client, candidacy, held_on="25-04-2016")
    assert status == 422 and "mere end en måned før" in text
    assert stands(candidacy)[0] is Stage.ACTIVE
    assert note_last(client, candidacy, held_on="25-04-2016", early="y") == ("", 303)
    db.session.rollback()
    assert stands(candidacy)[0] is Stage.COMPLETED
    assert "Kandidaten er flyttet til Afsluttet" in client.get(f"/kandidater/{candidacy.id}/plan").text
    assert send(client, f"{path}/fortryd", {}).status_code == 303
    db.session.rollback()
    assert stands(candidacy)[0] is Stage.ACTIVE


def test_a_look_in_time_asks_nothing(sqlite_app: Flask) -> None:
    candidacy = adopted()
    assert note_last(enter(sqlite_app), candidacy, held_on="25-04-2016") == ("", 303)


def test_what_a_plan_lacks_is_told_before_it_is_adopted(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.REPORTED)
    measure = make_measure(candidacy, title="LED i hallen")
    make_measure(candidacy, title="Tæt trykluft", owner_name="Driften", due_on=dt.date(2016, 9, 1))
    client, plan = enter(sqlite_app), f"/kandidater/{candidacy.id}/plan"
    page = client.get(plan).text
    assert "Ansvarlig mangler:</strong> LED i hallen</li>" in page
    assert "Frist mangler:</strong> LED i hallen</li>" in page
    assert page.count("Planen skal have mindst 1 tiltag") == 1
    adopt = form_of(client, plan, plan) | {"adopted_on": "25-04-2016", "vedtag": "1"}
    adopt.pop("valgt", None)
    refused = send(client, plan, adopt)
    assert refused.status_code == 422 and refused.text.count("Planen skal have mindst 1 tiltag") == 1
    assert send(client, plan, adopt | {"valgt": str(measure.id)}).status_code == 303
    assert "Ansvarlig mangler:" not in client.get(plan).text
