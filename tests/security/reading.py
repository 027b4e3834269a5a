"""Reading all that somebody can reach: every page of the address map, the links on it, and what can be asked of it."""

from __future__ import annotations

import functools
import html
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from pypdf import PdfReader
from werkzeug.test import TestResponse

from tests.security.conftest import House
from tests.security.routes import pages
from tests.security.world import CVR, PHONE, SIDES, TEXTS, World
from tests.sizes import is_drill, size

VARIANTS = size(200)  # of one page, by the links that lead to it
# What every page is asked besides: the other side's things, by each parameter the service reads.
_DAYS = ({"pr": "2016-03-01", "aar": "2016"}, {"kendt": "2016-03-01"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer. `seen` is its text and headers in lower case without blanks, spreadsheets unpacked."""

    path: str
    status: int
    headers: dict[str, str]
    text: str
    seen: str

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.headers.get("Content-Type", "").startswith("text/html")


def text_of(answer: TestResponse) -> str:
    """The words of an answer, whatever it is."""
    if answer.data[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.data[:2] != b"PK":
        return answer.data.decode("utf-8-sig", "replace")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def read(house: House, who: str, path: str) -> Reading:
    """One address, read by somebody."""
    answer = house.send(who, "GET", path)
    text = text_of(answer)
    headers = dict(answer.headers)
    shown = html.unescape(text) + " " + " ".join(f"{name}:{value}" for name, value in answer.headers)
    return Reading(path, answer.status_code, headers, text, re.sub(r"\s", "", shown).casefold())


def questions(world: World, side: str, path: str) -> list[str]:
    """Query strings by which the things of `side` could be asked for at an address."""
    things, code = world.objects[side], SIDES[side]
    asked: list[dict[str, object]] = [{"kommune": code, **day} for day in ({}, *_DAYS)]
    asked += [
        {"kommune": code, "virksomhed": things["business"], "user": things["user"], "raekke": things["candidacy"]}
    ]
    if path.startswith(("/virksomheder", "/kandidater", "/soeg")):
        kinds = TEXTS if is_drill() else ("name", "contact", "activity")
        searches = [f"Soeg{kind}{side}" for kind in kinds] + [f"soegcontactmail{side}.", PHONE[side][:7]]
        asked += [{"q": text, "navn": text} for text in searches]
        asked += [{"valgt": things["candidacy"], "til": "interested", "cvr": CVR[side][:7]}]
    return [urlencode(one) for one in asked]


def _links(reading: Reading) -> list[str]:
    if not reading.is_page:
        return []
    found = [html.unescape(link) for link in re.findall(r'(?:href|src|data-[a-z-]+)="(/[^"#]*)', reading.text)]
    return [link for link in found if not urlsplit(link).path.startswith("/static/")]


def _is_asked_things(path: str) -> bool:
    """Whether an address takes questions: those of one thing, of the account and of the setting up do not."""
    return not re.search(r"/\d+|konto|administration|login|adgangskode|invitation|healthz|readyz|/was", path)


def read_everything(house: House, who: str, *about: str) -> list[Reading]:
    """Every page of the map with the things of both sides; the links found there; the questions about some."""
    start = [address.path for side in SIDES for address in pages(house.app, house.world, side)]
    done: dict[str, Reading] = {}
    variants: Counter[str] = Counter()

    def visit(path: str) -> None:
        if path in done or path == "/logout":
            return
        plain = urlsplit(path).path
        if "?" in path and variants[plain] >= VARIANTS:
            return
        variants[plain] += "?" in path
        done[path] = read(house, who, path)

    for path in start:
        visit(path)
    if who != "anonymous":
        for reading in list(done.values()):
            for link in _links(reading):
                visit(link)
        askable = sorted({urlsplit(path).path for path in done if _is_asked_things(urlsplit(path).path)})
        for path in askable:
            for query in [query for side in about for query in questions(house.world, side, path)]:
                done.setdefault(f"{path}?{query}", read(house, who, f"{path}?{query}"))
    return list(done.values())


def finds(readings: list[Reading], canary: str) -> list[str]:
    """The addresses in whose answers a canary is seen."""
    return [reading.path for reading in readings if canary.casefold() in reading.seen]


@functools.cache
def link_pattern(side: str) -> re.Pattern[str]:
    """An address of one thing of `side`."""
    return re.compile(rf"/{SIDES[side]}00[1-7]\b|[=,]{SIDES[side]}00[1-7]\b")
