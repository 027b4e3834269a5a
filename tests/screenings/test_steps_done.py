"""Agreeing on a visit settles the step that led to it; taken back, the step stands again."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from nbe.core.database import db, writing
from nbe.models import Candidacy, Change, Screening
from nbe.models.states import Stage
from nbe.pipeline.actions import set_next_step
from nbe.screenings.actions import latest_move, plan_screening, undo_screening_move
from nbe.screenings.rules import Appointment
from tests.builders import make_business, make_candidacy

VISIT = dt.datetime(2016, 5, 4, 7, tzinfo=dt.UTC)
ASK = "Aftal dato for screening"


def planned(step: str, day: dt.date | None, stage: Stage = Stage.AGREED) -> Screening:
    """A visit on 4 May agreed on 25 April with a candidate for whom a step was written down."""
    candidacy_id = make_candidacy(make_business(), stage, dt.date(2016, 2, 1)).id
    with writing():
        set_next_step(db.session.get_one(Candidacy, candidacy_id), step, day)
        db.session.commit()
    with writing():
        screening = plan_screening(db.session.get_one(Candidacy, candidacy_id), Appointment(VISIT), user_id=None)
        db.session.commit()
    return screening


@pytest.mark.parametrize(
    ("stage", "day", "stands"),
    [
        (Stage.AGREED, dt.date(2016, 4, 20), False),
        (Stage.AGREED, dt.date(2016, 4, 28), False),  # the day was to be agreed by then, and is
        (Stage.AGREED, None, False),
        (Stage.AGREED, dt.date(2016, 5, 5), True),
        (Stage.REPORTED, dt.date(2016, 4, 25), False),
        (Stage.REPORTED, dt.date(2016, 4, 28), True),  # a second visit settles only what is due
    ],
)
def test_the_step_that_led_to_the_visit_is_done(app: Flask, stage: Stage, day: dt.date | None, stands: bool) -> None:
    screening = planned(ASK, day, stage)
    told = (screening.candidacy.next_step, screening.candidacy.next_step_on)
    assert told == ((ASK, day) if stands else ("", None))
    changes = db.session.query(Change).filter_by(entity="candidacy", entity_id=screening.candidacy_id)
    assert any(change.diff.get("next_step") == [ASK, ""] for change in changes) is not stands
    with writing():
        screening = db.session.get_one(Screening, screening.id)
        row = latest_move(screening)
        assert row and undo_screening_move(screening, row, user_id=None)
        db.session.commit()
    assert (screening.candidacy.next_step, screening.candidacy.next_step_on) == (ASK, day)


def test_a_step_agreed_since_is_not_put_back(sqlite_app: Flask) -> None:
    screening = planned(ASK, None)
    with writing():
        screening = db.session.get_one(Screening, screening.id)
        set_next_step(screening.candidacy, "Send brev", dt.date(2016, 4, 29))
        row = latest_move(screening)
        assert row and undo_screening_move(screening, row, user_id=None)
        db.session.commit()
    assert screening.candidacy.next_step == "Send brev"
