"""The themes of a programme as one form: words, order, which are in use, and two new ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from nbe.access.editing import Conflict, FieldConflict
from nbe.access.tables import BasedForm, make_conflict
from nbe.core.forms import NoteField, Required, TextField, WholeNumberField, refuse_cpr
from nbe.screenings.themes import LONGEST_HINT, LONGEST_TITLE, MOST_THEMES, ThemeText

BLANKS = ("ny1", "ny2", "ny3")
_CODE = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
PARTS: dict[str, Any] = {
    "title": _l("Tema"),
    "hint": _l("Hjælpetekst på skemaet"),
    "place": _l("Plads"),
    "out": _l("Tag ud af brug"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One theme of the form by its key: its code, or that of an empty line."""

    key: str
    title: Any
    hint: Any
    place: Any
    out: Any


class ThemesForm(BasedForm):
    """The themes; a title, hint, place and tick for each are added by `themes_form`."""

    keys: tuple[str, ...] = ()

    def line(self, key: str) -> Line:
        """The fields of one theme."""
        return Line(key, *(self[f"{key}-{part}"] for part in PARTS))

    @property
    def lines(self) -> list[Line]:
        """All of them in order."""
        return [self.line(key) for key in self.keys]

    def typed(self, name: str) -> str:
        """A field as it would be sent again; a tick as "y"."""
        if isinstance(self[name], BooleanField):
            return "y" if self[name].data else ""
        return super().typed(name)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each theme in use has a title of its own, and there is at least one, and not too many."""
        is_valid = super().validate(extra_validators)
        used = [line for line in self.lines if line.title.data and not line.out.data]
        seen: set[str] = set()
        for line in used:
            title = str(line.title.data or "").casefold()
            if title in seen:
                line.title.errors = [*line.title.errors, _("Der er allerede et tema, som hedder det.")]
            seen.add(title)
            is_valid = is_valid and not line.title.errors
        for line in self.lines:
            if line.key in BLANKS and line.hint.data and not line.title.data:
                line.title.errors = [*line.title.errors, _("Skriv, hvad temaet hedder.")]
                is_valid = False
        if not used or len(used) > MOST_THEMES:
            first = self.lines[0].title
            first.errors = [*first.errors, _("Der skal være mellem 1 og %(most)s temaer i brug.", most=MOST_THEMES)]
            return False
        return is_valid

    def texts(self, standing: Sequence[ThemeText]) -> list[ThemeText]:
        """The themes to be saved, in their order; those of `standing` that the page did not ask about stay."""
        placed = []
        base = self.read_base()
        for number, line in enumerate(self.lines):
            if not line.out.data and line.title.data:
                code = "" if line.key in BLANKS else line.key
                text = ThemeText(code, line.title.data, line.hint.data or "")
                placed.append((_place(line, base.get(f"{line.key}-place", "")), number, text))
        asked = set(self.keys)
        later = [text for text in standing if text.code not in asked]
        return [text for _place, _number, text in sorted(placed, key=lambda one: one[:2])] + later


def _place(line: Line, before: str) -> float:
    """Where a theme goes: one moved up stands before the one that has its new place, one moved down after it."""
    wanted = line.place.data or 100
    was = int(before) if before.isascii() and before.isdigit() else 100
    return wanted + (0.5 if wanted > was else -0.5 if wanted < was else 0)


def themes_form(used: Sequence[ThemeText], retired: Sequence[ThemeText], *, is_sent: bool) -> ThemesForm:
    """The themes in use, those that are not, and some empty lines; as sent, those that the page asked about."""
    known = [text.code for text in (*used, *retired)]
    if is_sent:
        known = [code for code in known if f"{code}-title" in request.form]
    keys = (*known, *BLANKS)
    fields: dict[str, Any] = {"keys": keys}
    for key in keys:
        must = [] if key in BLANKS else [Required()]
        fields[f"{key}-title"] = TextField(PARTS["title"], LONGEST_TITLE, [*must, refuse_cpr])
        fields[f"{key}-hint"] = NoteField(PARTS["hint"], LONGEST_HINT, [refuse_cpr])
        fields[f"{key}-place"] = WholeNumberField(PARTS["place"], 1, 99)
        fields[f"{key}-out"] = BooleanField(PARTS["out"])
    current = values_of(used, retired)
    sent = {} if is_sent else {"formdata": None, "data": {**current, **_ticks(current)}}
    form: ThemesForm = type("FilledThemesForm", (ThemesForm,), fields)(**sent)
    if not is_sent:
        form.remember(current)
    return form


def gone_texts(known: Sequence[ThemeText]) -> list[ThemeText]:
    """Themes that the page asked about and that nobody knows any more: somebody took them out before they were used."""
    codes = {text.code for text in known} | set(BLANKS)
    base = ThemesForm().read_base()
    asked = [name.removesuffix("-title") for name in base if name.endswith("-title") and name in request.form]
    gone = [code for code in asked if code not in codes and _CODE.fullmatch(code)]
    return [ThemeText(code, base[f"{code}-title"], base.get(f"{code}-hint", "")) for code in gone]


def values_of(used: Sequence[ThemeText], retired: Sequence[ThemeText]) -> dict[str, str]:
    """What stands now, as the form would send it."""
    values: dict[str, str] = {}
    for place, text in enumerate((*used, *retired), 1):
        in_use = place <= len(used)
        values |= {f"{text.code}-title": text.title, f"{text.code}-hint": text.hint}
        values |= {f"{text.code}-place": str(place) if in_use else "", f"{text.code}-out": "" if in_use else "y"}
    return values


def _ticks(values: Mapping[str, str]) -> dict[str, bool]:
    return {name: value == "y" for name, value in values.items() if name.endswith("-out")}


def find_themes_conflict(
    form: ThemesForm, used: Sequence[ThemeText], retired: Sequence[ThemeText], who: str, when: Any
) -> Conflict | None:
    """Compare a validated form with themes that somebody has saved since; None when it may be saved."""
    current = {name: value for name, value in values_of(used, retired).items() if name in form}
    titles = {text.code: text.title for text in (*used, *retired)}
    labels = {name: _label(name, titles) for name in current}
    fields = [_worded(one) for one in form.differences(current, labels)]
    if not fields:
        return None
    form.remember(current)
    return make_conflict(fields, {"base": str(form.base.data)}, who, when)


def _label(name: str, titles: Mapping[str, str]) -> str:
    code, _dash, part = name.rpartition("-")
    return f"{titles.get(code, '')}: {PARTS[part]}"


def _worded(one: FieldConflict) -> FieldConflict:
    if not one.name.endswith("-out"):
        return one
    words = {"": _("Nej"), "y": _("Ja")}
    return FieldConflict(one.name, one.label, one.mine, one.theirs, one.was_changed, words[one.mine], words[one.theirs])
