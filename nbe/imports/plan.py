"""The plan of an import: what each row would do, before anything is done.

created + updated + unchanged + failed = the rows read. The same plan is shown by the dry run and
carried out by `apply`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbe.core.sheets import Cell, Workbook
from nbe.core.text import name_key
from nbe.imports.decide import Decider, RowPlan, Terms
from nbe.imports.headings import Header, find_header
from nbe.imports.kinds import Around, find_kind, kind_of
from nbe.imports.known import Known, load_known, load_municipalities
from nbe.imports.values import Read, RowReader, is_data
from nbe.models.states import RowOutcome

OUTCOMES = (RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED, RowOutcome.FAILED)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class SheetIn:
    """A sheet of the file: read when `reason` is empty; else `reason` is the code of why not.

    `kind` is empty for a candidate list.
    """

    name: str
    header: Header | None
    rows: Sequence[Sequence[Cell]]
    reason: str = ""
    kind: str = ""


@dataclass(slots=True)
class SheetPlan:
    """What the rows of one sheet would do."""

    name: str
    reason: str = ""
    rows: list[RowPlan] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The four counts."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in OUTCOMES}


@dataclass(slots=True)
class Plan:
    """What a whole file would do."""

    sheets: list[SheetPlan]
    terms: Terms
    known: Known

    @property
    def rows(self) -> list[RowPlan]:
        """The rows of all sheets, in order."""
        return [row for sheet in self.sheets for row in sheet.rows]

    def counts(self) -> dict[str, int]:
        """The four counts over the sheets read."""
        total: Counter[str] = Counter()
        for sheet in self.sheets:
            total.update(sheet.counts())
        return {outcome.value: total[outcome.value] for outcome in OUTCOMES}

    @property
    def is_readable(self) -> bool:
        """Whether any sheet is read."""
        return any(not sheet.reason for sheet in self.sheets)


def look_at(book: Workbook, choices: Mapping[str, str] | None = None) -> list[SheetIn]:
    """The sheets of a file with their headers, and why those that no kind of list knows are not read."""
    sheets = []
    for sheet in book.sheets:
        if sheet.is_hidden:
            sheets.append(SheetIn(sheet.name, None, [], "hidden"))
            continue
        header = find_header(sheet.rows, choices)
        kind = kind_of(header.headings) if header else ""
        if header is None:
            sheets.append(SheetIn(sheet.name, None, sheet.rows, "empty" if not any(sheet.rows) else "no_header"))
        elif kind:
            sheets.append(SheetIn(sheet.name, header, sheet.rows, kind=kind))
        elif header.is_candidate_list:
            sheets.append(SheetIn(sheet.name, header, sheet.rows))
        else:
            reason = "participants" if header.lists_participants else "no_cvr"
            sheets.append(SheetIn(sheet.name, header, sheet.rows, reason))
    return sheets


def map_by_hand(sheets: Sequence[SheetIn], mapping: Mapping[str, Any] | None) -> None:
    """Lay the columns chosen by hand (kept with the import: sheet -> {read, columns}) over what was recognised."""
    for sheet in sheets:
        chosen = (mapping or {}).get(sheet.name)
        if chosen is None or sheet.header is None or sheet.reason == "hidden":
            continue
        sheet.header = sheet.header.with_fields({int(i): f for i, f in chosen["columns"].items()})
        if not chosen["read"]:
            sheet.reason = sheet.reason or "left_out"
        elif sheet.kind:
            sheet.reason = ""
        else:
            sheet.reason = "" if "cvr" in sheet.header.found else "no_cvr"


def _read_rows(rows: Sequence[Sequence[Cell]], header: Header, reader: RowReader) -> list[Read]:
    first = header.row + 1
    return [reader.read(number, row) for number, row in enumerate(rows[first:], first + 1) if is_data(header, row)]


def make_plan(sheets: Sequence[SheetIn], terms: Terms, progress: Progress | None = None) -> Plan:
    """Read the rows and decide what each would do. Reads the database; changes nothing."""
    municipalities = load_municipalities()
    reads: list[list[Read]] = []
    for sheet in sheets:
        if sheet.reason or sheet.kind or sheet.header is None:
            reads.append([])
        else:
            reader = RowReader(sheet.header, municipalities, terms.programme_year)
            reads.append(_read_rows(sheet.rows, sheet.header, reader))
    values = [read.values for rows in reads for read in rows]
    keys = [name_key(value["name"])[:200] if "name" in value else "" for value in values]
    cvrs = [value["cvr"] for value in values if "cvr" in value]
    known = load_known(cvrs, filter(None, keys), terms.programme_year, terms.municipality_code)
    decider = Decider(terms, known)
    plan = Plan([], terms, known)
    done, place = 0, iter(keys)
    for sheet, rows in zip(sheets, reads, strict=True):
        part = SheetPlan(sheet.name, sheet.reason)
        for read in rows:
            part.rows.append(decider.decide(sheet, read, next(place)))
            done += 1
            if progress and done % 500 == 0:
                progress(done, len(values))
        plan.sheets.append(part)
    around = Around(terms, known.programme_id, municipalities, plan.rows)
    for sheet, part in zip(sheets, plan.sheets, strict=True):
        if sheet.kind and not sheet.reason:
            part.rows = find_kind(sheet.kind).plan(sheet, around)
    if progress:
        progress(len(values), len(values))
    return plan
