"""One cell read as what its column holds: numbers, dates, names, codes. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbe.core.case_numbers import parse_case_number
from nbe.core.cvr import NumberError, parse_cvr, parse_p_number
from nbe.core.dates import format_date
from nbe.core.mail_addresses import parse_email
from nbe.core.numbers import parse_integer
from nbe.core.phones import parse_phone
from nbe.core.sheets import Cell
from nbe.core.text import clean
from nbe.imports.fields import Kind
from nbe.imports.words import closest, word_key, yes_no

MOST_EMPLOYEES = 1_000_000
_PLAIN_MAIL = re.compile(r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,10}")
_ZERO_FRACTION = re.compile(r"(?<=\d)[.,]0+$")
# A code that a spreadsheet took for a number has a fraction of zero; in "01.11.00" and "62.00" the zeros are its own.
_NUMBER_CODE = re.compile(r"(\d+)[.,]0|(\d{5,6})[.,]0+")


def shown(cell: Cell) -> str:
    """A cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return format_date(cell)
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return clean(cell)


def one_line(cell: Cell) -> str:
    """A cell as one line of clean text."""
    text = shown(cell)
    return " ".join(text.split()) if "\n" in text else text


@dataclass(frozen=True, slots=True)
class Municipalities:
    """The municipalities by folded name and by code."""

    by_name: Mapping[str, int]
    codes: frozenset[int]

    def find(self, cell: Cell) -> int | None:
        """The code of "Jammerbugt", "Jammerbugt Kommune", 849 or "0849"; None for anything else."""
        text = one_line(cell)
        number = _ZERO_FRACTION.sub("", text).split(" ")[0].lstrip("0")
        if number.isdigit() and number.isascii() and len(number) < 5:
            return int(number) if int(number) in self.codes else None
        key = word_key(text)
        key = key.removesuffix(" kommune").removeprefix("kommunen ").strip()
        return self.by_name.get(key) or self.by_name.get(closest(key, self.by_name) or "")


class RefusedCellError(ValueError):
    """A cell that cannot be read: `code` names the remark."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _cvr(cell: Cell) -> str:
    try:
        return parse_cvr(one_line(cell) if isinstance(cell, str) else cell)
    except NumberError as error:
        raise RefusedCellError(f"cvr_{error.code}") from None


def _p_number(cell: Cell) -> str:
    try:
        return parse_p_number(one_line(cell) if isinstance(cell, str) else cell)
    except NumberError:
        raise RefusedCellError("p_number") from None


def _industry(cell: Cell) -> str:
    text = one_line(cell)
    if number := _NUMBER_CODE.fullmatch(text):
        text = number[1] or number[2]
    first = re.match(r"[\d.\s]*", text)
    digits = re.sub(r"[.\s]", "", first[0]) if first else ""
    if not 1 <= len(digits) <= 6 or not digits.isascii():
        raise RefusedCellError("industry")
    return digits.zfill(len(digits) + len(digits) % 2)


def _count(cell: Cell) -> int:
    try:
        number = parse_integer(one_line(cell) if isinstance(cell, str) else cell)
    except ValueError:
        raise RefusedCellError("number") from None
    if not 0 <= number <= MOST_EMPLOYEES:
        raise RefusedCellError("number")
    return number


def _year(cell: Cell) -> int:
    number = cell.year if isinstance(cell, dt.date) else _count(cell)
    if not 2000 <= number <= 2100:
        raise RefusedCellError("number")
    return number


@lru_cache(maxsize=4000)
def _mail(text: str) -> str:
    if _PLAIN_MAIL.fullmatch(text) and len(text.partition("@")[0]) <= 64:
        return text
    try:
        return parse_email(text.removeprefix("mailto:"))
    except ValueError:
        raise RefusedCellError("mail") from None


def _phone(cell: Cell) -> str:
    try:
        return parse_phone(one_line(cell) if isinstance(cell, str) else cell)
    except (ValueError, TypeError):
        raise RefusedCellError("phone") from None


def _case_number(cell: Cell) -> str:
    try:
        return parse_case_number(one_line(cell))
    except ValueError:
        raise RefusedCellError("case_number") from None


def _yes_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    answer = yes_no(one_line(cell))
    if answer is None:
        raise RefusedCellError("unknown_yes_no")
    return answer


READERS: dict[Kind, Callable[[Cell], Any]] = {
    Kind.TEXT: one_line,
    Kind.LINES: shown,
    Kind.CVR: _cvr,
    Kind.P_NUMBER: _p_number,
    Kind.INDUSTRY: _industry,
    Kind.COUNT: _count,
    Kind.YEAR: _year,
    Kind.MAIL: lambda cell: _mail(one_line(cell)),
    Kind.PHONE: _phone,
    Kind.CASE_NUMBER: _case_number,
    Kind.YES_NO: _yes_no,
}
