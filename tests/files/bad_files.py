"""Bombs and cases: files that are not what they claim, are broken, enormous, or only unusual.

Each case: its name -> (what makes it, its file name, the codes it may be refused with; none: it is read).
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from tests.files.books import HEAD, LIST, book, cell, members, rows, sheet, swollen, zipped

BIG, BROKEN, NO_SHEET, OLD, EMPTY = "unpacks_too_large", "damaged", "not_a_spreadsheet", "old_or_encrypted", "empty"
CSV = "Virksomhed;CVR-nr.;Kommune;Status\r\nPrøve Mejeri A/S;13585628;Jammerbugt;Kontaktet\r\n"
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;">]>'
SECRET = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"


class Case(NamedTuple):
    """A file and what may come of it."""

    make: Callable[[], bytes]
    filename: str
    codes: tuple[str, ...] = ()


def _far(reference: str, number: object = 1048576) -> bytes:
    far = f'<row r="{number}"><c r="{reference}"><v>1</v></c></row>'
    return book({"Ark1": sheet(rows() + far)})


def _marked_encrypted() -> bytes:
    content = bytearray(book())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    return bytes(content)


def _unknown_packing() -> bytes:
    content = bytearray(book())
    content[content.find(b"PK\x01\x02") + 10] = 99
    return bytes(content)


def _said_twice() -> bytes:
    parts = members()
    return zipped({**parts, "xl/workbook.xmk": parts["xl/workbook.xml"]}).replace(b"workbook.xmk", b"workbook.xml")


def _overlapping() -> bytes:
    """Many members that are one and the same piece of the file."""
    content = bytearray(zipped({**members(), **{f"xl/media/{n:03}.xml": "<a/>" for n in range(50)}}))
    place, first = -1, None
    while (place := content.find(b"PK\x01\x02", place + 1)) >= 0:
        if b"xl/media/" in content[place : place + 60]:
            first = first or content[place + 42 : place + 46]
            content[place + 42 : place + 46] = first
    return bytes(content)


def _long_word_said_often() -> bytes:
    words = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 32_000}</t></si></sst>'
    )
    said = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(4, 100_000))
    return book({"Ark1": sheet(rows() + said)}, more={"xl/sharedStrings.xml": HEAD + words})


def _deep() -> bytes:
    return book({"Ark1": sheet(rows(), more="<a>" * 200_000 + "</a>" * 200_000)})


def _formula(inside: str) -> bytes:
    row = f'<row r="4">{cell("A4", "Formel A/S")}{inside}{cell("C4", "Jammerbugt")}{cell("D4", "Egnet")}</row>'
    return book({"Ark1": sheet(rows() + row)})


def _odd_numbers() -> bytes:
    odd = ("1e999", "-1e308", "NaN", "9" * 400, "", "1.5.5", "-0")
    row = "".join(f'<c r="{chr(65 + n)}4"><v>{text}</v></c>' for n, text in enumerate(odd))
    days = "".join(
        f'<c r="{chr(65 + n)}5" t="d"><v>{t}</v></c>' for n, t in enumerate(("2016-02-31", "x", "9999-12-31"))
    )
    wrong = "".join(f'<c r="{chr(65 + n)}6" t="{t}"><v>7</v></c>' for n, t in enumerate(("b", "e", "str", "q")))
    return book(
        {"Ark1": sheet(rows() + "".join(f'<row r="{n}">{c}</row>' for n, c in ((4, row), (5, days), (6, wrong))))}
    )


def _endless_numbers() -> bytes:
    endless = ("1e999", "-1e999", "NaN", "9" * 400)
    row = "".join(f'<c r="{chr(65 + n)}4"><v>{text}</v></c>' for n, text in enumerate(endless))
    return book({"Ark1": sheet(rows() + f'<row r="4">{row}</row>')})


def _hidden_and_shown() -> bytes:
    secret = sheet(rows([LIST[0], ["Skjult A/S", "10000009", "Jammerbugt", "Egnet"]]))
    states = {"Skjult": "hidden", "Meget skjult": "veryHidden"}
    return book({"Skjult": secret, "Ark1": sheet(), "Meget skjult": secret}, states=states)


def _merged() -> bytes:
    title = [["Kandidater 2016", "", "", ""], ["", "", "", ""]]
    more = '<mergeCells count="2"><mergeCell ref="A1:D1"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return book({"Ark1": sheet(rows(title) + rows(first=3), more)})


def _outside() -> bytes:
    return zipped({**members(), "/etc/nbe-test": "x", "../../nbe-test": "x", "C:\\nbe-test": "x", "xl/\x01": "x"})


def _macros() -> bytes:
    parts = members(more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 500})
    kind, macro = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    types = str(parts["[Content_Types].xml"]).encode().replace(kind, macro)
    return zipped({**parts, "[Content_Types].xml": types})


CASES: dict[str, Case] = {
    "nothing": Case(lambda: b"", "tom.xlsx", (EMPTY,)),
    "noughts": Case(lambda: b"\0" * 5000, "nuller.xlsx", (EMPTY,)),
    "blank lines": Case(lambda: b" \r\n\t" * 100, "tom.csv", (EMPTY,)),
    "21 MB": Case(lambda: CSV.encode() + b"A;13585628;849;Egnet\r\n" * 1_000_000, "stor.csv", ("too_large",)),
    "zip bomb": Case(lambda: swollen(members(), "xl/worksheets/sheet1.xml", 1000), "bombe.xlsx", (BIG,)),
    "zip bomb that lies": Case(
        lambda: swollen(members(), "xl/worksheets/sheet1.xml", 1000, declared=900), "bombe.xlsx", (BIG, BROKEN)
    ),
    "zip bomb in a picture": Case(
        lambda: swollen(members(more={"xl/media/1.png": ""}), "xl/media/1.png", 300), "bombe.xlsx", (BIG,)
    ),
    "zip in a zip": Case(lambda: zipped({"liste.xlsx": book()}), "liste.xlsx", (NO_SHEET,)),
    "300 members": Case(lambda: book(more={f"xl/{n}.xml": "<a/>" for n in range(300)}), "mange.xlsx", (BIG,)),
    "overlapping members": Case(_overlapping, "bombe.xlsx", (BROKEN, BIG)),
    "a long word said often": Case(_long_word_said_often, "ord.xlsx", (BIG,)),
    "entities": Case(lambda: book({"Ark1": sheet(before=DOCTYPE)}), "liste.xlsx", (BROKEN,)),
    "a file from the server": Case(lambda: book({"Ark1": sheet(before=SECRET)}), "liste.xlsx", (BROKEN,)),
    "entities in words": Case(
        lambda: book(more={"xl/sharedStrings.xml": HEAD + DOCTYPE + "<sst/>"}), "liste.xlsx", (BROKEN,)
    ),
    "entities in UTF-16": Case(
        lambda: book({"Ark1": sheet(before=SECRET).encode("utf-16")}),  # type: ignore[dict-item]
        "liste.xlsx",
        (BROKEN,),
    ),
    "entities beside the sheets": Case(
        lambda: book({"Ark1": sheet(before=DOCTYPE)}, folder="andet"), "liste.xlsx", (BROKEN,)
    ),
    "deep XML": Case(_deep, "dyb.xlsx"),
    "farthest cell": Case(lambda: _far("XFD1048576"), "fjern.xlsx", (BIG,)),
    "farthest cell, small letters": Case(lambda: _far("xfd1048576"), "fjern.xlsx", (BIG, BROKEN)),
    "farthest cell, hidden letters": Case(lambda: _far("&#88;FD1048576", "&#49;"), "fjern.xlsx", (BROKEN, BIG)),
    "beyond the farthest cell": Case(lambda: _far("ZZZZZ99999999999", "9" * 30), "fjern.xlsx", (BIG, BROKEN)),
    "farthest cell beside the sheets": Case(
        lambda: book({"Ark1": sheet(rows() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}, folder="andet"),
        "fjern.xlsx",
        (BIG,),
    ),
    ".xls": Case(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "gammel.xlsx", (OLD,)),
    "encrypted": Case(_marked_encrypted, "hemmelig.xlsx", (BROKEN,)),
    "packed in an unknown way": Case(_unknown_packing, "liste.xlsx", (BROKEN,)),
    "packed as bzip2": Case(lambda: zipped(members(), zipfile.ZIP_BZIP2), "liste.xlsx", (BROKEN,)),
    ".ods": Case(
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
        "liste.xlsx",
        (NO_SHEET,),
    ),
    ".xlsm": Case(_macros, "makro.xlsx"),
    ".xlsb": Case(
        lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01\0"}), "liste.xlsx", (NO_SHEET,)
    ),
    ".docx": Case(
        lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}), "liste.xlsx", (NO_SHEET,)
    ),
    "PDF": Case(lambda: b"%PDF-1.7\n1 0 obj; <</Type /Catalog>>", "liste.xlsx", (NO_SHEET,)),
    "PNG": Case(lambda: PNG, "liste.xlsx", (NO_SHEET,)),
    "JPEG": Case(lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0\1" + bytes(range(256)) * 4, "liste.csv", (NO_SHEET,)),
    "GIF": Case(lambda: b"GIF89a;\x01;\x01" + bytes(range(1, 256)), "liste.csv", (NO_SHEET,)),
    "a program": Case(lambda: b"MZ\x90;\x03;" + bytes(range(1, 256)), "liste.csv", (NO_SHEET,)),
    "gzip": Case(lambda: gzip.compress(CSV.encode(), mtime=0), "liste.csv", (NO_SHEET,)),
    "HTML": Case(lambda: b"<html><table><tr><td>a;b</td></tr></table></html>", "liste.xls", (NO_SHEET,)),
    "cut in the middle": Case(lambda: (b := book())[: len(b) // 2], "liste.xlsx", (BROKEN,)),
    "cut at its end": Case(lambda: book()[:-30], "liste.xlsx", (BROKEN,)),
    "four bytes": Case(lambda: b"PK\x03\x04", "liste.xlsx", (BROKEN,)),
    "member said twice": Case(_said_twice, "liste.xlsx", (BROKEN,)),
    "no sheets": Case(lambda: book({}), "liste.xlsx", (EMPTY, BROKEN)),
    "sheet that is missing": Case(
        lambda: zipped({k: v for k, v in members().items() if "sheet1" not in k}), "liste.xlsx", (EMPTY, BROKEN)
    ),
    "two sheets of one name": Case(
        lambda: zipped({k: v.replace("Ark2", "Ark1") for k, v in members({"Ark1": sheet(), "Ark2": sheet()}).items()}),  # type: ignore[arg-type]
        "liste.xlsx",
        (BROKEN,),
    ),
    "only a hidden sheet": Case(lambda: book(states={"Ark1": "hidden"}), "skjult.xlsx", (EMPTY,)),
    "hidden sheets beside it": Case(_hidden_and_shown, "skjult.xlsx"),
    "a long sheet name": Case(lambda: book({"A" * 300: sheet()}), "liste.xlsx"),
    "two long sheet names": Case(lambda: book({"A" * 300: sheet(), "A" * 299 + "B": sheet()}), "liste.xlsx", (BROKEN,)),
    "members outside": Case(_outside, "liste.xlsx"),
    "formula with its value": Case(lambda: _formula('<c r="B4"><f>1+1</f><v>10000009</v></c>'), "formel.xlsx"),
    "formula without": Case(lambda: _formula('<c r="B4"><f>HYPERLINK("http://x")</f></c>'), "formel.xlsx"),
    "merged cells": Case(_merged, "flettet.xlsx"),
    "numbers that are none": Case(_odd_numbers, "tal.xlsx", (BROKEN,)),
    "numbers without end": Case(_endless_numbers, "tal.xlsx"),
    "word that is missing": Case(
        lambda: book({"Ark1": sheet(rows() + '<row r="4"><c r="A4" t="s"><v>99</v></c></row>')}),
        "liste.xlsx",
        (BROKEN,),
    ),
    "UTF-16": Case(lambda: CSV.encode("utf-16"), "liste.csv"),
    "UTF-16 without its mark": Case(lambda: CSV.encode("utf-16-be"), "liste.csv", (NO_SHEET,)),
    "UTF-16 cut": Case(lambda: CSV.encode("utf-16")[:-1], "liste.csv", (NO_SHEET,)),
    "Windows letters": Case(lambda: CSV.encode("cp1252"), "liste.csv"),
    "letters nobody knows": Case(lambda: b"a;b\r\n\x81\x8d;\x8f\x90\r\n", "liste.csv", (NO_SHEET,)),
    "binary in it": Case(lambda: CSV.encode() + bytes(range(256)), "liste.csv", (NO_SHEET,)),
    "quote never closed": Case(lambda: CSV.encode() + b'"' + b"Aa;" * 1_000_000, "liste.csv", (BROKEN,)),
    "one line of 10 MB": Case(lambda: b"a;" + b"x" * 10_000_000, "liste.csv", (BROKEN,)),
    "10 million semicolons": Case(lambda: b";" * 10_000_000, "liste.csv", (BIG,)),
    "5 million lines": Case(lambda: CSV.encode() + b"\n" * 5_000_000, "liste.csv", (BIG,)),
    "7 million cells": Case(lambda: CSV.encode() + (b";" * 999 + b"\n") * 7_000, "liste.csv", (BIG,)),
}
