"""Looking over an XLSX archive before a reader that believes it gets it.

Declared sizes lie, one far cell makes a dense table of gigabytes, and XML can name entities:
so members are counted, unpacked with a meter, searched for DOCTYPE, and the farthest cell is
found in the text itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

MAX_BYTES = 20 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED = 200 * 1024 * 1024
MAX_CELLS = 6_000_000
MAX_ROWS = 1_048_576
_PIECE = 1024 * 1024
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


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> Iterator[bytes]:
    """A member piece by piece; never more than `budget` bytes, nor all of them at once."""
    with archive.open(info) as member:
        while piece := member.read(_PIECE):
            budget -= len(piece)
            if budget < 0:
                raise UnreadableFileError("unpacks_too_large")
            yield piece


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


class _Extent:
    """The farthest row and column a sheet speaks of, found in its text."""

    def __init__(self) -> None:
        self.rows = 10_000
        self.columns = 26
        self.is_table = False

    def look_at(self, xml: bytes) -> None:
        """Take in a piece of whole tags."""
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise UnreadableFileError("damaged")
        self.is_table = self.is_table or b"sheetData" in xml
        if self.is_table:
            if _ODD_REFERENCE.search(xml):
                raise UnreadableFileError("damaged")
            self.rows = max((self.rows, *(int(n[:9]) for n in _FAR_ROW.findall(xml))))
            self.columns = max((self.columns, *(_column_number(c) for c in set(_WIDE_COLUMN.findall(xml)))))
        if self.is_table and (self.rows * self.columns > MAX_CELLS or self.rows > MAX_ROWS):
            raise UnreadableFileError("unpacks_too_large")


def _is_xml(name: str, start: bytes) -> bool:
    """Whether a reader may take a member for XML: by its name or by how it begins."""
    by_name = name.lower().endswith((".xml", ".rels", ".vml"))
    return by_name or start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _look_through(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> int:
    """Unpack one member and refuse what would harm its reader; -> its size."""
    size, rest, extent, is_xml = 0, [b""], _Extent(), False
    for piece in _unpacked(archive, info, budget):
        if not size:
            is_xml = _is_xml(info.filename, piece)
            if is_xml and b"\x00" in piece[:4096]:
                raise UnreadableFileError("damaged")
        size += len(piece)
        if is_xml and (end := piece.rfind(b">") + 1):
            extent.look_at(b"".join((*rest, piece[:end])))
            rest = [piece[end:]]
        elif is_xml:
            rest.append(piece)
    extent.look_at(b"".join(rest))
    return size


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
            budget -= _look_through(archive, info, budget)
        except UnreadableFileError:
            raise
        except Exception as error:  # zlib, CRC, truncated: every way in which an archive can be broken
            raise UnreadableFileError("damaged") from error


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
