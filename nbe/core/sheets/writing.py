"""Writing spreadsheets: XLSX with typed cells, and CSV as Danish Excel opens it. The same rows give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Literal

from nbe.core.sheets.guards import guard

Kind = Literal["text", "integer", "decimal", "date", "datetime"]
MAX_CELL = 32_767
LONGEST_NAME = 31
_ZONE_FREE = dt.datetime(2000, 1, 1, 12)  # noqa: DTZ001 - a fixed stamp, so that equal data gives equal files
_BAD_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells hold, and how wide it is in characters."""

    title: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write; rows as sequences in the columns' order."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def sheet_name(name: str, most: int = LONGEST_NAME) -> str:
    """A name that Excel accepts, of at most so many characters as it counts them."""
    name = " ".join(_BAD_NAME.sub(" ", name).split()).strip(" '")
    while len(name.encode("utf-16-le")) > 2 * most:
        name = name[:-1]
    return name.strip(" '") or "Ark1"


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names that Excel accepts, no two of them the same to it: the second "Hold 1" is "Hold 1 (2)"."""
    found: list[str] = []
    taken: set[str] = set()
    for wished in names:
        name, number = sheet_name(wished), 1
        while name.casefold() in taken:
            number += 1
            name = f"{sheet_name(wished, LONGEST_NAME - len(f' ({number})'))} ({number})"
        taken.add(name.casefold())
        found.append(name)
    return found


def write_xlsx(stream: BinaryIO, sheets: Sequence[SheetOut]) -> None:
    """Write a workbook: header frozen and filtered, dates and numbers typed, text never run or linked."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"created": _ZONE_FREE})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "date": book.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        "datetime": book.add_format({"num_format": "dd-mm-yyyy hh:mm", "align": "left"}),
        "integer": book.add_format({"num_format": "#,##0"}),
        "decimal": book.add_format({"num_format": "#,##0.00"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for name, sheet in zip(sheet_names(sheet.name for sheet in sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.title, heading)
            page.set_column(place, place, column.width)
        number = 0
        for number, row in enumerate(sheet.rows, 1):
            for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                _write_cell(page, number, place, column.kind, value, formats)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, number, max(len(sheet.columns) - 1, 0))
    book.close()


def _write_cell(page: Any, row: int, place: int, kind: Kind, value: Any, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.datetime | dt.date) and kind in ("date", "datetime"):
        page.write_datetime(row, place, value, formats[kind])
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and kind in ("integer", "decimal"):
        page.write_number(row, place, value, formats[kind])
    else:
        page.write_string(row, place, str(value)[:MAX_CELL], formats["text"])


def _csv_cell(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%d-%m-%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    return guard(str(value))


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Danish CSV piece by piece: UTF-8 with a mark, semicolons, CRLF, decimal commas, formulas marked as text."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guard(column.title) for column in columns])
    for place, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(c.kind, v) for c, v in zip(columns, row, strict=True)])
        if place % 500 == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
