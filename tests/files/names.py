"""Dangerous and difficult names, as a business could be called, and a look for cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile

NAMES = [
    '=HYPERLINK("http://example.dk","Klik")',
    "=cmd|' /C calc'!A0",
    "+1+1 ApS",
    "-2+3 I/S",
    "@SUM(1+9)",
    "＝1+1 fuldbredde",
    "＋1 fuldbredde",
    "－1 fuldbredde",
    "＠SUM fuldbredde",
    "\t=1+1 efter tabulator",
    "\r=1+1 efter vognretur",
    "\n=1+1 efter linjeskift",
    " =1+1 efter blank",
    "\u00a0\u3000=1+1 efter brede blanke",
    "|dir",
    "'=1+1 med apostrof",
    "''+1 med to",
    "'Almindelig' i anførsel",
    '"Kroen" & Søn',
    '="=1+1"',
    "Øl; Vin; Vand",
    "Åen, Bæk og Æg",
    "Linje\nto ApS",
    "مخبز الشمال",
    "בית קפה A/S",
    "Ræv 🦊👩\u200d🔧 ApS",
    "Navn" * 50,
    unicodedata.normalize("NFD", "Ågården Øster Ærø"),
    "<b>Fed</b> &amp; <script>alert(1)</script>",
    "_x0041_ _x000D_ ApS",
    "00123",
    "1/2-16",
    "SAND",
    "日本パン屋 ☕",
]
_LIVE = re.compile("[\\s\u3000]*[=+\\-@|＝＋－＠]|[\t\r\n]")

_RUNS = re.compile(r"<f[ >/]|<hyperlink|TargetMode=.External|<externalLink|<ddeLink|<oleObject|vbaProject")


def cells_of_csv(content: bytes) -> list[list[str]]:
    """The cells as any reader of Danish CSV gets them."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def live_cells(table: list[list[str]]) -> list[str]:
    """Cells that a spreadsheet would take for a formula."""
    return [cell for row in table for cell in row if _LIVE.match(cell)]


def formulas_and_links(content: bytes) -> list[tuple[str, str]]:
    """(member, text) of everything in a workbook that is run, or leads out of it."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            found += [(name, match[0]) for match in _RUNS.finditer(text)]
    return found
