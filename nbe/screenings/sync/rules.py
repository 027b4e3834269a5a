"""What may be typed in which field, and who was first. Pure: no database, no request.

A field is named by its subject and itself: "theme:energy:observation", "proposal:<key>:title", "file:<key>:caption",
"screening:summary".
A device numbers its edits 1, 2, 3 …; each is judged once, in that order. Nothing that another device has written
since is overwritten: the one who typed sees both and chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.core.forms.rules import looks_like_cpr
from nbe.core.text import clean
from nbe.measures.forms import show_amount
from nbe.measures.rules import NOT_MEASURED, Amount, MeasureRefusedError, check_amount, parse_amount
from nbe.models.states import Quantity, Relevance, SavingPhase, ScreeningState
from nbe.screenings.rules import POTENTIAL_WORDS

SCREENING = "screening"
SERVICE = "service"  # the device that notes what was changed outside the form
BY_ITSELF = "by-itself"  # and what follows from what was typed; anybody may say otherwise
YES = "y"
MOST_EDITS, LONGEST_TEXT, LONGEST_TITLE, LONGEST_CAPTION = 200, 4000, 200, 300
QUANTITIES = tuple(quantity.value for quantity in Quantity)
POTENTIALS: tuple[tuple[str, Any], ...] = (
    ("", _l("Ikke vurderet")),
    *((str(step), _l("%(step)s – %(word)s", step=step, word=word)) for step, word in POTENTIAL_WORDS.items()),
)
LABELS: dict[str, Any] = {
    "summary": _l("Samlet indtryk"),
    "relevance": _l("Er temaet relevant?"),
    "why_not": _l("Hvorfor ikke relevant?"),
    "does_already": _l("Det gør de allerede"),
    "observation": _l("Det så vi"),
    "potential": _l("Potentiale"),
    "is_confidential": _l("Fortroligt"),
    "theme": _l("Tema"),
    "title": _l("Forslag"),
    "description": _l("Beskrivelse"),
    "removed": _l("Fjernet"),
    "caption": _l("Hvad viser det?"),
    **{quantity.value: quantity.label for quantity in Quantity},
}
# The order matters: a proposal is given its theme before anything else.
FIELDS: dict[str, tuple[str, ...]] = {
    SCREENING: ("summary",),
    "theme": ("relevance", "why_not", "does_already", "observation", "potential", "is_confidential"),
    "proposal": ("theme", "title", "description", *QUANTITIES, "is_confidential", "removed"),
    "file": ("caption", "is_confidential", "removed"),
}
TICKS = ("is_confidential", "removed")
TELLING = ("does_already", "observation", "potential", "title", "description", *QUANTITIES)
_KEY = re.compile(r"[A-Za-z0-9-]{8,36}")
_EDITABLE = (ScreeningState.PLANNED, ScreeningState.HELD, ScreeningState.DRAFT)


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing typed. `base_id`: the latest edit that the device had seen; `seen`: the text it had seen, if told."""

    device: str
    number: int
    subject: str
    field: str
    value: str
    base_id: int | None = None
    seen: str | None = None

    @property
    def name(self) -> str:
        """The field as a page names it."""
        return f"{self.subject}:{self.field}"


@dataclass(frozen=True, slots=True)
class Revision:
    """What stands in a field: the edit that wrote it, from which device."""

    id: int
    device: str
    value: str


def kind_of(subject: str) -> str:
    """ "theme", "proposal", "file" or "screening"."""
    return subject.partition(":")[0]


def split_name(name: str) -> tuple[str, str]:
    """(subject, field) of a field's name."""
    subject, _colon, field = name.rpartition(":")
    return subject, field


def is_known(subject: str, field: str, themes: Iterable[str]) -> bool:
    """Whether the form has such a field."""
    kind, _colon, key = subject.partition(":")
    if field not in FIELDS.get(kind, ()):
        return False
    if kind == "theme":
        return key in themes
    return bool(_KEY.fullmatch(key)) if kind in ("proposal", "file") else not key


