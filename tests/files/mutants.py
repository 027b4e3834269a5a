"""The two candidate lists, spoilt by chance: bytes turned, cut, doubled and joined, outside and inside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.files.books import zipped

DATA = Path(__file__).parent.parent / "data"
BOOK = (DATA / "kandidatliste-2016.xlsx").read_bytes()
LIST = (DATA / "kandidatliste-jammerbugt.csv").read_bytes()
ODD = [
    b"\x00",
    b"\xff",
    b'"',
    b";",
    b"\r",
    b"<",
    b"&",
    b"&#0;",
    b"]]>",
    b"\xed\xa0\x80",
    b"=1+1",
    b"1e999",
    b"\xf0\x9f\xa6\x8a",
]
ODD += [b"99999999999999999999", b"31-02-2016", b"<c>", b"</row>", b't="s"', b"\xe2\x80\xae", b"A" * 5000]


def _spoil(content: bytes, rng: random.Random) -> bytes:
    """One to four changes at random places."""
    spoilt = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.randrange(len(spoilt) + 1) for _ in range(2))
        end = min(end, at + rng.choice((1, 8, 200, 100_000)))
        match rng.randrange(6):
            case 0:
                for place in range(at, min(at + rng.randint(1, 8), len(spoilt))):
                    spoilt[place] ^= 1 << rng.randrange(8)
            case 1:
                del spoilt[at:end]
            case 2:
                spoilt[at:at] = spoilt[at:end]
            case 3:
                spoilt[at:at] = rng.choice(ODD)
            case 4:
                spoilt[at:end] = rng.choice(ODD)
            case 5:
                spoilt[at:end] = rng.randbytes(min(end - at, 50))
        spoilt = spoilt or bytearray(b"x")
    return bytes(spoilt)


def _spoil_inside(content: bytes, rng: random.Random) -> bytes:
    """A whole archive of which one member is spoilt."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if "theme" not in name]
    name = rng.choice([*names, *["xl/worksheets/sheet1.xml"] * len(names)])
    parts[name] = _spoil(bytes(parts[name]), rng)  # type: ignore[arg-type]
    return zipped(parts, zipfile.ZIP_STORED)


def _joined(rng: random.Random) -> bytes:
    """The beginning of one file with the end of another."""
    one, other = rng.choices((BOOK, LIST), k=2)
    return one[: rng.randrange(len(one))] + other[rng.randrange(len(other)) :]


def mutants(count: int, seed: int = 1) -> Iterator[tuple[int, bytes, str]]:
    """(number, content, file name); the same seed gives the same ones."""
    for number in range(count):
        rng = random.Random(seed * 1_000_000 + number)
        match number % 8:
            case 0:
                yield number, _spoil(BOOK, rng), "liste.xlsx"
            case 1:
                yield number, _joined(rng), "liste.xlsx"
            case 2 | 3 | 4:
                yield number, _spoil_inside(BOOK, rng), "liste.xlsx"
            case _:
                yield number, _spoil(LIST, rng), "liste.csv"
