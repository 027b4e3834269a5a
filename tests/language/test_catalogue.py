"""The English catalogue: a text for every Danish one in the source, and none for what is gone."""

from __future__ import annotations

import re
import string
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from nbe.models.states import Stage
from tests.language.conftest import CATALOGUE
from tests.language.seen import DANISH, ENGLISH

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, Any] = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
SAME = {
    "Administration",
    "Administrator",
    "CSV",
    "CVR",
    "Demo",
    "Excel",
    "Import",
    "Invitation",
    "Link",
    "Note",
    "Plan",
    "Relevant",
    "Screener",
    "Version %(number)s",
}


@cache
def extracted() -> dict[Any, str]:
    """The Danish texts in code and templates -> where they stand."""
    with (ROOT / "nbe/translations/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = {}
    for folder in ("nbe", "templates"):
        own = [
            (pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)
        ]
        settings = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}
        for name, line, text, *_ in extract_from_dir(ROOT / folder, own, settings, keywords=KEYWORDS):
            found[text] = f"{folder}/{name}:{line}"
    return found


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def forms(text: Any) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def test_every_text_has_an_english_one() -> None:
    texts = extracted()
    assert len(texts) > 1000
    known = {message.id: message for message in messages()}
    lacking = {str(text): place for text, place in texts.items() if text not in known}
    assert lacking == {}
    empty = [message.id for message in known.values() if message.fuzzy or not all(forms(message.string))]
    assert empty == []


def test_no_english_text_is_left_over() -> None:
    assert not catalogue().obsolete
    assert not catalogue().fuzzy, "a catalogue marked fuzzy is not compiled"
    assert [message.id for message in messages() if message.id not in extracted()] == []


def test_placeholders_are_kept() -> None:
    """The same names in every form of a text, so that none is shown bare and none is missing."""
    wrong = []
    for message in messages():
        danish, english = forms(message.id), forms(message.string)
        for place, text in enumerate(english):
            if sorted(set(PLACEHOLDER.findall(text))) != sorted(set(PLACEHOLDER.findall(danish[place]))):
                wrong.append(text)
    assert wrong == []


def test_both_numbers_are_told() -> None:
    assert catalogue().num_plurals == 2
    assert [m.id for m in messages() if isinstance(m.id, tuple) and len(forms(m.string)) != 2] == []


def test_no_danish_in_the_english_texts() -> None:
    allowed = ("Deltageroverblik", "ja, nej or måske", "ja or nej")
    odd = []
    for message in messages():
        for text in forms(message.string):
            rest = PLACEHOLDER.sub(" ", text)
            for known in allowed:
                rest = rest.replace(known, "")
            if DANISH.search(rest):
                odd.append(text)
    assert odd == []


def test_no_english_in_the_danish_texts() -> None:
    texts = [PLACEHOLDER.sub(" ", form) for text in extracted() for form in forms(text)]
    assert [text for text in texts if ENGLISH.search(text)] == []


def test_a_text_is_translated_and_not_copied() -> None:
    """Words of more than one kind of letter that stand unchanged in English are few and known."""
    copied = {
        message.id
        for message in messages()
        if isinstance(message.id, str) and message.id == message.string
        and re.search(r"[a-zæøå]{3}", PLACEHOLDER.sub("", message.id)) and not message.id.islower()
    }  # fmt: skip
    assert {text.split(":")[0] for text in copied} <= SAME | {
        "Mail",
        "Organisation",
        "Person",
        "Screening",
        "Send link",
        "Status",
        "Type",
    }


def test_sentences_end_alike() -> None:
    """A full stop in the one language is one in the other."""
    uneven = []
    for message in messages():
        danish, english = forms(message.id)[0].strip(), forms(message.string)[0].strip()
        if (danish[-1] in ".?!…:") != (english[-1] in ".?!…:") and danish[-1] in string.punctuation + "…":
            uneven.append(danish)
    assert [text for text in uneven if not text.endswith(("kr.", "nr.", ")"))] == []


def test_stages_are_in_the_catalogue() -> None:
    """Labels in tables of codes are found by the extraction."""
    assert {str(stage.label) for stage in Stage} <= {text for text in extracted() if isinstance(text, str)}
