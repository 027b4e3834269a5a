"""Numbers as Danes write them, and nothing that could mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.numbers import parse_decimal, parse_integer
from tests.sizes import size


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1.234,5", "1234.5"),
        ("80,0", "80.0"),
        ("1.234.567", "1234567"),
        ("1.234", "1234"),
        ("-3,25", "-3.25"),
        ("−3", "-3"),
        ("+7", "7"),
        ("1 234", "1234"),
        (" 12\u00a0345,6 ", "12345.6"),
        (80.0, "80.0"),
        (80, "80"),
        (0.1, "0.1"),
        ("007", "7"),
    ],
)
def test_a_number_as_it_is_written(value: object, number: str) -> None:
    assert parse_decimal(value) == Decimal(number)


NO_NUMBERS = [
    "", "1.5", "12.34", "1,234.5", "1.23.456", "1e5", "ti", "1,2,3", ",5", "5,", "0x1F", "NaN", "Infinity", "٣", "³",
    None, True, float("nan"), float("inf"), "9" * 31, "1_000", "--1", "1-", "１２",
]  # fmt: skip


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_could_mean_two_things_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        parse_decimal(value)


@pytest.mark.parametrize("value", ["80,5", 80.5, "1.5", 10**15, "1" * 16, 1e300])
def test_a_whole_number_is_whole_and_of_a_sane_size(value: object) -> None:
    with pytest.raises(ValueError):
        parse_integer(value)


@settings(max_examples=size(10_000))
@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_whole_number_comes_back(number: int) -> None:
    grouped = f"{number:,}".replace(",", ".")
    for text in (str(number), grouped, f"{number},0", f"{grouped},00", number):
        assert parse_integer(text) == number


@settings(max_examples=size(10_000))
@given(st.decimals(-1_000_000, 1_000_000, places=3))
def test_a_decimal_comes_back(number: Decimal) -> None:
    assert parse_decimal(f"{number:,}".translate(str.maketrans(",.", ".,"))) == number


@settings(max_examples=size(10_000))
@given(st.one_of(st.text(), st.from_regex(r"[+-]?[\d.,  ]{1,12}", fullmatch=True), st.floats(), st.integers()))
def test_anything_else_is_read_or_refused(value: object) -> None:
    try:
        number = parse_decimal(value)
    except ValueError:
        return
    assert number.is_finite()
