"""Forms as Danes fill them in: cleaned text, Danish dates and numbers, errors in plain words at their field."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from nbe.core.forms.base import BaseForm, WordedForm
from nbe.core.forms.parsed import (
    CaseNumberField,
    CvrField,
    DanishDecimalField,
    DateField,
    MailField,
    PhoneField,
    PNumberField,
    TimeField,
    WholeNumberField,
)
from nbe.core.forms.rules import Required, looks_like_cpr, refuse_cpr, refuse_future
from nbe.core.forms.texts import CodeField, CodeRadioField, NoteField, TextField

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
    "TimeField",
    "WholeNumberField",
    "WordedForm",
    "looks_like_cpr",
    "refuse_cpr",
    "refuse_future",
]
