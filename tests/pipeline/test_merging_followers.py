"""Screenings and measures in a merge: they go along, count once, and come back when the merge is taken back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from nbe.access import SYSTEM
from nbe.core.database import db, writing
from nbe.ledger import measure_key, saving_key
from nbe.ledger.queries import differences, sums
from nbe.measures.actions import adopt_plan, move_measure, set_savings, undo_measure
from nbe.measures.filters import MeasureFilter
from nbe.measures.listing import list_measures_of
from nbe.measures.rules import Amount
from nbe.models import ActionPlan, Business, Candidacy, FollowUp, Measure, Screening
from nbe.models.states import MeasureState, Quantity, SavingPhase, ScreeningState, Stage
from nbe.pipeline.merging import merge_businesses, unmerge
from tests.builders import make_business, make_candidacy, make_measure, make_programme, make_screening

TODAY = dt.date(2016, 4, 25)
IDENTIFIED, DECIDED, REALISED = SavingPhase
KEYS = [
    *(measure_key(phase) for phase in SavingPhase),
    *(saving_key(phase, "energy") for phase in SavingPhase),
    *(f"screening:{state.value}" for state in ScreeningState),
    "stage:screened",
    "stage:planned",
    "stage:active",
]


def told(day: dt.date = TODAY) -> Counter[str]:
    """What is counted of everybody on a day."""
    db.session.rollback()
    found: Counter[str] = Counter()
    for (_code, key), n in sums(make_programme().id, KEYS, day).items():
        found[key] += n
    return +found


def a_screened_one() -> tuple[Candidacy, Measure]:
    """A candidate with a visit held, one measure of 900 kWh in its adopted plan."""
    candidacy = make_candidacy(make_business("Smeden ApS"), Stage.AGREED, dt.date(2016, 3, 1))
    make_screening(candidacy, state=ScreeningState.HELD)
    measure = make_measure(candidacy, title="Tæt rør")
    with writing():
        set_savings(measure, IDENTIFIED, {Quantity.ENERGY: Amount(Decimal(900))}, user_id=None)
        measure.is_in_plan = True
        adopt_plan(candidacy, TODAY, "Ejeren", user_id=None)
        db.session.commit()
    return candidacy, measure


def merge(kept_id: int, gone_id: int) -> None:
    db.session.rollback()
    with writing():
        merge_businesses(db.session.get_one(Business, kept_id), db.session.get_one(Business, gone_id), {}, user_id=None)
        db.session.commit()


def part(kept_id: int, gone_id: int) -> None:
    db.session.rollback()
    with writing():
        assert unmerge(db.session.get_one(Business, kept_id), db.session.get_one(Business, gone_id), user_id=None)
        db.session.commit()


def owners() -> set[tuple[str, int, int]]:
    """(what, business, candidacy) of every follower."""
    db.session.rollback()
    return {
        (model.__name__, record.business_id, record.candidacy_id)
        for model in (Screening, Measure, ActionPlan, FollowUp)
        for record in db.session.scalars(sa.select(model))
    }


def test_they_go_along_and_count_once(app: Flask) -> None:
    candidacy, _measure = a_screened_one()
    gone_id = candidacy.business_id
    kept = make_candidacy(make_business("Smedjen ApS"), Stage.CONTACTED)
    kept_id, place = kept.business_id, kept.id
    before, came_from = told(), owners()
    merge(kept_id, gone_id)
    assert told() == before
    assert {(business, candidate) for _what, business, candidate in owners()} == {(kept_id, place)}
    rows = list_measures_of(SYSTEM, MeasureFilter(make_programme())).rows
    assert [(row.name, row.title, row.is_counted) for row in rows] == [("Smedjen ApS", "Tæt rør", True)]
    assert differences() == []
    part(kept_id, gone_id)
    assert told() == before
    assert owners() == came_from
    assert differences() == []


def test_beside_what_the_other_has(app: Flask) -> None:
    candidacy, _measure = a_screened_one()
    gone_id = candidacy.business_id
    kept = make_candidacy(make_business("Smedjen ApS"), Stage.AGREED, dt.date(2016, 3, 2))
    make_screening(kept, state=ScreeningState.HELD)
    make_measure(kept, title="Ny lampe")
    kept_id = kept.business_id
    before, came_from = told(), owners()
    merge(kept_id, gone_id)
    after = told()
    assert after[measure_key(IDENTIFIED)] == before[measure_key(IDENTIFIED)] == 2
    assert after["screening:held"] == 2
    numbers = db.session.scalars(sa.select(Screening.number).where(Screening.business_id == kept_id))
    assert sorted(numbers) == [1, 2]
    part(kept_id, gone_id)
    assert (told(), owners()) == (before, came_from)
    assert differences() == []


def test_what_was_done_since_goes_back_with_them(app: Flask) -> None:
    candidacy, measure = a_screened_one()
    gone_id, measure_id = candidacy.business_id, measure.id
    kept = make_candidacy(make_business("Smedjen ApS"), Stage.CONTACTED)
    kept_id = kept.business_id
    merge(kept_id, gone_id)
    with writing():
        found = db.session.get_one(Measure, measure_id)
        move_measure(found, MeasureState.DONE, TODAY, user_id=None)
        set_savings(found, REALISED, {Quantity.ENERGY: Amount(Decimal(700), evidence="Måler")}, user_id=None)
        move_measure(found, MeasureState.DOCUMENTED, TODAY, user_id=None)
        db.session.commit()
    assert told()[saving_key(REALISED, "energy")] == 700_000
    part(kept_id, gone_id)
    found = db.session.get_one(Measure, measure_id)
    assert (found.business_id, found.state) == (gone_id, MeasureState.DOCUMENTED)
    now = told()
    assert (now[saving_key(REALISED, "energy")], now[measure_key(REALISED)]) == (700_000, 1)
    assert differences() == []


def test_a_merge_is_not_undone_from_the_measure(app: Flask) -> None:
    candidacy, measure = a_screened_one()
    gone_id, measure_id = candidacy.business_id, measure.id
    kept_id = make_candidacy(make_business("Smedjen ApS"), Stage.CONTACTED).business_id
    merge(kept_id, gone_id)
    with writing():
        assert not undo_measure(db.session.get_one(Measure, measure_id), user_id=None)
        db.session.commit()
    assert differences() == []
