"""What a reader is told by a page: its texts, without the markup and without what people have written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import sqlalchemy as sa

from nbe.core.database import db

TOLD = {"alt", "aria-label", "aria-description", "title", "placeholder", "data-confirm", "data-failed", "data-label"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DANISH = re.compile(
    r"[æøåÆØÅ]|\b(?:[Oo]g|[Ee]r|[Ii]kke|[Dd]et|[Dd]er|[Mm]ed|[Tt]il|[Kk]an|[Ss]kal|[Aa]lle|af|[Ee]n|[Ee]t|[Ss]om|[Hh]ar|"
    r"[Ff]ra|[Dd]en|[Dd]e|[Dd]u|[Dd]in|[Ee]ller|[Ii]ntet|[Ii]ngen|[Hh]vor|[Hh]vad|[Kk]un|[Oo]m|[Vv]ed|sig|[Uu]ge|[Dd]ag|[Dd]age|"
    r"[Mm]angler|[Nn]avn|[Kk]ommuner?n?|[Vv]irksomhed(?:er|en)?|[Kk]andidat(?:er|en)?|[Ee]gnede?t?|[Mm]edlem(?:mer)?|"
    r"[Ff]rist|[Tt]rin|[Gg]em|[Rr]et|[Nn]y|[Nn]yt|[Ff]jern|[Ll]uk|[Ll]ukket|[Bb]ruttoliste|[Aa]ktiviteter|[Ii] dag)\b"
)
ENGLISH = re.compile(
    r"\b(?:the|and|of|with|this|that|these|not|is|are|was|were|you|your|all|search|save|cancel|please|from|which|has|been|will|"
    r"must|error|errors|required|invalid|field|next|previous|page|show|day|days|month|year|none|no|yes|back|business|"
    r"municipality|candidate|target|deadline|member|undefined|nan)\b",
    re.IGNORECASE,
)
# "None" is a good word in English; where Python says it, the Danish pages show it too.
UNFINISHED = re.compile(r"%\(|%[sd]\b|\bUndefined\b|\bundefined\b|\{\{|\}\}|<lazy|\bNaN\b")
# The service's name, and the words old lists are read by, are the same in both languages.
SHARED = ("Deltageroverblik", "{navn}", "ja, nej or måske")
PEOPLE = {
    "business": ("name", "address", "town", "website", "email", "note", "case_number"),
    "contact": ("name", "title", "email"),
    "user": ("name", "email"),
    "municipality": ("name",),
    "criterion": ("title",),
    "event": ("title", "place", "description"),
    "event_item": ("title", "speaker"),
    "registration": ("name", "email", "organisation", "note"),
    "target": ("reason",),
    "candidacy": ("screener_name", "next_step"),
    "activity": ("note", "next_step"),
    "screener": ("name", "title"),
    "loan": ("note",),
    "screening": ("place", "to_prepare", "summary"),
    "screening_person": ("name",),
    "theme": ("title", "hint"),
    "theme_answer": ("why_not", "does_already", "observation"),
    "measure": ("title", "description", "owner_name"),
    "saving": ("evidence",),
    "emission_factor": ("title", "source"),
    "action_plan": ("adopted_by", "note"),
    "follow_up": ("note",),
    "report": ("introduction", "conclusion", "confidential_note", "reader_note", "correction_reason"),
    "assessment": ("reason",),
    "course": ("title", "description"),
    "team": ("name", "place"),
    "course_day": ("title", "place"),
    "participant": ("name", "email", "title"),
    "seat_exchange": ("note",),
    "ledger_reason": ("text",),
    "mailing": ("subject", "text"),
    "mail": ("name", "email", "subject", "text", "outcome"),
    "import_run": ("filename",),
    "import_row": ("sheet",),
    "heading_choice": ("heading",),
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.language = ""
        self._other: list[bool] = [False]
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.language = told.get("lang") or ""
        is_other = self._other[-1] or (told.get("lang") or self.language) != self.language
        if tag in {"script", "style"}:
            self._quiet += 1
        if not is_other:
            self.texts += [value for name, value in attrs if name in TOLD and value]
        if tag not in VOID:
            self._other.append(is_other)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._quiet -= 1
        if tag not in VOID and len(self._other) > 1:
            self._other.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._quiet and not self._other[-1]:
            self.texts.append(text)


def read(page: str) -> tuple[str, list[str]]:
    """The language a page says it is in, and its texts; words marked as another language are left out."""
    reader = _Reader()
    reader.feed(page)
    return reader.language, reader.texts


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def written_by_people() -> list[str]:
    """Names, notes and cells in the database, the longest first."""
    found: set[str] = set()
    tables = db.metadata.tables
    for table, columns in PEOPLE.items():
        for column in columns:
            found.update(db.session.scalars(sa.select(tables[table].c[column]).distinct()))
    for cells in db.session.scalars(sa.select(tables["import_row"].c.cells)):
        found.update(_strings(json.loads(cells) if isinstance(cells, str) else cells))
    outcomes = db.session.scalars(sa.select(tables["mail"].c.outcome).distinct())
    found.update(outcome.partition(": ")[2] for outcome in outcomes)  # what a mail server has said
    pieces = {" ".join(piece.split()) for text in found if text for piece in (text, *text.split("\n"))}
    pieces |= {piece[0].lower() + piece[1:] for piece in pieces if piece}  # as they stand within a sentence
    return sorted((piece for piece in pieces if len(piece) > 1), key=len, reverse=True)


def strange(texts: list[str], wrong: re.Pattern[str], known: list[str]) -> list[str]:
    """The texts with a word that does not belong to the language, or that were not filled in."""
    found = []
    for text in texts:
        if not (wrong.search(text) or UNFINISHED.search(text)):
            continue
        rest = text
        for own in (*SHARED, *known):
            if own and own in rest:
                rest = rest.replace(own, " ")
        if wrong.search(rest) or UNFINISHED.search(rest):
            found.append(text)
    return found
