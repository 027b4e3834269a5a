"""What every kind of sheet answers: is it mine, what would its rows do, do it, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nbe.core.sheets import Cell
from nbe.imports.decide import RowPlan, Terms
from nbe.imports.headings import Header
from nbe.imports.values import Municipalities, Read, is_data, shown
from nbe.models import Programme
from nbe.models.states import RowOutcome


class KindSheet(Protocol):
    """A sheet with its header and rows."""

    name: str
    header: Header | None
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Around:
    """What the rows of a sheet are decided beside: the terms, and the candidate rows of the same file."""

    terms: Terms
    programme_id: int | None
    municipalities: Municipalities
    rows: Sequence[RowPlan]


@dataclass(frozen=True, slots=True)
class Carrying:
    """An import being carried out."""

    import_id: int
    programme: Programme
    user_id: int | None
    today: dt.date


class SheetKind(Protocol):
    """One kind of sheet."""

    key: str

    def recognises(self, headings: Sequence[str]) -> bool:
        """Whether a sheet with these headings is of this kind."""
        ...

    def plan(self, sheet: KindSheet, around: Around) -> list[RowPlan]:
        """What its rows would do. Reads the database; changes nothing."""
        ...

    def put_in(self, rows: Sequence[RowPlan], carrying: Carrying) -> None:
        """Do what was planned."""
        ...

    def take_back(self, import_id: int) -> None:
        """Put the records of an import as they were; its rows of the ledger have been reversed."""
        ...


def data_rows(sheet: KindSheet) -> Iterator[tuple[int, Sequence[Any]]]:
    """(row number as a person counts, cells) of the rows under the header."""
    if sheet.header is None:
        return
    first = sheet.header.row + 1
    for number, row in enumerate(sheet.rows[first:], first + 1):
        if is_data(sheet.header, row):
            yield number, row


def row_plan(sheet: KindSheet, kind: str, read: Read, outcome: RowOutcome, payload: Any = None) -> RowPlan:
    """The plan of a row; one that failed is kept with its cells."""
    plan = RowPlan(sheet.name, read.number, [], read.messages, kind=kind, payload=payload)
    plan.outcome = RowOutcome.FAILED if read.has_failed else outcome
    if read.has_failed or plan.has_warnings:
        plan.cells = [shown(cell) for cell in read.cells]
    return plan
