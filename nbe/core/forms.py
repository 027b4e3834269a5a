"""Forms as Danes fill them in: cleaned text, Danish dates and numbers, errors in plain words at their field."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation, ValidationError
from wtforms.widgets import ListWidget, RadioInput

from nbe.core import clock
from nbe.core.cvr import NumberError, parse_cvr, parse_p_number
from nbe.core.dates import format_date, parse_date
from nbe.core.mail_addresses import parse_email
from nbe.core.numbers import parse_decimal, parse_integer
from nbe.core.phones import format_phone, parse_phone
from nbe.core.text import clean

_CPR = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}\s?[-–]?\s?\d{4}(?!\d)")
_CASE_NUMBER = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})-([A-ZÆØÅ]\d{2})-(\d+)-(\d{2})")

# WTForms speaks no Danish: these are the messages that can reach a person.
_MESSAGES = {
    "This field is required.": _l("Skal udfyldes."),
    "Not a valid choice.": _l("Vælg en af mulighederne."),
    "Not a valid choice": _l("Vælg en af mulighederne."),
    "Invalid Choice: could not coerce.": _l("Vælg en af mulighederne."),
    "Not a valid integer value.": _l("Skriv et helt tal."),
    "Not a valid decimal value.": _l("Skriv et tal, fx 1.234,5."),
    "Not a valid date value.": _l("Skriv en dato, fx 25-04-2016."),
    "Invalid email address.": _l("Skriv en mailadresse, fx navn@example.dk."),
    "Invalid input.": _l("Det kan ikke bruges her."),
    "Invalid value, must be one of: %(values)s.": _l("Vælg en af mulighederne."),
}


class _Translations:
    """WTForms' own messages in the language of the page."""

    def gettext(self, text: str) -> str:
        return str(_MESSAGES.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if "at least" in singular:
            return _("Skriv mindst %(min)s tegn.")
        if "longer than" in singular or "exactly" in singular:
            return _("Skriv højst %(max)s tegn.")
        return self.gettext(singular if n == 1 else plural)


class BaseForm(FlaskForm):
    """A form of the service. The forgery check and the once-token are the request's, not the form's."""

    version = HiddenField()

    class Meta:
        csrf = False
        locales = False

        def get_translations(self, form: Any) -> Any:
            return _Translations() if str(get_locale()) == "da" else None

    def read_version(self) -> int | None:
        """The version of the record this form was filled in from."""
        raw = str(self.version.data or "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


class Required:
    """Something must be written; a marker for the label as well."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not field.raw_data or not clean(field.raw_data[0]):
            field.errors = []  # "not a date" beside "must be filled in" says it twice
            raise StopValidation(str(self.message) if self.message else _("Skal udfyldes."))


class TextField(StringField):
    """One line of cleaned text."""

    def __init__(self, label: Any, length: int = 200, validators: Iterable[Any] = (), **options: Any) -> None:
        rules = [*validators, Length(max=length)]
        super().__init__(label, rules, **options)
        self.render_kw = {"maxlength": str(length), **(self.render_kw or {})}

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]).replace("\n", " ") if valuelist else ""


class NoteField(TextAreaField):
    """Several lines of cleaned text."""

    def __init__(self, label: Any, length: int = 4000, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=length)], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


class _ParsedField(StringField):
    """Text that is kept as typed when it cannot be read."""

    data: Any
    wrong: Any = _l("Det kan ikke læses.")

    def __init__(self, label: Any = None, validators: Iterable[Any] = (), **options: Any) -> None:
        rules = list(validators)
        super().__init__(
            label, rules if any(isinstance(r, Required) for r in rules) else [Optional(), *rules], **options
        )

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and (text := clean(valuelist[0])):
            try:
                self.data = self.read(text)
            except ValueError as error:
                raise ValueError(str(self.explain(error))) from error

    def explain(self, error: ValueError) -> Any:
        return self.wrong

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.show(self.data) if self.data is not None else ""


class DateField(_ParsedField):
    """A day; dd-mm-åååå and what else Danes write."""

    wrong = _l("Skriv en dato, fx 25-04-2016.")

    def read(self, text: str) -> dt.date:
        return parse_date(text, default_year=clock.today().year)

    def show(self, value: dt.date) -> str:
        return format_date(value)


class WholeNumberField(_ParsedField):
    """A whole number."""

    wrong = _l("Skriv et helt tal.")

    def __init__(
        self, label: Any, low: int = 0, high: int = 1_000_000, validators: Iterable[Any] = (), **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        number = parse_integer(text)
        if not self.low <= number <= self.high:
            raise ValueError("out of range")
        return number

    def explain(self, error: ValueError) -> Any:
        if str(error) == "out of range":
            return _("Skriv et helt tal fra %(low)s til %(high)s.", low=self.low, high=self.high)
        return self.wrong


class DanishDecimalField(_ParsedField):
    """A number with a decimal comma."""

    wrong = _l("Skriv et tal, fx 1.234,5.")

    def read(self, text: str) -> Decimal:
        return parse_decimal(text)

    def show(self, value: Decimal) -> str:
        return str(value).replace(".", ",")


class CvrField(_ParsedField):
    """A CVR number; blanks and "DK" are accepted."""

    def read(self, text: str) -> str:
        return parse_cvr(text)

    def explain(self, error: ValueError) -> Any:
        if isinstance(error, NumberError) and error.code == "checksum":
            return _("CVR-nummeret findes ikke: kontrolcifret passer ikke.")
        return _("Et CVR-nummer har 8 cifre.")


class PNumberField(_ParsedField):
    """A P-number: ten digits."""

    wrong = _l("Et P-nummer har 10 cifre.")

    def read(self, text: str) -> str:
        return parse_p_number(text)


class PhoneField(_ParsedField):
    """A telephone number."""

    wrong = _l("Skriv et telefonnummer med 8 cifre.")

    def read(self, text: str) -> str:
        return parse_phone(text)

    def show(self, value: str) -> str:
        return format_phone(value)


class MailField(_ParsedField):
    """A mail address."""

    wrong = _l("Skriv en mailadresse, fx navn@example.dk.")

    def read(self, text: str) -> str:
        return parse_email(text)


class CaseNumberField(_ParsedField):
    """A municipal case number such as 24.10.07-G20-4-15; blanks and small letters are forgiven."""

    wrong = _l("Skriv et sagsnummer som 24.10.07-G20-4-15.")

    def read(self, text: str) -> str:
        compact = re.sub(r"\s*[-–]\s*", "-", re.sub(r"\s+", "", text)).upper()
        if not _CASE_NUMBER.fullmatch(compact):
            raise ValueError("not a case number")
        return compact


class CodeField(SelectField):
    """A choice among the members of a code list; the data is the member, or None for the empty choice."""

    def __init__(
        self,
        label: Any,
        codes: Iterable[Any],
        validators: Iterable[Any] = (),
        empty: Any = None,
        **options: Any,
    ) -> None:
        members = list(codes)
        self._members: dict[str, enum.Enum] = {str(m.value): m for m in members}
        choices = [(str(m.value), m.label) for m in members]
        if empty is not None:
            choices.insert(0, ("", empty))
        super().__init__(label, list(validators), choices=choices, coerce=str, **options)

    def process_data(self, value: Any) -> None:
        self.data = str(getattr(value, "value", value) or "")

    @property
    def member(self) -> Any:
        """The chosen member, or None."""
        return self._members.get(str(self.data or ""))


class CodeRadioField(CodeField):
    """The same choice as radio buttons, all in sight."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


def refuse_future(form: Any, field: Field) -> None:
    """What happened did not happen tomorrow."""
    if field.data and field.data > clock.today():
        raise ValidationError(_("Datoen ligger i fremtiden."))


def looks_like_cpr(text: str) -> bool:
    """Whether free text holds something like a CPR number, which does not belong anywhere here."""
    return any(_is_cpr(m[0]) for m in _CPR.finditer(text or ""))


def _is_cpr(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) == 10


def refuse_cpr(form: Any, field: Field) -> None:
    """No CPR numbers in free text."""
    if looks_like_cpr(str(field.data or "")):
        raise ValidationError(_("Det ligner et CPR-nummer. CPR-numre må ikke skrives her."))


__all__ = [
    "BaseForm",
    "BooleanField",
    "CaseNumberField",
    "CodeField",
    "CodeRadioField",
    "CvrField",
    "DanishDecimalField",
    "DateField",
    "HiddenField",
    "MailField",
    "NoteField",
    "PNumberField",
    "PhoneField",
    "Required",
    "TextField",
    "WholeNumberField",
    "looks_like_cpr",
    "refuse_cpr",
    "refuse_future",
]
