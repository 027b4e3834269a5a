"""The arithmetic of savings: exact, in any order, and the same after a trip through the database."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.database import db
from nbe.ledger import CO2E, saving_key
from nbe.ledger.queries import sums as totals
from nbe.measures.actions import Amount, rows_of_measure, set_savings
from nbe.measures.queries import list_factors
from nbe.measures.rules import (
    add_months,
    by_payback,
    co2e,
    ledger_amounts,
    parse_amount,
    payback_years,
    sums,
)
from nbe.models import Measure, Saving
from nbe.models.states import Quantity, SavingPhase, Stage
from tests.builders import make_business, make_candidacy, make_measure

AMOUNTS = st.decimals(Decimal("-999999999"), Decimal("999999999"), places=3)
POSITIVE = st.decimals(Decimal("0.001"), Decimal("999999"), places=3)
FACTORS = st.decimals(0, 100, places=6)


@dataclass(frozen=True)
class Said:
    """A saving, as far as the arithmetic goes."""

    phase: SavingPhase
    quantity: Quantity
    amount: Decimal | None
    co2e_kg: Decimal | None


SAVINGS = st.lists(
    st.builds(
        Said,
        phase=st.sampled_from(list(SavingPhase)),
        quantity=st.sampled_from(list(Quantity)),
        amount=st.none() | AMOUNTS,
        co2e_kg=st.none() | AMOUNTS,
    ),
    max_size=30,
)


@given(AMOUNTS, FACTORS)
def test_co2e_is_the_product_to_three_decimals_with_halves_away_from_nought(amount: Decimal, factor: Decimal) -> None:
    exact = Fraction(amount) * Fraction(factor) * 1000
    down = abs(exact).__floor__()
    expected = down + (abs(exact) - down >= Fraction(1, 2))
    assert abs(co2e(amount, factor)) == Decimal(expected).scaleb(-3)
    assert co2e(-amount, factor) == -co2e(amount, factor)


@given(AMOUNTS, st.integers(0, 1000), st.decimals(0, 100, places=0))
def test_co2e_is_linear_where_nothing_is_rounded(amount: Decimal, times: int, factor: Decimal) -> None:
    assert co2e(amount * times, factor) == times * co2e(amount, factor)
    assert co2e(amount + times, factor) == co2e(amount, factor) + co2e(Decimal(times), factor)


def test_halves_go_up() -> None:
    assert co2e(Decimal("0.001"), Decimal("0.5")) == Decimal("0.001")
    assert co2e(Decimal("0.005"), Decimal("0.1")) == Decimal("0.001")
    assert co2e(Decimal("0.004"), Decimal("0.1")) == Decimal("0.000")


@given(SAVINGS, st.randoms(use_true_random=False))
def test_a_sum_is_the_sum_of_its_parts_in_any_order_and_phases_stay_apart(
    savings: list[Said], order: random.Random
) -> None:
    shuffled = list(savings)
    order.shuffle(shuffled)
    for phase in SavingPhase:
        expected: dict[str, Fraction] = {}
        for saving in savings:
            for key, number in ((saving.quantity.value, saving.amount), (CO2E, saving.co2e_kg)):
                if saving.phase is phase and number is not None:
                    expected[key] = expected.get(key, Fraction(0)) + Fraction(number)
        assert {key: Fraction(n) for key, n in sums(savings, phase).items()} == expected
        assert sums(shuffled, phase) == sums(savings, phase)
        half = len(savings) // 2
        first, second = sums(savings[:half], phase), sums(savings[half:], phase)
        together = {k: first.get(k, Decimal(0)) + second.get(k, Decimal(0)) for k in first.keys() | second.keys()}
        assert together == sums(savings, phase)
        for key, number in expected.items():
            assert ledger_amounts(savings)[saving_key(phase, key)] == number * 1000


@given(POSITIVE, POSITIVE, st.integers(1, 1000))
def test_payback_does_not_change_with_the_scale(investment: Decimal, money: Decimal, times: int) -> None:
    years = payback_years(investment, money)
    assert years is not None
    assert payback_years(investment * times, money * times) == years
    assert abs(Fraction(years) - Fraction(investment) / Fraction(money)) <= Fraction(investment) / Fraction(money) / (
        10**20
    )


@pytest.mark.parametrize(
    ("investment", "money", "expected"),
    [
        ("100000", "25000", Decimal(4)),
        ("0", "500", Decimal(0)),
        ("0", "0", None),
        ("1000", "-5", None),
        ("1000", None, None),
        (None, "1000", None),
    ],
)
def test_payback_where_it_can_be_told(investment: str | None, money: str | None, expected: Decimal | None) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    assert payback_years(number(investment), number(money)) == expected


@given(st.lists(st.none() | POSITIVE, max_size=12))
def test_proposals_stand_by_payback_with_the_unknown_last(years: list[Decimal | None]) -> None:
    ordered = sorted(years, key=by_payback)
    known = [year for year in ordered if year is not None]
    assert known == sorted(known)
    assert ordered[len(known) :] == [None] * (len(years) - len(known))


@pytest.mark.parametrize("text", ["N/A", "n/a", "ca. 5", "?", "5 kWh", "1,2,3", "12.34", "-", "nul", "5-6", "1e3", "٣"])
def test_words_are_no_numbers(shared_app: Flask, text: str) -> None:
    with shared_app.test_request_context(), pytest.raises(ValueError, match="ikke målt"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["1000000000", "-1000000000", "0,0001"])
def test_numbers_that_would_not_be_kept_are_refused(shared_app: Flask, text: str) -> None:
    with shared_app.test_request_context(), pytest.raises(ValueError, match=r"milliard|tre decimaler"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.234,5", (Decimal("1234.5"), False)),
        (0.1 + 0.2, (Decimal("0.3"), False)),
        (7, (Decimal(7), False)),
        ("-3", (Decimal(-3), False)),
        ("Ikke målt", (None, True)),
        ("  ", (None, False)),
        (None, (None, False)),
    ],
)
def test_what_can_be_read(value: object, expected: tuple[Decimal | None, bool]) -> None:
    assert parse_amount(value) == expected


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 24))
def test_months_are_added_and_stay_in_their_month(day: dt.date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(days=1)).day == 1)


def test_amounts_come_back_from_the_database_as_they_were_told(app: Flask) -> None:
    candidacy = make_candidacy(make_business(), Stage.SCREENED)
    measure_id, programme_id = make_measure(candidacy).id, candidacy.programme_id
    factor = list_factors(Quantity.ENERGY)[0]
    factor_id, kg = factor.id, factor.kg_per_unit

    @given(st.dictionaries(st.sampled_from(list(Quantity)), AMOUNTS, min_size=1), st.sampled_from(list(SavingPhase)))
    @settings(max_examples=15)
    def told(amounts: dict[Quantity, Decimal], phase: SavingPhase) -> None:
        db.session.rollback()
        measure = db.session.get_one(Measure, measure_id)
        said = {
            q: Amount(abs(n), factor_id=factor_id if q is Quantity.ENERGY else None, evidence="Aflæst")
            for q, n in amounts.items()
        }
        set_savings(measure, phase, said, user_id=None)
        db.session.expire_all()
        kept = {s.quantity: s for s in db.session.query(Saving).filter_by(measure_id=measure_id, phase=phase)}
        for quantity, number in amounts.items():
            assert kept[quantity].amount == abs(number)
        if Quantity.ENERGY in amounts:
            assert kept[Quantity.ENERGY].co2e_kg == co2e(abs(amounts[Quantity.ENERGY]), kg)
        assert dict(rows_of_measure(measure)[-1].amounts) == ledger_amounts(measure.savings)
        day = measure.state_since_on
        key = saving_key(SavingPhase.IDENTIFIED, next(iter(amounts)))
        counted = totals(programme_id, [key], day).get((849, key), 0)
        assert counted == ledger_amounts(measure.savings).get(key, 0)

    told()
