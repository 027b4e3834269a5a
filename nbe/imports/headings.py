"""Finding the header row of a sheet and what its columns are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from nbe.core.text import clean, fold
from nbe.imports.fields import BY_KEY, FIELDS, PARTICIPANT_HEADINGS

LOOK_AT_ROWS = 40
LIKENESS_ROWS = 12
CLOSE_ENOUGH = 0.85
SHORTEST_GUESS = 5
NEEDED = frozenset({"name", "cvr"})
_BRACKETS = re.compile(r"\([^)]*\)")
_NOT_LETTER = re.compile(r"[^0-9a-zæøå]+")


def heading_key(heading: object) -> str:
    """A heading without case, blanks and punctuation: "CVR-nr. " -> "cvrnr"."""
    return _NOT_LETTER.sub("", fold(clean(heading)))[:200]


def _known() -> dict[str, str]:
    keys: dict[str, str] = {}
    for entry in FIELDS:
        for heading in (entry.heading, *entry.also):
            keys.setdefault(heading_key(heading), entry.key)
    return keys


KNOWN = _known()
PARTICIPANT = frozenset(heading_key(heading) for heading in PARTICIPANT_HEADINGS)


@lru_cache(maxsize=2000)
def field_of(key: str) -> tuple[str | None, float]:
    """(field, how sure 0..1) for a heading's key; exact headings give 1."""
    if key in KNOWN:
        return KNOWN[key], 1.0
    if key in PARTICIPANT or len(key) < SHORTEST_GUESS:
        return None, 0.0
    best, score = None, 0.0
    for known, name in KNOWN.items():
        if abs(len(known) - len(key)) > len(key) // 3 + 1 or len(known) < SHORTEST_GUESS:
            continue
        ratio = SequenceMatcher(None, key, known).ratio()
        if ratio > score:
            best, score = name, ratio
    return (best, score) if score >= CLOSE_ENOUGH else (None, 0.0)


def recognise(heading: object, choices: Mapping[str, str] | None = None) -> tuple[str | None, float]:
    """The field of one heading: chosen by hand before, else by name, else by likeness."""
    key = heading_key(heading)
    if not key:
        return None, 0.0
    if choices and key in choices:
        chosen = choices[key]
        return (chosen if chosen in BY_KEY else None), 2.0
    found = field_of(key)
    if found[0]:
        return found
    shorter = heading_key(_BRACKETS.sub("", clean(heading)))
    return field_of(shorter) if shorter and shorter != key else found


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a sheet (0-based), its headings, and the field of each recognised column."""

    row: int
    headings: tuple[str, ...]
    fields: Mapping[int, str] = field(default_factory=dict)

    @property
    def found(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(self.fields.values())

    @property
    def heading_of(self) -> dict[str, str]:
        """Field -> the heading of its column, as the file has it."""
        return {name: self.headings[index] for index, name in self.fields.items()}

    @property
    def is_candidate_list(self) -> bool:
        """Name and CVR, and no column that belongs to a list of participants."""
        return self.found >= NEEDED and not self.lists_participants

    @property
    def lists_participants(self) -> bool:
        """Whether a heading belongs to a list of people at a course or an event."""
        return any(heading_key(h) in PARTICIPANT for h in self.headings)

    def with_fields(self, fields: Mapping[int, str]) -> Header:
        """The same row with columns mapped by hand."""
        return replace(self, fields={i: f for i, f in fields.items() if i < len(self.headings) and f in BY_KEY})


def match_columns(headings: Sequence[object], choices: Mapping[str, str] | None = None) -> dict[int, str]:
    """Column -> field; a field goes to the column that is surest of it, the first one when equal."""
    guesses = []
    for index, heading in enumerate(headings):
        name, score = recognise(heading, choices)
        if name:
            guesses.append((-score, index, name))
    taken: dict[str, int] = {}
    for _, index, name in sorted(guesses):
        taken.setdefault(name, index)
    return {index: name for name, index in sorted(taken.items(), key=lambda item: item[1])}


def _as_text(row: Iterable[Any]) -> tuple[str, ...]:
    return tuple(" ".join(clean(cell).split()) if isinstance(cell, str) else "" for cell in row)


def find_header(rows: Sequence[Sequence[Any]], choices: Mapping[str, str] | None = None) -> Header | None:
    """The row with the most recognised headings among the first 40; None when no row has two cells of text.

    Title rows above it are passed over; with nothing recognised it is the first row with two texts or more.
    Likeness is only asked for where no row has two headings that are known exactly.
    """
    texts = [(number, _as_text(row)) for number, row in enumerate(rows[:LOOK_AT_ROWS])]
    filled = [(number, headings) for number, headings in texts if sum(map(bool, headings)) >= 2]
    if not filled:
        return None
    sure = [(_exact(headings, choices), -number, headings) for number, headings in filled]
    most, place, headings = max(sure)
    if most >= 2:
        return Header(-place, headings, match_columns(headings, choices))
    guessed = [
        Header(number, headings, match_columns(headings, choices)) for number, headings in filled[:LIKENESS_ROWS]
    ]
    best = max(guessed, key=lambda header: (len(header.fields), -header.row))
    return best if len(best.fields) >= 2 else guessed[0]


def _exact(headings: Iterable[str], choices: Mapping[str, str] | None) -> int:
    """How many different fields the headings name exactly."""
    keys = {heading_key(heading) for heading in headings}
    return len({KNOWN.get(key) or (choices or {}).get(key) for key in keys} - {None, ""})
