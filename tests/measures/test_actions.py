"""What is done with measures: states, numbers, plans and looks, each a row in the ledger that can be taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.figures.checking import find_differences
from nbe.ledger import measure_key, saving_key
from nbe.ledger.queries import sums
from nbe.measures.actions import (
    Amount,
    MeasureRefusedError,
    adopt_plan,
    choose_for_plan,
    find_plan,
    hold_follow_up,
    move_measure,
    propose_measure,
    remove_measure,
    set_all_savings,
    set_savings,
    undo_measure,
    undo_plan,
)
from nbe.measures.queries import list_factors, list_follow_ups, list_measures, list_proposals
from nbe.models import Candidacy, EmissionFactor, LedgerRow, Measure
from nbe.models.states import MeasureState, Quantity, SavingPhase, Stage
from nbe.pipeline.actions import move_to_stage
from nbe.pipeline.rules import Wish
from tests.builders import make_business, make_candidacy, make_measure, make_programme

M, P, Q = MeasureState, SavingPhase, Quantity
DAY = dt.date(2016, 3, 1)
TODAY = dt.date(2016, 4, 25)


def numbers(programme_id: int, day: dt.date = TODAY) -> dict[str, int]:
    """What the totals count of measures and their savings, over all municipalities."""
    keys = [measure_key(phase) for phase in P]
    keys += [saving_key(phase, quantity) for phase in P for quantity in (*[q.value for q in Q], "co2e")]
    found: dict[str, int] = {}
    for (_code, key), n in sums(programme_id, keys, day).items():
        if n:
            found[key] = found.get(key, 0) + n
    return found


def amounts(measure: Measure, phase: P) -> dict[Q, Decimal | None]:
    return {saving.quantity: saving.amount for saving in measure.savings if saving.phase is phase}


def candidate(stage: Stage = Stage.REPORTED) -> Candidacy:
    return make_candidacy(make_business(), stage, dt.date(2016, 2, 1))


def holds() -> None:
    assert list(find_differences()) == []


def refused(field: str, work: Any) -> str:
    with pytest.raises(MeasureRefusedError) as caught:
        work()
    assert caught.value.field == field
    return str(caught.value.message)


def test_the_three_phases_are_counted_apart_and_realised_only_when_documented(app: Flask) -> None:
    candidacy = candidate()
    measure = make_measure(
        candidacy, day=DAY, savings={P.IDENTIFIED: {Q.ENERGY: 12000, Q.MONEY: "9000,5".replace(",", ".")}}
    )
    assert numbers(candidacy.programme_id) == {
        "measure:identified": 1, "saving:identified:energy": 12_000_000, "saving:identified:money": 9_000_500,
    }  # fmt: skip
    move_measure(measure, M.DECIDED, dt.date(2016, 3, 10), user_id=None)
    assert amounts(measure, P.DECIDED) == amounts(measure, P.IDENTIFIED)
    assert numbers(candidacy.programme_id)["saving:decided:energy"] == 12_000_000
    assert "saving:decided:energy" not in numbers(candidacy.programme_id, dt.date(2016, 3, 9))
    set_savings(measure, P.DECIDED, {Q.ENERGY: Amount(Decimal(10000))}, user_id=None)
    move_measure(measure, M.DONE, dt.date(2016, 4, 1), user_id=None)
    message = refused("to", lambda: move_measure(measure, M.DOCUMENTED, TODAY, user_id=None))
    assert "dokumenterer" in message
    refused(
        "realised-energy-evidence",
        lambda: set_savings(measure, P.REALISED, {Q.ENERGY: Amount(Decimal(8000))}, user_id=None),
    )
    set_savings(measure, P.REALISED, {Q.ENERGY: Amount(Decimal(8000), evidence="Måler 2")}, user_id=None)
    assert not [key for key in numbers(candidacy.programme_id) if "realised" in key]
    move_measure(measure, M.DOCUMENTED, dt.date(2016, 4, 20), user_id=None)
    assert numbers(candidacy.programme_id) == {
        "measure:identified": 1, "saving:identified:energy": 12_000_000, "saving:identified:money": 9_000_500,
        "measure:decided": 1, "saving:decided:energy": 10_000_000, "saving:decided:money": 9_000_500,
        "measure:realised": 1, "saving:realised:energy": 8_000_000,
    }  # fmt: skip
    holds()
    refused("to", lambda: set_savings(measure, P.REALISED, {Q.ENERGY: Amount()}, user_id=None))


def test_each_row_carries_all_amounts_and_undo_puts_them_back(app: Flask) -> None:
    candidacy = candidate()
    measure = make_measure(candidacy, day=DAY, savings={P.IDENTIFIED: {Q.WATER: 500}})
    before = numbers(candidacy.programme_id)
    told = {
        P.IDENTIFIED: {Q.WATER: Amount(Decimal(450), baseline=Decimal(2000)), Q.WASTE: Amount(is_not_measured=True)}
    }
    row = set_all_savings(measure, told, user_id=None)
    assert set_all_savings(measure, told, user_id=None) is None
    row = move_measure(measure, M.ACTIVE, dt.date(2016, 3, 5), user_id=None)
    assert candidacy.stage is Stage.ACTIVE
    assert not undo_measure(measure, user_id=None, ledger_id=row - 1)
    assert undo_measure(measure, user_id=None, ledger_id=row)
    assert (measure.state, candidacy.stage) == (M.IDENTIFIED, Stage.REPORTED)
    assert set(amounts(measure, P.DECIDED).values()) == {None}
    assert not measure.is_in_plan
    assert undo_measure(measure, user_id=None)
    water = next(s for s in measure.savings if s.quantity is Q.WATER and s.phase is P.IDENTIFIED)
    assert (water.amount, water.baseline) == (500, None)
    assert numbers(candidacy.programme_id) == before
    assert undo_measure(measure, user_id=None)
    assert undo_measure(measure, user_id=None)
    assert measure.is_hidden
    assert numbers(candidacy.programme_id) == {}
    holds()


def test_moves_ask_for_their_reason_and_days_go_forward(app: Flask) -> None:
    measure = make_measure(candidate(), M.DECIDED, DAY)
    move_measure(measure, M.DONE, dt.date(2016, 4, 1), user_id=None)
    refused("to", lambda: move_measure(measure, M.DONE, TODAY, user_id=None))
    refused("reason", lambda: move_measure(measure, M.ACTIVE, TODAY, user_id=None))
    refused("reason", lambda: move_measure(measure, M.ABANDONED, TODAY, user_id=None, reason=" "))
    refused("happened_on", lambda: move_measure(measure, M.ABANDONED, DAY, user_id=None, reason="For dyrt"))
    future = TODAY + dt.timedelta(days=1)
    refused("happened_on", lambda: move_measure(measure, M.ABANDONED, future, user_id=None, reason="For dyrt"))
    move_measure(measure, M.ABANDONED, TODAY, user_id=None, reason="For dyrt")
    assert numbers(measure.programme_id) == {}
    move_measure(measure, M.DECIDED, TODAY, user_id=None)
    assert numbers(measure.programme_id)["measure:decided"] == 1
    holds()


def test_a_closed_candidate_takes_its_measures_out_and_back(app: Flask) -> None:
    from nbe.models.states import CloseReason
    from nbe.pipeline.actions import reopen

    measure = make_measure(candidate(), M.DECIDED, DAY, savings={P.IDENTIFIED: {Q.MONEY: 100}})
    before = numbers(measure.programme_id)
    move_to_stage(measure.candidacy, Wish(Stage.CLOSED, TODAY, "Nej", CloseReason.WITHDRAWN), user_id=None)
    assert numbers(measure.programme_id) == {}
    reopen(measure.candidacy, TODAY, "Alligevel", user_id=None)
    assert numbers(measure.programme_id) == before
    holds()


def test_what_cannot_be_kept_is_refused_and_a_loss_is_allowed(app: Flask) -> None:
    measure = make_measure(candidate())

    def told(quantity: Q, amount: Amount) -> Any:
        return lambda: set_savings(measure, P.IDENTIFIED, {quantity: amount}, user_id=None)

    refused("identified-investment-amount", told(Q.INVESTMENT, Amount(Decimal(-1))))
    refused("identified-water-baseline", told(Q.WATER, Amount(Decimal(1), baseline=Decimal(-1))))
    refused("identified-water-amount", told(Q.WATER, Amount(Decimal(1), is_not_measured=True)))
    refused("identified-water-amount", told(Q.WATER, Amount(Decimal(10) ** 9)))
    refused("identified-water-factor", told(Q.WATER, Amount(Decimal(1), factor_id=list_factors(Q.ENERGY)[0].id)))
    told(Q.WATER, Amount(Decimal(-5)))()
    assert numbers(measure.programme_id)["saving:identified:water"] == -5000


def test_a_new_factor_changes_nothing_old(app: Flask) -> None:
    measure = make_measure(candidate())
    old = list_factors(Q.ENERGY)[0]
    set_savings(measure, P.IDENTIFIED, {Q.ENERGY: Amount(Decimal(1000), factor_id=old.id)}, user_id=None)
    saving = measure.savings[0]
    kept = (saving.co2e_kg, saving.factor_kg, saving.factor_year, saving.factor_source)
    old.is_active = False
    new = EmissionFactor(
        quantity=Q.ENERGY, code=old.code, title=old.title, kg_per_unit=Decimal(9), year=2030, source="Prøve"
    )
    db.session.add(new)
    db.session.flush()
    assert (saving.co2e_kg, saving.factor_kg, saving.factor_year, saving.factor_source) == kept
    set_savings(measure, P.IDENTIFIED, {Q.ENERGY: Amount(Decimal(2000), factor_id=old.id)}, user_id=None)
    assert saving.co2e_kg == 2 * old.kg_per_unit * 1000
    set_savings(measure, P.IDENTIFIED, {Q.ENERGY: Amount(Decimal(2000), factor_id=new.id)}, user_id=None)
    assert (saving.co2e_kg, saving.factor_year) == (18000, 2030)
    refused(
        "identified-energy-factor",
        lambda: set_savings(measure, P.IDENTIFIED, {Q.ENERGY: Amount(Decimal(1), factor_id=old.id)}, user_id=None),
    )
    holds()


def test_a_proposal_counts_once_by_its_key_and_can_go_and_come_back(app: Flask) -> None:
    candidacy, other = candidate(), candidate()
    key = "11111111-2222-4333-8444-555555555555"
    measure = propose_measure(candidacy, user_id=None, title="LED", key=key, happened_on=DAY)
    assert propose_measure(candidacy, user_id=None, title="Andet", key=key).id == measure.id
    refused("key", lambda: propose_measure(other, user_id=None, key=key))
    set_savings(measure, P.IDENTIFIED, {Q.ENERGY: Amount(Decimal(5))}, user_id=None)
    counted = numbers(candidacy.programme_id)
    remove_measure(measure, user_id=None)
    assert numbers(candidacy.programme_id) == {} and list_measures(candidacy.id) == []
    assert propose_measure(candidacy, user_id=None, key=key, happened_on=DAY).title == "LED"
    assert numbers(candidacy.programme_id) == counted
    move_measure(measure, M.DECIDED, TODAY, user_id=None)
    refused("to", lambda: remove_measure(measure, user_id=None))
    holds()


def test_proposals_stand_by_payback(app: Flask) -> None:
    candidacy = candidate()
    for title, money, investment in (("Lang", 10, 100), ("Ukendt", 10, None), ("Straks", 10, 0), ("Kort", 100, 100)):
        told: dict[Q, Any] = {Q.MONEY: money} | ({} if investment is None else {Q.INVESTMENT: investment})
        make_measure(candidacy, title=title, savings={P.IDENTIFIED: told})
    make_measure(candidacy, M.ABANDONED, title="Opgivet")
    assert [m.title for m in list_proposals(candidacy.id)] == ["Straks", "Kort", "Lang", "Ukendt"]


def test_a_plan_is_adopted_with_enough_measures_and_can_be_taken_back(app: Flask) -> None:
    programme = make_programme()
    programme.measures_required = 2
    candidacy = candidate()
    first = make_measure(candidacy, day=DAY, savings={P.IDENTIFIED: {Q.MONEY: 100}})
    second, third = make_measure(candidacy, day=DAY), make_measure(candidacy, day=DAY)
    before = numbers(programme.id)
    choose_for_plan(candidacy, [first.id])
    message = refused("measures", lambda: adopt_plan(candidacy, TODAY, "Direktøren", user_id=None))
    assert "2 tiltag" in message
    choose_for_plan(candidacy, [first.id, second.id])
    refused("adopted_on", lambda: adopt_plan(candidacy, dt.date(2016, 2, 20), "Direktøren", user_id=None))
    day = dt.date(2016, 3, 31)
    adopt_plan(candidacy, day, "Direktøren", user_id=None, note="På mødet")
    assert (candidacy.stage, candidacy.stage_since_on) == (Stage.PLANNED, day)
    assert [m.state for m in (first, second, third)] == [M.DECIDED, M.DECIDED, M.IDENTIFIED]
    assert [look.due_on for look in list_follow_ups(candidacy.id)] == [dt.date(2016, 9, 30), dt.date(2017, 3, 31)]
    later = dt.date(2016, 4, 10)
    adopt_plan(candidacy, later, "Direktøren", user_id=None)
    assert candidacy.stage_since_on == later
    assert [look.due_on for look in list_follow_ups(candidacy.id)] == [dt.date(2016, 10, 10), dt.date(2017, 4, 10)]
    assert "measure:decided" not in numbers(programme.id, dt.date(2016, 4, 9))
    assert undo_plan(candidacy, user_id=None)
    assert (candidacy.stage, first.state, list_follow_ups(candidacy.id)) == (Stage.REPORTED, M.IDENTIFIED, [])
    assert numbers(programme.id) == before
    assert not undo_plan(candidacy, user_id=None)
    adopt_plan(candidacy, later, "Direktøren", user_id=None)
    move_measure(first, M.ACTIVE, TODAY, user_id=None)
    assert candidacy.stage is Stage.ACTIVE
    refused("adopted_on", lambda: undo_plan(candidacy, user_id=None))
    refused("adopted_on", lambda: adopt_plan(candidacy, TODAY, "", user_id=None))
    assert undo_measure(first, user_id=None)
    assert undo_plan(candidacy, user_id=None)
    assert find_plan(candidacy) is not None
    holds()


def test_what_was_seen_is_noted(app: Flask) -> None:
    candidacy = candidate()
    make_measure(candidacy, day=DAY, is_in_plan=True)
    adopt_plan(candidacy, DAY, "", user_id=None)
    look = list_follow_ups(candidacy.id)[0]
    refused("held_on", lambda: hold_follow_up(look, dt.date(2016, 9, 1), "Set", user_id=None))
    hold_follow_up(look, TODAY, "LED er sat op i hal 1", user_id=None)
    undo_plan(candidacy, user_id=None)
    assert [(kept.months, kept.note) for kept in list_follow_ups(candidacy.id)] == [(6, "LED er sat op i hal 1")]


def test_rows_of_a_plan_are_told_once(app: Flask) -> None:
    candidacy = candidate()
    make_measure(candidacy, day=DAY, is_in_plan=True)
    adopt_plan(candidacy, TODAY, "", user_id=None)
    rows = db.session.scalar(sa.select(sa.func.count(LedgerRow.id)))
    adopt_plan(candidacy, TODAY, "Bestyrelsen", user_id=None)
    assert db.session.scalar(sa.select(sa.func.count(LedgerRow.id))) == rows
