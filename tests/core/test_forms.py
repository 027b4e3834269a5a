"""Forms: what Danes write is read, what cannot be read is kept and answered in plain Danish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from nbe.core.forms import (
    BaseForm,
    CaseNumberField,
    CodeField,
    CvrField,
    DanishDecimalField,
    DateField,
    MailField,
    NoteField,
    PhoneField,
    PNumberField,
    Required,
    TextField,
    WholeNumberField,
    looks_like_cpr,
    refuse_cpr,
    refuse_future,
)
from nbe.models.states import Verdict
from tests.sizes import size


class SampleForm(BaseForm):
    """One of each."""

    name = TextField("Navn", 20, [Required()])
    note = NoteField("Note", 50, [refuse_cpr])
    day = DateField("Dato", [refuse_future])
    count = WholeNumberField("Antal", 1, 10)
    amount = DanishDecimalField("Beløb")
    cvr = CvrField("CVR-nummer")
    p_number = PNumberField("P-nummer")
    phone = PhoneField("Telefon")
    email = MailField("E-mail")
    case_number = CaseNumberField("Sagsnummer")
    verdict = CodeField("Egnet", Verdict, empty="Vælg")
    choice = SelectField("Valg", choices=[("1", "Et")], default="1")


@pytest.fixture(autouse=True)
def in_request(shared_app: Flask) -> Iterator[None]:
    with shared_app.test_request_context("/", method="POST"):
        yield


def filled(**values: Any) -> SampleForm:
    form = SampleForm(MultiDict({"name": "Prøve", "choice": "1", **values}))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("field", "typed", "data"),
    [
        ("name", "  Prøve\u200b  A/S\n", "Prøve A/S"),
        ("note", "a\r\nb \t c", "a\nb c"),
        ("day", "5/1-16", dt.date(2016, 1, 5)),
        ("day", "5/1", dt.date(2016, 1, 5)),
        ("count", "7,0", 7),
        ("amount", "1.234,5", Decimal("1234.5")),
        ("cvr", "DK 13 58 56 28", "13585628"),
        ("p_number", "1003 388 394", "1003388394"),
        ("phone", "+45 12 34 56 78", "12345678"),
        ("email", " Ny.Person@Example.DK ", "Ny.Person@example.dk"),
        ("case_number", "24.10.07 - g20-4-15", "24.10.07-G20-4-15"),
        ("day", "", None),
        ("count", "  ", None),
        ("verdict", "suitable", "suitable"),
    ],
)
def test_what_is_typed_is_read(field: str, typed: str, data: Any) -> None:
    form = filled(**{field: typed})
    assert form.errors == {}
    assert form[field].data == data


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", " \u200b ", "Skal udfyldes."),
        ("name", "x" * 21, "Skriv højst 20 tegn."),
        ("note", "x" * 51, "Skriv højst 50 tegn."),
        ("note", "Ring til 010203-1234", "Det ligner et CPR-nummer. CPR-numre må ikke skrives her."),
        ("day", "31-02-2016", "Skriv en dato, fx 25-04-2016."),
        ("day", "26-04-2016", "Datoen ligger i fremtiden."),
        ("count", "11", "Skriv et helt tal fra 1 til 10."),
        ("count", "syv", "Skriv et helt tal."),
        ("count", "1,5", "Skriv et helt tal."),
        ("amount", "1.5", "Skriv et tal, fx 1.234,5."),
        ("cvr", "13585629", "CVR-nummeret findes ikke: kontrolcifret passer ikke."),
        ("cvr", "1358562", "Et CVR-nummer har 8 cifre."),
        ("p_number", "1", "Et P-nummer har 10 cifre."),
        ("phone", "123", "Skriv et telefonnummer med 8 cifre."),
        ("email", "navn@", "Skriv en mailadresse, fx navn@example.dk."),
        ("case_number", "24.10.07", "Skriv et sagsnummer som 24.10.07-G20-4-15."),
        ("verdict", "måske", "Vælg en af mulighederne."),
        ("choice", "2", "Vælg en af mulighederne."),
    ],
)
def test_what_cannot_be_read_is_kept_and_answered_in_danish(field: str, typed: str, message: str) -> None:
    form = filled(**{field: typed})
    assert form.errors == {field: [message]}
    if field not in {"verdict", "choice"}:
        assert form[field]._value().split() == typed.replace("\u200b", "").split()


def test_nothing_at_all_is_said_once() -> None:
    form = SampleForm(MultiDict({"choice": "1"}))
    assert not form.validate()
    assert form.errors == {"name": ["Skal udfyldes."]}


@settings(max_examples=size(5_000))
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_no_text_breaks_a_form(text: str) -> None:
    form = SampleForm(MultiDict(dict.fromkeys(SampleForm()._fields, text)))
    form.validate()
    for messages in form.errors.values():
        assert all(str(message).endswith(".") for message in messages)
    for field in form:
        str(field())
    form.read_version()


@pytest.mark.parametrize(
    ("version", "number"), [("7", 7), ("", None), ("-1", None), ("1e3", None), ("²", None), ("9" * 20, None)]
)
def test_the_version_of_a_form_is_a_number_or_nothing(version: str, number: int | None) -> None:
    assert filled(version=version).read_version() == number


@pytest.mark.parametrize(
    "text", ["010203-1234", "0102031234", "Lis 311299 4321 ringer", "010203 – 1234", "(290216-0001)"]
)
def test_a_cpr_number_is_seen(text: str) -> None:
    assert looks_like_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["13585628", "1013388394", "24.10.07-G20-4-15", "320203-1234", "011303-1234", "+45 12 34 56 78", "", "25-04-2016"],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not looks_like_cpr(text)
