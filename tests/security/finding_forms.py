"""The forms that stand on the pages, read and filled in as in a browser."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

import lxml.html

from tests.security.conftest import House
from tests.security.reading import Reading, read
from tests.security.routes import pages
from tests.security.world import SIDES

# Pages whose form shows when something was chosen.
CHOSEN = (
    "/kandidater/ny?q=Soegname{side}",
    "/kandidater/flyt-flere?valgt={code}004&til=interested",
    "/virksomheder/{code}001/sammenlaeg?med={code}007",
    "/arrangementer/{code}021/tilmeld?virksomhed={code}001",
    "/rapporter/{code}011/rediger",
    "/rapporter/{code}011",
    "/breve/{code}021",
    "/breve/{code}021/rediger",
)
TABLE = "Navn;CVR;Kommunekode;Trin\r\nFra en fil ApS;27355021;0849;Kontaktet\r\n".encode("cp1252")


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form as it stands: where it goes, its fields (name, value, kind) in order, and what can be chosen."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str, str], ...] = ()
    choices: dict[str, list[str]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """The value of a field; None when there is no such field."""
        return next((value for known, value, _ in self.fields if known == name), None)

    def named(self, pattern: str) -> list[str]:
        """The names of the fields that a pattern matches."""
        return [name for name, _, _ in self.fields if re.search(pattern, name)]

    def data(self, **changes: Any) -> dict[str, Any]:
        """What a browser would send, with some fields changed; a choice not made is the first there is."""
        sent: dict[str, Any] = {}
        for name, value, kind in self.fields:
            if kind == "file":
                # Photos of a visit may be left out; an import is nothing without its table.
                sent[name] = (io.BytesIO(b""), "") if ":" in name else (io.BytesIO(TABLE), "liste.csv")
            else:
                taken = {v for v in sent.values() if isinstance(v, str) and len(v) > 5 and v.isdigit()}  # nobody twice
                first = next((choice for choice in self.choices.get(name, []) if choice and choice not in taken), "")
                sent[name] = value or first
        return sent | changes


def _field(element: Any) -> tuple[str, str, str]:
    kind = element.get("type", "text") if element.tag == "input" else element.tag
    if kind in ("checkbox", "radio"):
        return element.name, element.get("value", "on") if element.checked else "", kind
    value = element.value or ""
    return element.name, value.removeprefix("\n") if kind == "textarea" else value, kind


def _form(reading: Reading, form: Any) -> FoundForm:
    fields: dict[str, tuple[str, str, str]] = {}
    choices: dict[str, list[str]] = {}
    for element in form.inputs:
        if not element.name or element.get("type") in ("submit", "button") or element.get("disabled") is not None:
            continue
        name, value, kind = _field(element)
        if kind == "select":
            choices[name] = [str(option) for option in element.value_options]
        if kind == "radio":
            choices.setdefault(name, []).append(element.get("value", "on"))
        if name not in fields or value:
            fields[name] = (name, value, kind)
    # A button that carries a choice is pressed when there is no other way to make it.
    for button in form.xpath(".//button[@name and @value]"):
        fields.setdefault(button.get("name"), (button.get("name"), button.get("value"), "button"))
    action = form.get("action") or reading.path
    return FoundForm(reading.path, action, (form.get("method") or "get").upper(), tuple(fields.values()), choices)


def forms_of(reading: Reading) -> list[FoundForm]:
    """The forms of one page."""
    if not reading.is_page or reading.status != 200:
        return []
    return [_form(reading, form) for form in lxml.html.fromstring(reading.text).forms]


def find_forms(house: House, who: str, side: str = "a") -> list[FoundForm]:
    """Every form that changes something on the pages about `side`; each once by its address and fields.

    To be asked of the world as it was, before anything is sent.
    """
    known = house.found.get((who, side))
    if known is None:
        known = house.found[(who, side)] = _find(house, who, side)
    return list(known)


def _find(house: House, who: str, side: str) -> list[FoundForm]:
    found: dict[tuple[str, ...], FoundForm] = {}
    paths = [address.path for address in pages(house.app, house.world, side)]
    for path in paths + [chosen.format(side=side, code=SIDES[side]) for chosen in CHOSEN]:
        for form in forms_of(read(house, who, path)):
            if form.method == "POST":
                kind = re.sub(r"\d+", "0", form.action.split("?")[0])
                found.setdefault((kind, *sorted(name for name, _, _ in form.fields)), form)
    return list(found.values())
