"""One row of a sheet of people, read. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from nbe.core.dates import parse_date
from nbe.core.sheets import Cell
from nbe.courses.sheet import HEADINGS as COURSE_HEADINGS
from nbe.courses.sheet import PLANNED
from nbe.events.sheet import HEADINGS as EVENT_HEADINGS
from nbe.imports.fields import Kind
from nbe.imports.headings import Header, heading_key
from nbe.imports.kinds.kind import Around, KindSheet, data_rows
from nbe.imports.values import READERS, Municipalities, Read, RefusedCellError, one_line, shown
from nbe.imports.words import word_key

# What others call the columns that our own sheets have.
_ALSO: dict[str, tuple[str, ...]] = {
    "name": ("Deltagere", "Deltagernavn", "Kursist", "Kursister"),
    "business": ("Virksomhedsnavn", "Firma", "Organisation"),
    "cvr": ("CVR", "CVR-nummer"),
    "p_number": ("P-nummer",),
    "email": ("Mail", "Mailadresse"),
    "title": ("Titel",),
    "signed_up_on": ("Tilmeldt den", "Tilmeldingsdato"),
    "came": ("Fremmøde", "Kom", "Deltog"),
    "certificate": ("Bevis",),
    "note": ("Note",),
}
_KEYS = {
    heading_key(heading): key
    for key, heading in (
        *((key, heading) for key, headings in _ALSO.items() for heading in headings),
        *COURSE_HEADINGS.items(),
        *EVENT_HEADINGS.items(),
    )
}
_DAY = re.compile(r"dag[\s.:-]*(?P<number>\d{1,2})[\s.:]*(?:\((?P<day>[^)]*)\))?", re.IGNORECASE)
_TICKS = frozenset({"x", "ja", "j", "1", "✓", "✔", "v"})
_NO = frozenset({"nej", "n", "0", "-", "–"})
_LIMITS = {
    "name": 200, "business": 200, "title": 120, "team": 120, "note": 400, "course": 200, "team_seats": 400,
    "event": 200,
}  # fmt: skip
_DATES = ("since_on", "held_on")
# Words of which each kind of sheet makes its own sense.
_WORDS = ("state", "event_kind", "organiser")
_COUNTS = {"event_seats": 9999, "event_number": 999}


def _day_of_heading(heading: str) -> re.Match[str] | None:
    return _DAY.fullmatch(heading.strip())


def columns_of(header: Header) -> dict[int, str]:
    """Column -> key; "Dag 2" and "Dag 2 (11-05-2016)" are "day-2". A key goes to the first column that names it."""
    found: dict[int, str] = {}
    for index, heading in enumerate(header.headings):
        day = _day_of_heading(heading)
        key = f"day-{int(day['number'])}" if day else _KEYS.get(heading_key(heading), "")
        if key and key not in found.values():
            found[index] = key
    return found


def days_told(headings: Mapping[str, str], year: int) -> dict[int, dt.date]:
    """Number of the day -> when it is held, where its heading says so; `year` completes dates without one."""
    found: dict[int, dt.date] = {}
    for heading in headings.values():
        day = _day_of_heading(heading)
        if day and day["day"]:
            try:
                found[int(day["number"])] = parse_date(day["day"], year)
            except (ValueError, OverflowError):
                continue
    return found


def keys_of(headings: Sequence[str]) -> set[str]:
    """The keys that a row of headings names."""
    return set(columns_of(Header(0, tuple(headings))).values())


def tick(cell: Cell) -> bool | None:
    """Whether a cell is ticked; None for a word that is neither a tick nor a no."""
    text = one_line(cell).casefold()
    if cell is True or text in _TICKS:
        return True
    return False if cell is False or text in _NO else None


def read_row(
    number: int,
    row: Sequence[Cell],
    header: Header,
    columns: Mapping[int, str],
    municipalities: Municipalities,
    year: int,
) -> Read:
    """The values of a row by key; `year` completes dates without one. Ticks are True or False."""
    read = Read(number, row)
    for index, key in columns.items():
        cell = row[index] if index < len(row) else None
        if cell is not None and shown(cell):
            _read_cell(read, key, header.headings[index], cell, municipalities, year)
    return read


def read_sheet(sheet: KindSheet, around: Around) -> tuple[list[Read], dict[str, str]]:
    """The rows of a sheet, and key -> the heading of its column as the file has it."""
    if sheet.header is None:
        return [], {}
    columns, year = columns_of(sheet.header), around.terms.programme_year
    reads = [
        read_row(number, row, sheet.header, columns, around.municipalities, year) for number, row in data_rows(sheet)
    ]
    return reads, {key: sheet.header.headings[index] for index, key in columns.items()}


def _read_cell(read: Read, key: str, heading: str, cell: Cell, municipalities: Municipalities, year: int) -> None:
    if key.startswith("day-") and (planned := PLANNED.get(word_key(one_line(cell)))) is not None:
        read.values[f"planned-{key.removeprefix('day-')}"] = planned
    elif key.startswith("day-") or key in ("came", "certificate"):
        _read_tick(read, key, heading, cell, year)
    elif key == "municipality":
        code = municipalities.find(cell)
        if code is None:
            read.fail("municipality_unknown", heading, cell)
        else:
            read.values[key], read.place = code, one_line(cell)
    elif key == "signed_up_on":
        _read_sign_up(read, heading, cell, year)
    elif key in _DATES:
        _read_date(read, key, heading, cell, year)
    elif key in _WORDS:
        read.values[key] = word_key(one_line(cell))
    elif key in _COUNTS:
        _read_count(read, key, heading, cell)
    elif key in ("cvr", "p_number", "email"):
        kinds = {"cvr": Kind.CVR, "p_number": Kind.P_NUMBER, "email": Kind.MAIL}
        try:
            read.values[key] = READERS[kinds[key]](cell)
        except RefusedCellError as refusal:
            read.fail(refusal.code, heading, cell)
    else:
        text = one_line(cell)
        if len(text) > _LIMITS[key]:
            read.fail("too_long", heading, text[:100], limit=_LIMITS[key])
        else:
            read.values[key] = text


def _read_tick(read: Read, key: str, heading: str, cell: Cell, year: int) -> None:
    """A tick or a no; a certificate may say the day instead."""
    answer = tick(cell)
    if answer is None and key == "certificate":
        try:
            read.values["certificate_on"] = parse_date(one_line(cell) if isinstance(cell, str) else cell, year)
            answer = True
        except (ValueError, TypeError, OverflowError):
            answer = None
    if answer is None:
        read.warn("person_tick", heading, cell)
    else:
        read.values[key] = answer


def _read_date(read: Read, key: str, heading: str, cell: Cell, year: int) -> None:
    try:
        read.values[key] = parse_date(one_line(cell) if isinstance(cell, str) else cell, year)
    except (ValueError, TypeError, OverflowError):
        read.fail("date", heading, cell)


def _read_count(read: Read, key: str, heading: str, cell: Cell) -> None:
    try:
        number = READERS[Kind.COUNT](cell)
    except RefusedCellError:
        number = -1
    if 0 <= number <= _COUNTS[key]:
        read.values[key] = number
    else:
        read.warn("number", heading, cell)


def _read_sign_up(read: Read, heading: str, cell: Cell, year: int) -> None:
    """A date; or a plain tick, which says that but not when."""
    try:
        read.values["signed_up_on"] = parse_date(one_line(cell) if isinstance(cell, str) else cell, year)
    except (ValueError, TypeError, OverflowError):
        if tick(cell) is None:
            read.fail("date", heading, cell)
        elif tick(cell) is False:
            read.values["is_off"] = True


def day_of_name(name: str, year: int) -> dt.date | None:
    """The day in a sheet's name: "Temamøde 26-01" in the programme's year; None where there is none."""
    for found in re.finditer(
        r"\d{1,2}\s*[-./]\s*\d{1,2}(?:\s*[-./]\s*\d{2,4})?|\d{1,2}\.?\s*[a-zæøå]{3,9}(?:\s+\d{4})?", name, re.I
    ):
        try:
            return parse_date(found[0], year)
        except (ValueError, OverflowError):
            continue
    return None
