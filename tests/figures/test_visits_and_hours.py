"""Figures of visits, waits and hours: what counts, on any day, as known then, of a part, and for whom."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from statistics import median

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.figures import ALL, AT_A_GLANCE, FIGURES, Narrowing, compute
from nbe.figures.masking import HIDDEN
from nbe.figures.waiting import median_of
from nbe.ledger import Move, record
from nbe.models import Candidacy
from nbe.models.states import CloseReason, LedgerKind, ResourceState, ScreeningState, Source, Stage
from tests.builders import (
    make_business,
    make_candidacy,
    make_measure,
    make_pledge,
    make_programme,
    make_screener,
    make_screening,
)

TODAY = dt.date(2016, 4, 25)
JANUARY = dt.date(2016, 1, 1)


def move(candidacy: Candidacy, to: Stage, day: dt.date, reason: CloseReason | None = None) -> None:
    with writing():
        candidacy = db.session.merge(candidacy)
        told = Move(
            kind=LedgerKind.STAGE,
            municipality_code=candidacy.business.municipality_code,
            to_code=to.value,
            detail=reason.value if reason else None,
            happened_on=day,
            business_id=candidacy.business_id,
            programme_id=candidacy.programme_id,
        )
        record([told], user_id=None)
        db.session.commit()


def waited(days: int, municipality: int = 849, industry: str = "105100") -> Candidacy:
    """A candidate that became suitable on 1 January and was screened so many days later."""
    business = make_business(municipality=municipality, industry_code=industry)
    candidacy = make_candidacy(business, Stage.SUITABLE, JANUARY)
    move(candidacy, Stage.SCREENED, JANUARY + dt.timedelta(days=days))
    return candidacy


def values(code: int | None = 849, as_of: dt.date = TODAY, **asked: object) -> dict:
    return dict(compute(make_programme(), as_of, **asked).values[code])


def test_visits_count_by_state_where_their_candidate_counts(app: Flask) -> None:
    make_screening(state=ScreeningState.HELD)
    make_screening(state=ScreeningState.HANDED_OVER)
    make_screening(state=ScreeningState.CANCELLED)
    gone = make_screening(state=ScreeningState.PLANNED)
    here = values()
    assert [here[f"screenings_{state.value}"] for state in ScreeningState] == [1, 1, 0, 0, 1, 1]
    assert here["reported"] == 1
    move(gone.candidacy, Stage.CLOSED, TODAY, CloseReason.DECLINED)
    assert values()["screenings_planned"] == 0
    assert values(as_of=TODAY - dt.timedelta(days=1))["screenings_planned"] == 2  # one of them cancelled today
    assert values(as_of=dt.date(2016, 3, 31))["screenings_held"] == 0
    assert values(851)["screenings_held"] == 0


def test_the_median_of_the_days_to_the_visit(app: Flask) -> None:
    assert values()["days_to_screened"] is None
    waited(10)
    assert values()["days_to_screened"] == 10
    later = waited(21)
    assert values()["days_to_screened"] == 15.5
    waited(90, municipality=851)
    assert values()["days_to_screened"] == 15.5
    assert values(ALL)["days_to_screened"] == 21
    make_candidacy(make_business(), Stage.SCREENED, JANUARY)  # skipped all between: nobody knows how long it waited
    assert values()["days_to_screened"] == 15.5
    assert values(as_of=JANUARY + dt.timedelta(days=20))["days_to_screened"] == 10
    move(later, Stage.REPORTED, TODAY)
    assert values()["days_to_screened"] == 15.5
    move(later, Stage.CLOSED, TODAY, CloseReason.WITHDRAWN)
    assert values()["days_to_screened"] == 10
    move(later, Stage.REPORTED, TODAY)
    assert values()["days_to_screened"] == 15.5


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_the_median_of_counted_numbers_is_the_median(numbers: list[int]) -> None:
    assert median_of(Counter(numbers)) == median(numbers)


def test_hours_needed_promised_and_what_they_are_enough_for(app: Flask) -> None:
    programme, screener = make_programme(), make_screener()
    make_pledge(screener, 45, day=dt.date(2016, 2, 1))
    make_pledge(screener, 44.5, month=dt.date(2016, 6, 1), day=dt.date(2016, 3, 1))
    here = compute(programme, TODAY)
    assert [here.value(key, 849) for key in ("hours_needed", "hours_promised", "hours_covered")] == [150, 89.5, 2]
    assert [here.value(key) for key in ("hours_needed", "hours_promised", "hours_covered")] == [1650, 89.5, 2]
    assert here.coverage[849].state is ResourceState.PARTLY
    told = here.as_json(849)["figures"]["hours_covered"]
    assert (told["value"], told["target"], told["state"], told["state_label"]) == (2, 5, "partly", "Delvist")
    assert here.as_json(851)["figures"]["hours_covered"]["state"] == "unclear"
    assert values(as_of=dt.date(2016, 2, 29))["hours_promised"] == 45
    assert values(as_of=dt.date(2016, 1, 31))["hours_covered"] == 0


def test_more_suitable_than_there_are_hours_for(app: Flask) -> None:
    make_pledge(make_screener(), 60)
    for _ in range(2):
        make_candidacy(make_business(), Stage.SUITABLE)
    figures = compute(make_programme(), TODAY)
    assert not figures.lacks_hours(849) and not figures.lacks_hours()
    make_candidacy(make_business(municipality=851), Stage.SUITABLE)
    figures = compute(make_programme(), TODAY)
    assert figures.lacks_hours(851) and figures.lacks_hours() and not figures.lacks_hours(849)


def fill() -> None:
    for place, state in enumerate(ScreeningState):
        business = make_business(
            municipality=849 if place % 2 else 851, industry_code=("105100", "251100")[place % 3 > 0]
        )
        candidacy = make_candidacy(business, Stage.AGREED)
        candidacy.source = Source.EVENT if place % 2 else None
        with writing():
            db.session.commit()
        make_screening(candidacy, state=state)
        make_measure(candidacy)
    waited(12)
    waited(30, industry="251100")


@pytest.mark.parametrize("as_of", [dt.date(2016, 1, 20), dt.date(2016, 4, 20), TODAY])
def test_as_known_then_is_what_is_known_now_until_something_changes(app: Flask, as_of: dt.date) -> None:
    fill()
    make_pledge(make_screener(), 60)
    programme, then = make_programme(), clock.now()
    known = compute(programme, as_of, known_at=then).values
    assert known == compute(programme, as_of).values
    waited(3)
    make_screening(state=ScreeningState.HELD, day=JANUARY, starts_at=dt.datetime(2016, 1, 10, 9, tzinfo=dt.UTC))
    make_pledge(make_screener(), 60, day=JANUARY)
    assert compute(programme, as_of, known_at=then).values == known
    assert compute(programme, as_of).values != known


def test_the_parts_of_an_industry_add_up_and_have_no_hours(app: Flask) -> None:
    fill()
    whole = values()
    parts = [values(narrowing=Narrowing(industry=division)) for division in ("10", "25")]
    for state in ScreeningState:
        key = f"screenings_{state.value}"
        assert sum(part[key] for part in parts) == whole[key], key
    # In each, one waited 79 days from the agreement to its visit.
    assert [part["days_to_screened"] for part in parts] == [(12 + 79) / 2, (30 + 79) / 2]
    assert whole["days_to_screened"] == (30 + 79) / 2
    assert {part[key] for part in parts for key in ("hours_needed", "hours_covered", "missing")} == {None}
    by_source = values(narrowing=Narrowing(source=Source.EVENT))
    assert sum(by_source[f"screenings_{state.value}"] for state in ScreeningState) == 3
    assert by_source["measures_identified"] == 3
    assert by_source["days_to_screened"] == 79


def test_of_a_part_no_visit_and_no_saving_is_told_to_those_who_see_it_roughly(app: Flask) -> None:
    fill()
    figures = compute(make_programme(), TODAY, narrowing=Narrowing(industry="10"), is_masked=True)
    told = [f for f in FIGURES if f.group in ("screenings", "measures") and figures.shown(f.key, 849) != HIDDEN]
    assert not told
    assert figures.shown("hours_needed", 849) is None
    headline = compute(make_programme(), TODAY, is_masked=True)
    assert headline.shown("screenings_planned", 851) == 1


def test_only_what_is_asked_for_is_computed(app: Flask) -> None:
    figures = compute(make_programme(), TODAY, figures=AT_A_GLANCE)
    assert "days_to_screened" not in figures.as_json()["figures"]
