"""Reading a spreadsheet that somebody hands us: looked over before it is opened, then read as plain cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from nbe.core.sheets.guards import unguard
from nbe.core.sheets.safety import MAX_BYTES, MAX_CELLS, MAX_ROWS, UnreadableFileError, check_archive, hidden_sheets

MAX_NAME = 100  # characters by which two sheets must differ; spreadsheets allow 31
Cell = str | int | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows from the sheet's first, so that rows[i] is what a person calls row i + 1."""

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file, hidden ones without rows."""

    sheets: list[Sheet] = field(default_factory=list)


def open_table_file(content: bytes, filename: str) -> Workbook:
    """The cells of an XLSX or Danish CSV file, told apart by their bytes. Raises UnreadableFileError."""
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError("empty")
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("too_large")
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError("old_or_encrypted")
    return Workbook([Sheet(_stem(filename), _read_csv(content))])


def _stem(filename: str) -> str:
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[0] if "." in name.strip(".") else name


def _read_xlsx(content: bytes) -> Workbook:
    check_archive(content)
    hidden = hidden_sheets(content)
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len({name[:MAX_NAME] for name in book.sheet_names}) != len(book.sheet_names):
            raise UnreadableFileError("damaged")
        sheets = []
        for name in book.sheet_names:
            if hidden.get(name, False):
                sheets.append(Sheet(name, [], is_hidden=True))
                continue
            rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for row in rows:  # in their place: a second table would cost as much memory again
                row[:] = map(_cell, row)
            sheets.append(Sheet(name, rows))
    except UnreadableFileError:
        raise
    except BaseException as error:  # the reader is native code: its own panics are not Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise UnreadableFileError("damaged") from error
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFileError("empty")
    return Workbook(sheets)


def _cell(value: Any) -> Cell:
    kind = type(value)
    if kind is str:
        return value if value else None
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if kind is dt.datetime:
        return value.date() if value.time() == dt.time() else value
    if kind is dt.time or kind is dt.timedelta:
        return str(value)
    return value


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        raise UnreadableFileError("not_a_spreadsheet")
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError("not_a_spreadsheet")


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    for mark in (";", "\t", ","):
        if mark in line:
            return mark
    head = text[:4000]
    return max((";", "\t", ","), key=head.count)


def _read_csv(content: bytes) -> list[list[Cell]]:
    text = _decode(content)
    start = text[:400].lstrip().lower()
    if start.startswith(("<", "%pdf", "{\\rtf", "\x89png", "gif8", "mz")) or _looks_binary(text[:4000]):
        raise UnreadableFileError("not_a_spreadsheet")
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([unguard(value) if value else None for value in row])
            cells += len(row) + 1
            if cells > MAX_CELLS or len(rows) > MAX_ROWS:
                raise UnreadableFileError("unpacks_too_large")
    except csv.Error as error:
        raise UnreadableFileError("damaged") from error
    if max((len(row) for row in rows), default=0) < 2:
        raise UnreadableFileError("not_a_spreadsheet")
    return rows


def _looks_binary(text: str) -> bool:
    controls = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n") + sum(1 for c in text if "\x80" <= c < "\xa0")
    return controls > max(2, len(text) // 100)
