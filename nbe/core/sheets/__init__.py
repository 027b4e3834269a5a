"""Spreadsheets in and out: XLSX and Danish CSV, read with care and written so that they come back the same."""

from nbe.core.sheets.guards import guard, unguard
from nbe.core.sheets.reading import Cell, Sheet, Workbook, open_table_file
from nbe.core.sheets.safety import UnreadableFileError
from nbe.core.sheets.writing import Column, SheetOut, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Column",
    "Sheet",
    "SheetOut",
    "UnreadableFileError",
    "Workbook",
    "guard",
    "open_table_file",
    "unguard",
    "write_csv",
    "write_xlsx",
]