def is_editable(state: ScreeningState) -> bool:
    """Whether a visit may still be written in: until its report is approved, and never when it was called off."""
    return state in _EDITABLE


def read_value(field: str, text: str, themes: Iterable[str] = ()) -> str:
    """The text as it is kept. Raises ValueError with a sentence when it cannot be."""
    return _READERS.get(field, _read_text)(text, themes)


def _read_text(text: str, themes: Iterable[str], length: int = LONGEST_TEXT) -> str:
    kept = clean(text)
    if len(kept) > length:
        raise ValueError(_l("Skriv højst %(max)s tegn.", max=length))
    if looks_like_cpr(kept):
        raise ValueError(_l("Det ligner et CPR-nummer. CPR-numre må ikke skrives her."))
    return kept


def _read_title(text: str, themes: Iterable[str]) -> str:
    return _read_text(text, themes, LONGEST_TITLE).replace("\n", " ")


def _read_caption(text: str, themes: Iterable[str]) -> str:
    return _read_text(text, themes, LONGEST_CAPTION).replace("\n", " ")


def _among(choices: Iterable[str]) -> Callable[[str, Iterable[str]], str]:
    known = tuple(choices)

    def read(text: str, themes: Iterable[str]) -> str:
        if text not in known:
            raise ValueError(_l("Vælg en af mulighederne."))
        return text

    return read


def _read_theme(text: str, themes: Iterable[str]) -> str:
    return _among(themes)(text, ())


def _amount_of(quantity: Quantity) -> Callable[[str, Iterable[str]], str]:
    def read(text: str, themes: Iterable[str]) -> str:
        amount, is_not_measured = parse_amount(text)
        try:
            check_amount(SavingPhase.IDENTIFIED, quantity, Amount(amount, is_not_measured))
        except MeasureRefusedError as refused:
            raise ValueError(refused.message) from None
        if is_not_measured:
            return NOT_MEASURED
        return "" if amount is None else show_amount(amount or abs(amount))  # no "-0"

    return read


_READERS: Mapping[str, Callable[[str, Iterable[str]], str]] = {
    "relevance": _among(relevance.value for relevance in Relevance),
    "potential": _among(code for code, _label in POTENTIALS),
    "title": _read_title,
    "caption": _read_caption,
    "theme": _read_theme,
    **{tick: _among(("", YES)) for tick in TICKS},
    **{quantity.value: _amount_of(quantity) for quantity in Quantity},
}


def is_overtaken(edit: Edit, value: str, latest: Revision | None) -> bool:
    """Whether another device has written something else in the field since this one saw it."""
    if latest is None or latest.device in (edit.device, BY_ITSELF) or latest.value == value:
        return False
    return latest.id > (edit.base_id or 0)


def is_changed_outside(current: str, latest: Revision | None, seen: str | None) -> bool:
    """Whether the field holds what no edit has written: neither the latest, nor, before the first, what was seen."""
    if latest is not None:
        return latest.value != current
    return seen is not None and seen != current


def makes_relevant(field: str, value: str, relevance: str) -> bool:
    """Whether a theme becomes relevant by what is written of it or proposed: when nobody has judged it yet."""
    return field in TELLING and bool(value.strip()) and relevance == Relevance.NOT_ASSESSED.value


def is_judged(relevance: str, why_not: str) -> bool:
    """Whether a theme counts as judged: relevant, or not relevant with a reason."""
    if relevance == Relevance.NOT_RELEVANT.value:
        return bool(why_not.strip())
    return relevance == Relevance.RELEVANT.value


def count_judged(values: Mapping[str, str], themes: Iterable[str]) -> int:
    """How many themes are judged, by the values of the form."""
    return sum(
        is_judged(values.get(f"theme:{code}:relevance", ""), values.get(f"theme:{code}:why_not", "")) for code in themes
    )
