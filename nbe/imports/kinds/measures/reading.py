"""One row of the sheet of measures, read. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbe.core.dates import parse_date
from nbe.core.sheets import Cell
from nbe.imports.fields import Kind
from nbe.imports.headings import Header, heading_key
from nbe.imports.values import READERS, Read, RefusedCellError, one_line, shown
from nbe.imports.words import word_key
from nbe.measures.rules import parse_amount
from nbe.measures.sheet import AMOUNT, BASELINE, cell_key, sheet_columns
from nbe.models.states import MeasureState, Quantity, SavingPhase

STATES: dict[str, MeasureState] = {
    word_key(name): state
    for state, name in {
        MeasureState.IDENTIFIED: "Identificeret",
        MeasureState.DECIDED: "Besluttet",
        MeasureState.ACTIVE: "I gang",
        MeasureState.DONE: "Gennemført",
        MeasureState.DOCUMENTED: "Dokumenteret",
        MeasureState.ABANDONED: "Opgivet",
    }.items()
}
_LIMITS = {"title": 200, "owner": 200, "theme": 120, "name": 200}
_DATES = ("since_on", "due_on")
_YES_NO = ("is_in_plan", "is_confidential")
_NUMBERS = {
    cell_key(phase, quantity, part) for phase in SavingPhase for quantity in Quantity for part in (AMOUNT, BASELINE)
}


def columns_of(header: Header) -> dict[int, str]:
    """Column -> key of the sheet's column that its heading names."""
    known = {heading_key(column.heading): column.key for column in sheet_columns() if column.is_read}
    found: dict[int, str] = {}
    for index, heading in enumerate(header.headings):
        key = known.get(heading_key(heading))
        if key and key not in found.values():
            found[index] = key
    return found


def read_row(number: int, row: Sequence[Cell], header: Header, columns: Mapping[int, str], year: int) -> Read:
    """The values of a row by column key; `year` completes dates without one."""
    read = Read(number, row)
    for index, key in columns.items():
        cell = row[index] if index < len(row) else None
        if cell is None or not shown(cell):
            continue
        _read_cell(read, key, header.headings[index], cell, year)
    return read


def _read_cell(read: Read, key: str, heading: str, cell: Cell, year: int) -> None:
    if key in _NUMBERS:
        _read_amount(read, key, heading, cell)
    elif key in _DATES:
        try:
            read.values[key] = parse_date(one_line(cell) if isinstance(cell, str) else cell, year)
        except (ValueError, TypeError, OverflowError):
            read.fail("date", heading, cell)
    elif key == "state":
        state = STATES.get(word_key(one_line(cell)))
        if state is None:
            read.warn("measure_unknown_state", heading, cell)
        else:
            read.values[key] = state
    elif key in ("cvr", "p_number", "programme", *_YES_NO):
        kinds = {"cvr": Kind.CVR, "p_number": Kind.P_NUMBER, "programme": Kind.YEAR}
        try:
            read.values[key] = READERS[kinds.get(key, Kind.YES_NO)](cell)
        except RefusedCellError as refusal:
            is_fatal = key in ("cvr", "p_number", "programme")
            (read.fail if is_fatal else read.warn)(refusal.code, heading, cell)
    else:
        text = shown(cell) if key == "description" or key.endswith("evidence") else one_line(cell)
        limit = _LIMITS.get(key, 10_000)
        if len(text) > limit:
            read.fail("too_long", heading, text[:100], limit=limit)
        else:
            read.values[key] = text


def _read_amount(read: Read, key: str, heading: str, cell: Cell) -> None:
    """An amount is kept with whether it is "ikke målt"; what was used before is a plain number."""
    try:
        number, is_not_measured = parse_amount(one_line(cell) if isinstance(cell, str) else cell)
    except ValueError:
        read.fail("measure_number", heading, cell)
        return
    if key.endswith(AMOUNT):
        read.values[key] = (number, is_not_measured)
    elif is_not_measured or number is None or number < 0:
        read.fail("measure_number", heading, cell)
    else:
        read.values[key] = number
