"""Which moves may be made, what they ask for, and what they pass by."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from nbe.models.states import OPEN_STAGES, STAGES_IN_ORDER, SUITABLE_STAGES, CloseReason, Stage
from nbe.pipeline.rules import (
    MoveRefusedError,
    Standing,
    Wish,
    decide,
    is_silent,
    lacks_verdict,
    needs_reason,
    silent_after,
    skipped_stages,
)

TODAY = dt.date(2016, 4, 25)
SINCE = dt.date(2016, 3, 1)
stages = st.sampled_from(STAGES_IN_ORDER)


def refused(standing: Standing, wish: Wish) -> str:
    with pytest.raises(MoveRefusedError) as caught:
        decide(standing, wish, TODAY)
    assert str(caught.value.message)
    return caught.value.field


@given(stages, stages)
def test_ahead_is_free_and_back_asks_why(current: Stage, to: Stage) -> None:
    wish = Wish(to, TODAY)
    if to is current:
        assert refused(Standing(current, SINCE), wish) == "to"
    elif to.position < current.position:
        assert refused(Standing(current, SINCE), wish) == "reason"
        assert decide(Standing(current, SINCE), Wish(to, TODAY, "Forkert kolonne"), TODAY).is_backward
    else:
        assert not decide(Standing(current, SINCE), wish, TODAY).is_backward


@given(stages)
def test_closing_asks_for_reason_and_kind(current: Stage) -> None:
    standing = Standing(current, SINCE)
    assert refused(standing, Wish(Stage.CLOSED, TODAY, "Nej tak")) == "detail"
    assert refused(standing, Wish(Stage.CLOSED, TODAY, "", CloseReason.DECLINED)) == "reason"
    assert decide(standing, Wish(Stage.CLOSED, TODAY, "Nej tak", CloseReason.DECLINED), TODAY).skipped == ()


def test_postponing_names_its_year() -> None:
    standing = Standing(Stage.CONTACTED, SINCE)
    for year in (None, 2015, 2101):
        assert refused(standing, Wish(Stage.CLOSED, TODAY, "Ombygger", CloseReason.POSTPONED, year)) == "year"
    assert decide(standing, Wish(Stage.CLOSED, TODAY, "Ombygger", CloseReason.POSTPONED, 2017), TODAY)


@given(st.dates(SINCE - dt.timedelta(days=400), TODAY + dt.timedelta(days=400)))
def test_a_move_happens_after_the_last_and_not_tomorrow(day: dt.date) -> None:
    wish, standing = Wish(Stage.SUITABLE, day), Standing(Stage.ASSESSING, SINCE)
    if SINCE <= day <= TODAY:
        assert decide(standing, wish, TODAY)
    else:
        assert refused(standing, wish) == "happened_on"


@given(stages, stages, st.booleans())
def test_skipping_lists_exactly_what_is_passed_by(current: Stage, to: Stage, has_verdict: bool) -> None:
    passed = skipped_stages(current, to, has_verdict)
    between = [s for s in STAGES_IN_ORDER if current.position < s.position < to.position]
    assert set(passed) - {Stage.SUITABLE} == set(between) - {Stage.SUITABLE} or to is Stage.SUITABLE
    needs_verdict = not has_verdict and current.position < Stage.SUITABLE.position <= to.position
    assert (Stage.SUITABLE in passed) == needs_verdict


def test_what_is_missing_is_said_in_words(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        decision = decide(Standing(Stage.INTERESTED, SINCE), Wish(Stage.SCREENED, TODAY), TODAY)
        assert decision.missing == [
            "kriterierne åbnet",
            "vurderingen egnet med dato og begrundelse",
            "aftale med ledelsen",
            "dato og screener",
        ]


@given(stages, st.integers(0, 120))
def test_silence(stage: Stage, days: int) -> None:
    last = TODAY - dt.timedelta(days=days)
    limit = 30 if stage in OPEN_STAGES else 60
    expected = stage is not Stage.COMPLETED and days >= limit
    assert is_silent(stage, last, TODAY) == expected
    assert is_silent(stage, last, TODAY, 10, 10) == (stage is not Stage.COMPLETED and days >= 10)
    assert silent_after(Stage.CLOSED) is None


@given(st.sampled_from(list(Stage)), st.booleans())
def test_counting_without_a_verdict_is_told(stage: Stage, has_verdict: bool) -> None:
    assert lacks_verdict(stage, has_verdict) == (stage in SUITABLE_STAGES and not has_verdict)
    assert needs_reason(stage, Stage.CLOSED)
