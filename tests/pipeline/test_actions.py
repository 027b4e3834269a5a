"""What is done with candidates: columns and totals follow the ledger, and undo is a move."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.database import db
from nbe.figures import compute
from nbe.ledger.queries import differences
from nbe.models import Candidacy, LedgerRow
from nbe.models.states import (
    ActivityKind,
    ActivityOutcome,
    CloseReason,
    CriterionAnswer,
    Stage,
    Verdict,
)
from nbe.pipeline import actions
from nbe.pipeline.criteria import active_criteria
from nbe.pipeline.rules import MoveRefusedError, Wish
from tests.builders import make_business, make_candidacy, make_programme, make_user
from tests.sizes import size

TODAY = dt.date(2016, 4, 25)
DAY = dt.date(2016, 2, 1)


def counted(key: str, day: dt.date = TODAY) -> int:
    return int(compute(make_programme(), day, 849).value(key, 849) or 0)


def candidate(stage: Stage = Stage.LONGLIST, **columns: object) -> Candidacy:
    return make_candidacy(make_business(), stage, DAY, **columns)  # type: ignore[arg-type]


def test_a_verdict_lifts_to_suitable_and_can_be_undone(app: Flask) -> None:
    c, user = candidate(Stage.ASSESSING), make_user()
    answers = {criterion.id: CriterionAnswer.YES for criterion in active_criteria()}
    actions.give_verdict(c, Verdict.SUITABLE, TODAY, "Ledelsen er med", answers, user_id=user.id)
    assert (c.stage, c.verdict, c.verdict_on) == (Stage.SUITABLE, Verdict.SUITABLE, TODAY)
    assert (counted("suitable"), counted("assessed")) == (1, 1)
    assert c.assessment is not None and len(c.assessment.answers) == len(answers) == 4
    assert actions.undo_move(c, user_id=user.id)
    assert (c.stage, c.verdict, c.stage_since_on) == (Stage.ASSESSING, None, DAY)
    assert (counted("suitable"), counted("assessed")) == (0, 0)
    assert not differences()


def test_not_suitable_closes_and_stays_assessed(app: Flask) -> None:
    c = candidate(Stage.ASSESSING)
    actions.give_verdict(c, Verdict.NOT_SUITABLE, TODAY, "For lille", {}, user_id=None)
    assert (c.stage, c.close_reason) == (Stage.CLOSED, CloseReason.NOT_SUITABLE)
    actions.reopen(c, TODAY, "Har ansat flere", user_id=None)
    assert (c.stage, c.close_reason) == (Stage.ASSESSING, None)
    assert (counted("candidates"), counted("assessed")) == (1, 1)
    assert not differences()


def test_a_verdict_on_one_who_is_further_does_not_move_it_back(app: Flask) -> None:
    c = candidate(Stage.SCREENED)
    actions.give_verdict(c, Verdict.SUITABLE, TODAY, "Set efter", {}, user_id=None)
    assert (c.stage, c.verdict) == (Stage.SCREENED, Verdict.SUITABLE)
    with pytest.raises(MoveRefusedError):
        actions.give_verdict(c, Verdict.SUITABLE, TODAY + dt.timedelta(days=1), "I morgen", {}, user_id=None)


def test_answers_open_the_assessment(app: Flask) -> None:
    c = candidate(Stage.INTERESTED)
    actions.save_answers(c, {active_criteria()[0].id: CriterionAnswer.PARTLY}, "", user_id=None)
    assert c.stage is Stage.ASSESSING
    late = candidate(Stage.AGREED)
    actions.save_answers(late, {active_criteria()[0].id: CriterionAnswer.NO}, "", user_id=None)
    assert late.stage is Stage.AGREED


def test_postponed_turns_up_in_its_year_and_undo_takes_it_away(app: Flask) -> None:
    c = candidate(Stage.CONTACTED)
    actions.move_to_stage(c, Wish(Stage.CLOSED, TODAY, "Ombygger", CloseReason.POSTPONED, 2017), user_id=None)
    assert (c.close_reason, c.postponed_to_year) == (CloseReason.POSTPONED, 2017)
    db.session.commit()
    later = make_programme(2017)
    assert actions.welcome_postponed(later, user_id=None) == 1
    assert actions.welcome_postponed(later, user_id=None) == 0
    other = db.session.scalars(sa.select(Candidacy).where(Candidacy.programme_id == later.id)).one()
    assert (other.stage, other.business_id) == (Stage.LONGLIST, c.business_id)
    assert actions.undo_move(c, user_id=None)
    assert c.stage is Stage.CONTACTED and other.is_hidden
    assert not differences()


def test_naming_twice_is_once_and_naming_by_mistake_is_undone(app: Flask) -> None:
    business, programme = make_business(), make_programme()
    c, is_new = actions.name_candidate(business, programme, user_id=None)
    assert is_new and not actions.name_candidate(business, programme, user_id=None)[1]
    assert counted("candidates") == 1
    assert not actions.undo_move(c, user_id=None)  # only the row itself, named, is taken back
    assert actions.undo_move(c, user_id=None, ledger_id=actions.first_move(c))
    assert c.is_hidden and counted("candidates") == 0
    again, is_new = actions.name_candidate(business, programme, user_id=None)
    assert is_new and again.id == c.id and counted("candidates") == 1
    assert not differences()


def test_undo_names_its_move_and_refuses_an_older_one(app: Flask) -> None:
    c = candidate()
    actions.move_to_stage(c, Wish(Stage.CONTACTED, TODAY), user_id=None)
    first = actions.latest_moves(c)[0].id
    actions.move_to_stage(c, Wish(Stage.INTERESTED, TODAY), user_id=None)
    assert not actions.undo_move(c, user_id=None, ledger_id=first)
    assert c.stage is Stage.INTERESTED
    assert actions.undo_move(c, user_id=None, ledger_id=actions.latest_moves(c)[0].id)
    assert c.stage is Stage.CONTACTED


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (ActivityOutcome.REACHED, Stage.CONTACTED),
        (ActivityOutcome.INTERESTED, Stage.INTERESTED),
        (ActivityOutcome.NO_ANSWER, Stage.LONGLIST),
        (None, Stage.LONGLIST),
    ],
)
def test_a_call_moves_as_far_as_it_says(app: Flask, outcome: ActivityOutcome | None, stage: Stage) -> None:
    c = candidate()
    _activity, is_moved = actions.log_call(
        c, ActivityKind.CALL, TODAY, user_id=None, outcome=outcome, next_step="Ring igen", next_step_on=TODAY
    )
    assert (c.stage, is_moved) == (stage, stage is not Stage.LONGLIST)
    assert (c.next_step, c.business.last_activity_on) == ("Ring igen", TODAY)
    ahead = candidate(Stage.AGREED)
    assert not actions.log_call(ahead, ActivityKind.CALL, TODAY, user_id=None, outcome=ActivityOutcome.REACHED)[1]


@settings(max_examples=size(2000))
@given(st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(0, 30)), max_size=8), st.data())
def test_any_moves_and_undos_leave_columns_as_the_ledger_says(
    sqlite_app: Flask, wishes: list[tuple[Stage, int]], data: st.DataObject
) -> None:
    """The columns, the totals and the fold agree after whatever a day brings; undoing all gives the beginning."""
    db.session.rollback()
    c = candidate()
    made = 0
    for stage, days in wishes:
        detail = CloseReason.WITHDRAWN if stage is Stage.CLOSED else None
        wish = Wish(stage, min(TODAY, c.stage_since_on + dt.timedelta(days=days)), "Sådan er det", detail)
        try:
            actions.move_to_stage(c, wish, user_id=None)
            made += 1
        except MoveRefusedError:
            continue
        if data.draw(st.booleans()) and actions.undo_move(c, user_id=None):
            made -= 1
    stage, reason = c.stage, c.close_reason
    actions.follow_ledger(c)
    assert (c.stage, c.close_reason) == (stage, reason)
    assert not differences()
    while actions.undo_move(c, user_id=None):
        made -= 1
    assert (c.stage, c.stage_since_on, made) == (Stage.LONGLIST, DAY, 0)
    assert not differences()
    db.session.rollback()


def test_moves_carry_no_words_in_the_ledger(app: Flask) -> None:
    c = candidate(Stage.INTERESTED)
    actions.move_to_stage(c, Wish(Stage.CONTACTED, TODAY, "Anna Hemmelig sagde nej"), user_id=None)
    for row in db.session.scalars(sa.select(LedgerRow)):
        assert "Hemmelig" not in repr([getattr(row, column.key) for column in sa.inspect(LedgerRow).columns])
