"""Figures of measures: three phases never added up, sums and payback, and the list each opens."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask

from nbe.access import SYSTEM, Viewer
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.figures import FIGURES, Narrowing, compute, find_figure
from nbe.figures.declared import MEASURE_FIGURES
from nbe.measures.actions import Amount, set_savings
from nbe.measures.filters import read_filter
from nbe.measures.listing import list_measures_of, sum_measures
from nbe.measures.rules import payback_years
from nbe.models import Measure
from nbe.models.states import MeasureState, Quantity, RoleName, SavingPhase, Stage
from nbe.targets.queries import find_programme
from tests.builders import make_business, make_candidacy, make_measure, make_programme

TODAY = dt.date(2016, 4, 25)
IDENTIFIED, DECIDED, REALISED = SavingPhase
MONEY, ENERGY, INVESTMENT = Quantity.MONEY, Quantity.ENERGY, Quantity.INVESTMENT


def fill() -> list[Measure]:
    """Two businesses in 849 and one in 851; a closed one counts nowhere."""
    first = make_candidacy(make_business(), Stage.SCREENED)
    second = make_candidacy(make_business(industry_code="251100"), Stage.PLANNED)
    far = make_candidacy(make_business(municipality=851), Stage.PLANNED)
    gone = make_candidacy(make_business(), Stage.CLOSED, dt.date(2016, 4, 1))
    return [
        make_measure(first, savings={IDENTIFIED: {MONEY: 1000, INVESTMENT: 5000}}),
        make_measure(
            second,
            MeasureState.DECIDED,
            savings={IDENTIFIED: {MONEY: 2000, INVESTMENT: 4000}, DECIDED: {MONEY: "1500.5", INVESTMENT: 3000}},
        ),
        make_measure(second, MeasureState.ABANDONED, savings={IDENTIFIED: {MONEY: 700}}),
        make_measure(far, MeasureState.DOCUMENTED, savings={IDENTIFIED: {MONEY: 10}, REALISED: {ENERGY: "900.125"}}),
        make_measure(gone, savings={IDENTIFIED: {MONEY: 9}}, day=dt.date(2016, 4, 2)),
    ]


def values(code: int | None = 849, as_of: dt.date = TODAY, **asked: object) -> dict:
    return dict(compute(make_programme(), as_of, **asked).values[code])


def test_the_three_phases_stand_apart(app: Flask) -> None:
    fill()
    here, there, everywhere = values(), values(851), values(None)
    assert [here[f"measures_{phase.value}"] for phase in SavingPhase] == [2, 1, 0]
    assert [there[f"measures_{phase.value}"] for phase in SavingPhase] == [1, 1, 1]
    assert [here[f"money_{phase.value}"] for phase in SavingPhase] == [3000, 1500.5, 0]
    assert [everywhere[f"money_{phase.value}"] for phase in SavingPhase] == [3010, 1510.5, 0]
    assert there["energy_realised"] == 900.125
    assert isinstance(here["money_identified"], int)


def test_payback_is_that_of_the_sums(app: Flask) -> None:
    fill()
    here = values()
    assert here["payback_identified"] == 3.0  # 9,000 of 3,000; the mean of 5 and 2 years would be 3.5
    assert here["payback_decided"] == 2.0  # 3,000 of 1,500.5
    assert here["payback_realised"] is None
    assert values(851)["payback_identified"] is None  # no investment is known
    assert values(773)["payback_identified"] is None


def test_a_day_gone_by_and_what_was_known_then(app: Flask) -> None:
    measure = fill()[0]
    assert values(as_of=dt.date(2016, 1, 1))["measures_identified"] == 0
    then = clock.now()
    known = compute(make_programme(), TODAY, known_at=then).values
    assert known == compute(make_programme(), TODAY).values
    with writing():
        measure = db.session.merge(measure)
        set_savings(measure, IDENTIFIED, {MONEY: Amount(Decimal(8000))}, user_id=None)
        db.session.commit()
    assert values()["money_identified"] == 10_000
    assert compute(make_programme(), TODAY, known_at=then).values == known


def test_the_parts_add_up(app: Flask) -> None:
    fill()
    whole = values()
    parts = [values(narrowing=Narrowing(industry=division)) for division in ("10", "25")]
    for figure in MEASURE_FIGURES:
        if figure.sums:
            assert sum(part[figure.key] for part in parts) == whole[figure.key], figure.key


@pytest.mark.parametrize("day", ["2016-01-22", "2016-03-01", "2016-04-24", "2016-04-25"])
def test_each_opens_a_list_with_its_rows_and_its_sums(story_app: Flask, day: str) -> None:
    programme = find_programme(2016)
    assert programme
    figures = compute(programme, dt.date.fromisoformat(day))
    checked = 0
    for phase in SavingPhase:
        for code in (*figures.codes, None):
            href = figures.link(find_figure(f"measures_{phase.value}"), SYSTEM, code, today=TODAY)
            assert href and href.startswith("/tiltag?")
            for figure in MEASURE_FIGURES:
                if figure.key.endswith(f"_{phase.value}"):
                    assert figures.link(figure, SYSTEM, code, today=TODAY) == href
            checked += _rows_and_sums_agree(figures, href, phase, code)
    assert checked == 3 * 12


def _rows_and_sums_agree(figures: object, href: str, phase: SavingPhase, code: int | None) -> int:
    from urllib.parse import parse_qsl

    chosen = read_filter(dict(parse_qsl(href.partition("?")[2])))
    assert chosen
    rows = list_measures_of(SYSTEM, chosen, size=None).rows
    assert len(rows) == figures.value(f"measures_{phase.value}", code), (href, code)
    (told,) = sum_measures(SYSTEM, chosen)
    for quantity in (*(quantity.value for quantity in Quantity), "co2e"):
        assert float(told.numbers.get(quantity, 0)) == figures.value(f"{quantity}_{phase.value}", code), quantity
    of_sums = payback_years(told.numbers.get("investment"), told.numbers.get("money"))
    assert (round(float(of_sums), 1) if of_sums else None) == figures.value(f"payback_{phase.value}", code)
    return 1


def test_a_list_tells_the_payback_of_those_with_both_numbers(app: Flask) -> None:
    """20,000 kr. saves 10,000 a year: two years, whatever else is saved by what nobody knows the price of."""
    candidacy = make_candidacy(make_business(), Stage.PLANNED)
    make_measure(candidacy, savings={IDENTIFIED: {MONEY: 10_000, INVESTMENT: 20_000}})
    make_measure(candidacy, savings={IDENTIFIED: {MONEY: 12_500}})
    make_measure(candidacy, savings={IDENTIFIED: {INVESTMENT: 7000}})
    chosen = read_filter({"aar": "2016", "fase": "identified"})
    assert chosen
    (told,) = sum_measures(SYSTEM, chosen)
    assert (told.payback, told.payback_count, told.count) == (2, 1, 3)
    assert told.numbers["money"] == 22_500


def test_only_those_who_may_open_the_list_get_a_link(app: Flask) -> None:
    fill()
    figures = compute(make_programme(), TODAY)
    figure = find_figure("money_identified")
    for role, own, other in (
        (RoleName.ADMINISTRATOR, True, True),
        (RoleName.LEADER, True, False),
        (RoleName.SCREENER, True, False),
        (RoleName.PARTNER, False, False),
    ):
        viewer = Viewer(None, role, None if role is RoleName.ADMINISTRATOR else 849)
        assert [bool(figures.link(figure, viewer, code, today=TODAY)) for code in (849, 851)] == [own, other], role


def test_keys_are_promises(app: Flask) -> None:
    keys = {figure.key for figure in FIGURES}
    quantities = ("measures", "money", "energy", "water", "material", "waste", "co2e", "investment", "payback")
    assert {f"{quantity}_{phase.value}" for quantity in quantities for phase in SavingPhase} <= keys
    assert {"reported", "days_to_screened", "hours_needed", "hours_promised", "hours_covered"} <= keys
