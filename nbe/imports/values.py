"""From cells to values: one row read by the fields of its columns, with what is wrong with it. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nbe.core.cvr import NumberError, parse_cvr, parse_p_number
from nbe.core.dates import format_date, parse_date
from nbe.core.mail_addresses import parse_email
from nbe.core.numbers import parse_integer
from nbe.core.phones import parse_phone
from nbe.core.sheets import Cell
from nbe.core.text import clean, fold
from nbe.imports.fields import BY_KEY, Field, Kind
from nbe.imports.headings import Header
from nbe.imports.messages import Message
from nbe.imports.words import closest, word_key, yes_no

TOTALS = frozenset({"i alt", "ialt", "i alt:", "total", "total:", "sum", "sum:", "samlet", "hovedtotal"})
MOST_EMPLOYEES = 1_000_000
_CASE_NUMBER = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})-([A-ZÆØÅ]\d{2})-(\d+)-(\d{2})")
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


@dataclass(slots=True)
class Read:
    """A row after reading: the fields it fills and the remarks about it."""

    number: int
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    has_failed: bool = False
    place: str = ""

    def fail(self, code: str, column: str = "", value: Cell = None, **params: Any) -> None:
        """Note that the row cannot be stored."""
        self.messages.append(Message(code, column, shown(value), params or None))
        self.has_failed = True

    def warn(self, code: str, column: str = "", value: Cell = None, **params: Any) -> None:
        """Note something to look at."""
        self.messages.append(Message(code, column, shown(value), params or None))


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


def case_number(cell: Cell) -> str:
    """A case number as it is written; blanks and lower case are forgiven. Raises RefusedCellError."""
    text = re.sub(r"\s", "", one_line(cell)).replace("–", "-").upper()
    if not _CASE_NUMBER.fullmatch(text):
        raise RefusedCellError("case_number")
    return text


def _yes_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    answer = yes_no(one_line(cell))
    if answer is None:
        raise RefusedCellError("unknown_yes_no")
    return answer


_READERS: dict[Kind, Callable[[Cell], Any]] = {
    Kind.TEXT: one_line,
    Kind.LINES: shown,
    Kind.CVR: _cvr,
    Kind.P_NUMBER: _p_number,
    Kind.INDUSTRY: _industry,
    Kind.COUNT: _count,
    Kind.YEAR: _year,
    Kind.MAIL: lambda cell: _mail(one_line(cell)),
    Kind.PHONE: _phone,
    Kind.CASE_NUMBER: case_number,
    Kind.YES_NO: _yes_no,
}
_FAILING = frozenset({"cvr_not_digits", "cvr_length", "cvr_checksum", "p_number", "mail"})
_WORDS_IN_DATES = frozenset({"membership_on"})
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows under one header. `year` completes dates without one."""

    header: Header
    municipalities: Municipalities
    year: int

    def read(self, number: int, row: Sequence[Cell]) -> Read:
        """The row with number `number`, as a person counts."""
        out = Read(number, row)
        width = len(row)
        for index, key in self.header.fields.items():
            cell = row[index] if index < width else None
            if cell is None or cell == "":
                continue
            self._read_cell(out, BY_KEY[key], self.header.headings[index], cell)
        return out

    def _read_cell(self, out: Read, spec: Field, heading: str, cell: Cell) -> None:
        if spec.kind is Kind.DATE:
            self._read_date(out, spec, heading, cell)
            return
        if spec.kind is Kind.MUNICIPALITY:
            code = self.municipalities.find(cell)
            if code is None:
                out.fail("municipality_unknown", heading, cell)
            else:
                out.values[spec.key] = code
                out.place = one_line(cell)
            return
        if spec.key == "postcode" and not isinstance(cell, str):
            cell = shown(cell).zfill(4)
        kind = spec.kind
        try:
            value = one_line(cell) if kind is Kind.TEXT else _READERS[kind](cell)
        except RefusedCellError as refusal:
            (out.fail if refusal.code in _FAILING else out.warn)(refusal.code, heading, cell)
            return
        if isinstance(value, str):
            if len(value) > spec.limit:
                out.fail("too_long", heading, value[:100], limit=spec.limit)
                return
            if not value:
                return
        out.values[spec.key] = value

    def _read_date(self, out: Read, spec: Field, heading: str, cell: Cell) -> None:
        try:
            out.values[spec.key] = parse_date(one_line(cell) if isinstance(cell, str) else cell, self.year)
        except (ValueError, TypeError, OverflowError):
            text = one_line(cell)
            if spec.key in _WORDS_IN_DATES and word_key(text) and not _HAS_DIGIT.search(text):
                out.values[f"{spec.key}_word"] = text
            elif word_key(text):
                out.fail("date", heading, cell)


def is_data(header: Header, row: Sequence[Cell]) -> bool:
    """Whether a row under the header is data: not blank, not a total, not the header once more."""
    first = next((i for i, cell in enumerate(row) if cell is not None and cell != "" and not _is_blank(cell)), None)
    if first is None:
        return False
    text = row[first]
    if not isinstance(text, str):
        return True
    if len(text) < 20 and fold(clean(text)) in TOTALS:
        return any(
            header.fields.get(index) in _NUMBERS for index, cell in enumerate(row) if cell is not None and shown(cell)
        )
    if first >= len(header.headings) or header.headings[first] != one_line(text):
        return True
    texts = {index: one_line(cell) for index, cell in enumerate(row) if cell is not None and shown(cell)}
    return not (len(texts) > 1 and all(i < len(header.headings) and header.headings[i] == t for i, t in texts.items()))


_NUMBERS = frozenset({"cvr", "p_number"})


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and (cell.isspace() or not clean(cell))
