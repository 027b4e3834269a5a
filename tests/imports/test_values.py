"""Cells of a Danish spreadsheet, read one by one."""

from __future__ import annotations

import pytest

from nbe.core.sheets import Cell
from nbe.imports.headings import Header
from nbe.imports.values import Municipalities, RowReader


def read(heading: str, field: str, cell: Cell) -> tuple[object, list[str]]:
    reader = RowReader(Header(0, (heading,), {0: field}), Municipalities({}, frozenset()), 2016)
    row = reader.read(2, [cell])
    return row.values.get(field), [message.code for message in row.messages]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("01.11.00", "011100"),
        ("62.01.00", "620100"),
        ("62.00", "6200"),
        ("62.01", "6201"),
        ("011100", "011100"),
        (11100, "011100"),
        ("11100.0", "011100"),
        ("11100,00", "011100"),
        ("62.0", "62"),
        ("62.01.00 Computerprogrammering", "620100"),
    ],
)
def test_an_industry_code_keeps_its_zeros(cell: Cell, code: str) -> None:
    assert read("Branchekode", "industry_code", cell) == (code, [])


@pytest.mark.parametrize("cell", ["Mejeri", "1234567", "-"])
def test_what_is_no_industry_code_is_a_remark_and_not_kept(cell: Cell) -> None:
    assert read("Branchekode", "industry_code", cell) == (None, ["industry"])
