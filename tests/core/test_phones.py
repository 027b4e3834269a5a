"""Telephone numbers: eight digits, or a foreign number with its country."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.phones import format_phone, parse_phone
from tests.sizes import size

WAYS = [
    "12345678", "12 34 56 78", "+45 12 34 56 78", "0045 12345678", "(+45) 12-34-56-78", "4512345678", "12.34.56.78",
    12345678, 12345678.0, "+45\u00a012345678", " 12/34/56/78 ",
]  # fmt: skip


@pytest.mark.parametrize("value", WAYS)
def test_a_danish_number_is_eight_digits(value: object) -> None:
    assert parse_phone(value) == "12345678"


@pytest.mark.parametrize(("value", "number"), [("+46 8 123 456 78", "+46812345678"), ("0049301234567", "+49301234567")])
def test_a_foreign_number_keeps_its_country(value: str, number: str) -> None:
    assert parse_phone(value) == number


NO_NUMBERS = [
    "", "1234567", "123456789", "02345678", "ring til mig", "+", "+45", "+0123456789", "١٢٣٤٥٦٧٨", "１２３４５６７８",
    "12345678 lok. 3", "+" + "1" * 16, 1234567.5, None,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        parse_phone(value)


@settings(max_examples=size(10_000))
@given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
def test_a_number_shown_is_read_again(number: str) -> None:
    shown = format_phone(number)
    assert len(shown) == 11
    assert parse_phone(shown) == parse_phone(f"+45 {shown}") == number


@settings(max_examples=size(10_000))
@given(st.one_of(st.text(), st.from_regex(r"[+0-9 ().-]{6,18}", fullmatch=True), st.floats(), st.integers()))
def test_anything_else_is_read_or_refused(value: object) -> None:
    try:
        number = parse_phone(value)
    except ValueError:
        return
    assert parse_phone(number) == number
    assert number.isascii()


def test_other_text_is_shown_as_it_stands() -> None:
    assert format_phone("+46812345678") == "+46812345678"
    assert format_phone("") == ""
