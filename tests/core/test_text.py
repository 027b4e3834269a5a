"""Text of all kinds: cleaned at the door, found however it is written, in Danish order."""

from __future__ import annotations

import unicodedata

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.access.viewers import SYSTEM
from nbe.businesses.queries import BusinessFilter, list_ids
from nbe.core.database import db
from nbe.core.text import clean, fold, has_hidden, name_key, similar, sort_key
from nbe.models import Business
from tests.builders import make_business
from tests.sizes import size

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
LATIN = st.text("abcxyzæøåäöüéêñABCXYZÆØÅÄÖÜÉ AaÅå0123456789-.&", max_size=30)
HIDDEN = ["\x00", "\x06", "\x1b", "\x7f", "\x85", "\xad", "\u061c", "\u180e", "\u200b", "\u200d", "\u202e", "\u2066"]
HIDDEN += ["\ufeff", "\ud800", "\udfff", "\ufffe", "\uffff", "\ufff9", "\U000e0041", "\U0001fffe"]


@pytest.mark.parametrize("char", HIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_what_nobody_sees_stays_outside(char: str) -> None:
    assert has_hidden(f"Pan{char}drup")
    assert clean(f"Pan{char}drup") == "Pandrup"


@pytest.mark.parametrize(
    "text", ["Æblegården ApS", "a\tb\nc", "Café “Nord” – 50 % & co.", "日本語", "שלום", "🦊", "1²"]
)
def test_what_people_write_stays(text: str) -> None:
    assert not has_hidden(text)
    assert clean(text) == text.replace("\t", " ")


def test_blanks_and_line_breaks() -> None:
    assert clean("  a \u00a0\u3000 b\t c  ") == "a b c"
    assert clean("a\r\nb\rc\n") == "a\nb\nc"
    assert clean(None) == ""
    assert clean("A\u030abybro") == "Åbybro"


@settings(max_examples=size(20_000))
@given(ANY)
def test_cleaned_text_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not has_hidden(cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")


@settings(max_examples=size(20_000))
@given(ANY.map(clean))
def test_composed_and_decomposed_are_found_alike(text: str) -> None:
    folded = fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(folded) == folded
    assert sort_key(text).isascii()


@settings(max_examples=size(10_000))
@given(LATIN)
def test_case_does_not_count(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(text.lower())
    assert sort_key(text) == sort_key(text.upper())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Aabybro", "åbybro"),
        ("MEJERI", "mejeri"),
        ("Café", "cafe"),
        ("Ærø", "ærØ"),
        ("Malmö", "malmø"),
        ("Ägir", "ægir"),
        ("a  b", "a b"),
        ("A\u030a", "Å"),
        ("ﬁrma", "firma"),
    ],
)
def test_the_same_to_a_searcher(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), [("Ø", "O"), ("Æ", "Ae"), ("Å", "A"), ("bar", "bær")])
def test_danish_letters_are_letters_of_their_own(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_danish_order_on_the_database(app: Flask) -> None:
    names = ["1. Tømrer", "3F Fonden", "A Andersen", "Ab", "Abe", "Zebra", "Æble", "Ægir", "Øl", "Øster", "Åbybro"]
    for name in [*reversed(names), "aabenraa", "østre"]:
        make_business(name)
    ordered = list(db.session.scalars(sa.select(Business.name).order_by(Business.sort_key)))
    assert ordered == [*names[:-1], "østre", "aabenraa", "Åbybro"]


@pytest.mark.parametrize("wanted", ["ÅGÅRDEN", "aagaarden", "A\u030aga\u030arden", "gård"])
def test_found_however_it_is_written(app: Flask, wanted: str) -> None:
    here, _ = make_business(unicodedata.normalize("NFD", "Ågården I/S")), make_business("Agarden I/S")
    assert list_ids(SYSTEM, BusinessFilter(search=wanted)) == [here.id]


def test_names_that_mean_the_same_firm() -> None:
    assert name_key("Moseby Mejeri P/S") == name_key("MOSEBY  mejeri") == "moseby mejeri"
    assert name_key("A/S") == "a s" or name_key("A/S")
    assert similar("Moseby Mejeri A/S", "Mosebye Mejeri ApS")
    assert not similar("Moseby Mejeri", "Brovst Maskinfabrik")
