"""Fields whose text is read as a date, a number, an address; what cannot be read stays as typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from nbe.core import clock
from nbe.core.case_numbers import parse_case_number
from nbe.core.cvr import NumberError, parse_cvr, parse_p_number
from nbe.core.dates import format_date, format_time, parse_date, parse_time
from nbe.core.forms.rules import Required
from nbe.core.mail_addresses import parse_email
from nbe.core.numbers import parse_decimal, parse_integer
from nbe.core.phones import format_phone, parse_phone
from nbe.core.text import clean


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


class TimeField(_ParsedField):
    """An hour of the day; 9, 9.30, kl. 13 and what else Danes write."""

    wrong = _l("Skriv et klokkeslæt, fx 9.30 eller 13:00.")

    def read(self, text: str) -> dt.time:
        return parse_time(text)

    def show(self, value: dt.time) -> str:
        return format_time(value)


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
        return parse_case_number(text)
