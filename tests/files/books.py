"""Workbooks made by hand, member by member, so that each can be wrong in its own way."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LIST = [
    ["Virksomhed", "CVR-nr.", "Kommune", "Status"],
    ["Prøve Mejeri A/S", "13585628", "Jammerbugt", "Kontaktet"],
    ["Brovst Smede ApS", "27355021", "Jammerbugt", "Egnet"],
]


def cell(reference: str, text: str) -> str:
    """A cell with text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def rows(table: list[list[str]] = LIST, first: int = 1) -> str:
    """The rows of a sheet."""
    return "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + place)}{number}", text) for place, text in enumerate(row))
        + "</row>"
        for number, row in enumerate(table, first)
    )


def sheet(content: str | None = None, more: str = "", before: str = "") -> str:
    """A sheet's XML; the good list unless told otherwise."""
    body = rows() if content is None else content
    return f'{HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{more}</worksheet>'


def members(
    sheets: Mapping[str, str] | None = None,
    *,
    states: Mapping[str, str] | None = None,
    folder: str = "worksheets",
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """The members of a workbook: its sheets by name, with the lists that lead to them."""
    found = {"Ark1": sheet()} if sheets is None else sheets
    names, links, types = "", "", ""
    parts: dict[str, str | bytes] = {}
    for number, (name, xml) in enumerate(found.items(), 1):
        state = f' state="{states[name]}"' if states and name in states else ""
        names += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="{folder}/sheet{number}.xml"/>'
        parts[f"xl/{folder}/sheet{number}.xml"] = xml
        types += f'<Override PartName="/xl/{folder}/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'  # fmt: skip  # noqa: E501
    number = len(found) + 1
    links += f'<Relationship Id="rId{number}" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    links += f'<Relationship Id="rId{number + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        **parts,
        **(more or {}),
    }


def zipped(parts: Mapping[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def book(sheets: Mapping[str, str] | None = None, **options: object) -> bytes:
    """A whole workbook."""
    return zipped(members(sheets, **options))  # type: ignore[arg-type]


def swollen(parts: Mapping[str, str | bytes], name: str, megabytes: int, declared: int | None = None) -> bytes:
    """An archive in which one member unpacks to so many megabytes of blanks, and says so or lies."""
    block = b" " * 1024 * 1024
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = press.compress(block) + press.flush(zlib.Z_FULL_FLUSH)
    data = piece * megabytes + press.flush()
    check = 0
    for _ in range(megabytes):
        check = zlib.crc32(block, check)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in parts.items():
            if other != name:
                archive.writestr(other, content)
        archive.writestr(name, data, zipfile.ZIP_STORED)
    # The member was stored; let its two headers say that it was packed, with this size.
    content = bytearray(stored.getvalue())
    size = (declared if declared is not None else megabytes * 1024 * 1024).to_bytes(4, "little")
    central = content.rindex(b"PK\x01\x02")
    local = int.from_bytes(content[central + 42 : central + 46], "little")
    for start, method, crc in ((local, 8, 14), (central, 10, 16)):
        content[start + method : start + method + 2] = (8).to_bytes(2, "little")
        content[start + crc : start + crc + 4] = check.to_bytes(4, "little")
        content[start + crc + 8 : start + crc + 12] = size
    return bytes(content)
