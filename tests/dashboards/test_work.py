"""Min dag tells which looks are due and which measures are late, of one's own municipality."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from nbe.access.viewers import Viewer
from nbe.core.database import db, writing
from nbe.dashboards.work import list_work
from nbe.measures.actions import adopt_plan, choose_for_plan
from nbe.models import FollowUp, Measure
from nbe.models.states import CloseReason, MeasureState, RoleName, Stage
from nbe.pipeline.actions import move_to_stage
from nbe.pipeline.rules import Wish
from tests.builders import make_business, make_candidacy, make_measure, make_programme, make_user, sign_in
from tests.counting import statements

LEADER = Viewer(1, RoleName.LEADER, 849)
TODAY = dt.date(2016, 4, 25)


def adopted(name: str, due_on: dt.date, municipality: int = 849) -> int:
    """A plan whose first look is due on a day, with its one measure; -> the look's id."""
    candidacy = make_candidacy(make_business(name, municipality), Stage.REPORTED)
    measure = make_measure(candidacy, title=f"Tiltag hos {name}")
    with writing():
        measure = db.session.get_one(Measure, measure.id)
        choose_for_plan(measure.candidacy, {measure.id})
        adopt_plan(measure.candidacy, TODAY, "Ledelsen", user_id=None)
        of_it = sa.select(FollowUp).where(FollowUp.candidacy_id == measure.candidacy_id, FollowUp.months == 6)
        look = db.session.scalars(of_it).one()
        look.due_on = due_on
        look_id = look.id
        db.session.commit()
    return look_id


def names(viewer: Viewer = LEADER, code: int | None = 849) -> list[str]:
    return [due.business for due in list_work(viewer, make_programme(), code).looks]


def test_looks_are_told_two_weeks_ahead_and_only_ones_own(app: Flask) -> None:
    adopted("Snart", TODAY + dt.timedelta(days=14))
    adopted("Senere", TODAY + dt.timedelta(days=15))
    late = adopted("Forsinket", TODAY - dt.timedelta(days=3))
    adopted("Andre", TODAY, 851)
    assert names() == ["Forsinket", "Snart"]
    assert names(Viewer(2, RoleName.ADMINISTRATOR, None), None) == ["Forsinket", "Andre", "Snart"]
    assert names(LEADER, 851) == []
    db.session.rollback()
    with writing():
        db.session.get_one(FollowUp, late).held_on = TODAY
        db.session.commit()
    assert names() == ["Snart"]


def test_a_closed_candidate_asks_for_nothing(app: Flask) -> None:
    adopted("Lukket", TODAY)
    with writing():
        candidacy = db.session.scalars(sa.select(Measure)).one().candidacy
        move_to_stage(candidacy, Wish(Stage.CLOSED, TODAY, "Slut", CloseReason.WITHDRAWN), user_id=None)
        db.session.commit()
    assert names() == []


def test_late_measures_and_the_list_they_open(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.PLANNED)
    for state in (MeasureState.IDENTIFIED, MeasureState.DECIDED, MeasureState.ACTIVE, MeasureState.DONE):
        make_measure(candidacy, state=state, title=state.value, due_on=TODAY - dt.timedelta(days=1))
    make_measure(candidacy, state=MeasureState.ACTIVE, title="i dag", due_on=TODAY)
    client = sign_in(sqlite_app.test_client(), make_user())
    work = list_work(LEADER, make_programme(), 849)
    assert {due.what for due in work.measures} == {"decided", "active"}
    assert "Tiltag med overskredet frist (2)" in client.get("/min-dag").get_data(as_text=True)
    page = client.get(work.measures_href).get_data(as_text=True)
    assert all(f'href="/tiltag/{due.id}"' in page for due in work.measures)
    assert ">i dag<" not in page


def test_the_cost_does_not_grow(sqlite_app: Flask) -> None:
    adopted("En", TODAY)
    programme = make_programme()

    def cost() -> int:
        with statements() as sent:
            list_work(LEADER, programme, 849)
        return len(sent)

    cost()
    few = cost()
    for place in range(6):
        adopted(f"Flere {place}", TODAY)
    programme = make_programme()
    cost()
    assert cost() == few
