"""Looking over an XLSX archive before a reader that believes it gets it.

Declared sizes lie, one far cell makes a dense table of gigabytes, and XML can name entities:
so members are counted, unpacked with a meter, searched for DOCTYPE, and the farthest cell is
found in the text itself.
"""

from __future__ import annotations

import io
import re
import zipfile

MAX_BYTES = 20 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED = 200 * 1024 * 1024
MAX_CELLS = 6_000_000
_FAR_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{0,3}(\d{5,})["']""")
_WIDE_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{2,})\d""")
_ODD_REFERENCE = re.compile(rb"""<[^>]*\br\s*=\s*["'][^"'>]*&""")
_SHEET_NAME = re.compile(r"""<(?:\w+:)?sheet\b([^>]*)>""")
_ATTRIBUTE = re.compile(r"""\b(name|state)\s*=\s*("([^"]*)"|'([^']*)')""")


class UnreadableFileError(ValueError):
    """The file is refused.

    `code`: empty, too_large, unpacks_too_large, old_or_encrypted, not_a_spreadsheet, damaged.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> bytes:
    with archive.open(info) as member:
        content = member.read(budget + 1)
    if len(content) > budget:
        raise UnreadableFileError("unpacks_too_large")
    return content


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _check_extent(xml: bytes) -> None:
    """Refuse a sheet whose farthest cell would make the reader fill a huge table."""
    if _ODD_REFERENCE.search(xml):
        raise UnreadableFileError("damaged")
    rows = max((int(n[:9]) for n in _FAR_ROW.findall(xml)), default=10_000)
    columns = max((_column_number(c) for c in set(_WIDE_COLUMN.findall(xml))), default=26)
    if rows * columns > MAX_CELLS or rows > 1_048_576:
        raise UnreadableFileError("unpacks_too_large")


def check_archive(content: bytes) -> None:
    """Raise UnreadableFileError unless this is an XLSX workbook of a sane size."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise UnreadableFileError("damaged") from error
    names = {info.filename for info in members}
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise UnreadableFileError("not_a_spreadsheet")
    if len(members) > MAX_MEMBERS or sum(info.file_size for info in members) > MAX_UNPACKED:
        raise UnreadableFileError("unpacks_too_large")
    if len(names) != len(members) or any(info.flag_bits & 1 for info in members):
        raise UnreadableFileError("damaged")
    budget = MAX_UNPACKED
    for info in members:
        try:
            xml = _read_member(archive, info, budget)
        except UnreadableFileError:
            raise
        except Exception as error:  # zlib, CRC, truncated: every way in which an archive can be broken
            raise UnreadableFileError("damaged") from error
        budget -= len(xml)
        if not info.filename.endswith((".xml", ".rels", ".vml")):
            continue
        head = xml[:4096]
        if b"\x00" in head or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise UnreadableFileError("damaged")
        if info.filename.startswith("xl/worksheets/"):
            _check_extent(xml)


def hidden_sheets(content: bytes) -> dict[str, bool]:
    """Sheet name -> whether it is hidden, from the workbook's own list."""
    from xml.sax.saxutils import unescape

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    found = {}
    for tag in _SHEET_NAME.findall(text):
        attributes = {m[0]: m[2] or m[3] for m in _ATTRIBUTE.findall(tag)}
        name = unescape(attributes.get("name", ""), {"&quot;": '"', "&apos;": "'"})
        found[name] = attributes.get("state", "visible") != "visible"
    return found
