"""One row read by the fields of its columns, with what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nbe.core.dates import parse_date
from nbe.core.sheets import Cell
from nbe.core.text import clean, fold
from nbe.imports.fields import BY_KEY, Field, Kind
from nbe.imports.headings import Header
from nbe.imports.messages import Message
from nbe.imports.values.cells import READERS, Municipalities, RefusedCellError, one_line, shown
from nbe.imports.words import word_key

TOTALS = frozenset({"i alt", "ialt", "i alt:", "total", "total:", "sum", "sum:", "samlet", "hovedtotal"})


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
            value = one_line(cell) if kind is Kind.TEXT else READERS[kind](cell)
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
