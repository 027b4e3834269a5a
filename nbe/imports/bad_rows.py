"""The rows that could not be stored, as a spreadsheet to correct and load again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from flask_babel import gettext as _

from nbe.core.sheets import Column, SheetOut, write_xlsx
from nbe.imports.messages import is_failure, sentence
from nbe.imports.plan import Plan
from nbe.models.states import RowOutcome


class BadRow(NamedTuple):
    """A failed row as it stood in the file, with its remarks (as kept)."""

    sheet: str
    number: int
    cells: Sequence[str]
    messages: Sequence[Sequence[Any]]


def explain(messages: Iterable[Sequence[Any]]) -> str:
    """The failures of a row in one text: column, value and reason of each."""
    parts = []
    for code, column, value, params in messages:
        if is_failure(code):
            place = f"{column}: " if column else ""
            shown = f" ({value})" if value else ""
            parts.append(f"{place}{sentence(code, params)}{shown}")
    return "; ".join(parts)


def bad_rows_of(plan: Plan) -> list[BadRow]:
    """The failed rows of a plan."""
    return [
        BadRow(row.sheet, row.number, row.cells, [message.kept() for message in row.messages])
        for row in plan.rows
        if row.outcome is RowOutcome.FAILED
    ]


def write_bad_rows(stream: BinaryIO, rows: Iterable[BadRow], headings: Mapping[str, Sequence[str]]) -> None:
    """One sheet per sheet of the file: its own columns, then the row's number and what is wrong."""
    by_sheet: dict[str, list[BadRow]] = defaultdict(list)
    for row in rows:
        by_sheet[row.sheet].append(row)
    out = []
    for name, found in by_sheet.items():
        titles = list(headings.get(name, ()))
        width = max([len(titles), *(len(row.cells) for row in found)])
        titles += [""] * (width - len(titles))
        columns = [Column(title) for title in titles] + [Column(_("Række"), "integer", 8), Column(_("Fejl"), width=70)]
        out.append(
            SheetOut(name, columns, [[*_padded(row.cells, width), row.number, explain(row.messages)] for row in found])
        )
    write_xlsx(stream, out or [SheetOut(_("Fejlrækker"), [Column(_("Fejl"), width=70)], [])])


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
