"""CVR and P-numbers: read as people and spreadsheets write them, never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.cvr import NumberError, parse_cvr, parse_p_number
from tests.sizes import size

WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def is_cvr(digits: str) -> bool:
    """Modulus 11, told once more in the tests' own words."""
    return sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11 == 0


WAYS = [
    "13585628", " 13585628 ", "13 58 56 28", "DK13585628", "dk 13585628", "CVR-nr.: 13585628", "13.58.56.28",
    "13585628.0", "13585628,00", 13585628, 13585628.0, "13-58-56-28", "13 585 628", "CVR 13585628",
]  # fmt: skip


@pytest.mark.parametrize("value", WAYS)
def test_a_cvr_number_as_it_is_written(value: object) -> None:
    assert parse_cvr(value) == "13585628"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "not_digits"),
        ("ukendt", "not_digits"),
        ("1358562B", "not_digits"),
        ("١٣٥٨٥٦٢٨", "not_digits"),
        ("１３５８５６２８", "not_digits"),
        ("1358562", "length"),
        ("135856281", "length"),
        ("13585629", "checksum"),
        ("00000000", "checksum"),
        (13585628.5, "length"),
        (None, "not_digits"),
        (float("nan"), "not_digits"),
        (float("inf"), "not_digits"),
        (True, "not_digits"),
    ],
)
def test_what_is_no_cvr_number_says_why(value: object, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_cvr(value)
    assert refused.value.code == code


@settings(max_examples=size(10_000))
@given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
def test_a_number_is_taken_when_its_check_digit_fits(digits: str) -> None:
    if is_cvr(digits):
        assert parse_cvr(digits) == digits == parse_cvr(float(digits)) == parse_cvr(int(digits))
    else:
        with pytest.raises(NumberError):
            parse_cvr(digits)


def read(parse: Callable[[object], str], value: object) -> str | None:
    try:
        return parse(value)
    except NumberError:
        return None


@settings(max_examples=size(10_000))
@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_anything_else_is_read_or_refused(value: object) -> None:
    for parse, length in ((parse_cvr, 8), (parse_p_number, 10)):
        digits = read(parse, value)
        assert digits is None or (len(digits) == length and digits.isascii() and digits.isdigit())


@pytest.mark.parametrize("value", ["1003388394", "P-nr. 1003388394", "p1003388394", 1003388394, "1003 388 394"])
def test_a_p_number_has_ten_digits_and_no_check_digit(value: object) -> None:
    assert parse_p_number(value) == "1003388394"


@pytest.mark.parametrize(("value", "code"), [("100338839", "length"), ("P", "not_digits"), ("10033883941", "length")])
def test_what_is_no_p_number_says_why(value: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_p_number(value)
    assert refused.value.code == code
