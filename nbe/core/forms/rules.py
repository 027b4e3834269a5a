"""What a field must hold, and must not."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from nbe.core import clock
from nbe.core.text import clean

_CPR = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}\s?[-–]?\s?\d{4}(?!\d)")


class Required:
    """Something must be written; a marker for the label as well."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not field.raw_data or not clean(field.raw_data[0]):
            field.errors = []  # "not a date" beside "must be filled in" says it twice
            raise StopValidation(str(self.message) if self.message else _("Skal udfyldes."))


def refuse_future(form: Any, field: Field) -> None:
    """What happened did not happen tomorrow."""
    if field.data and field.data > clock.today():
        raise ValidationError(_("Datoen ligger i fremtiden."))


def looks_like_cpr(text: str) -> bool:
    """Whether free text holds something like a CPR number, which does not belong anywhere here."""
    return bool(_CPR.search(text or ""))


def refuse_cpr(form: Any, field: Field) -> None:
    """No CPR numbers in free text."""
    if looks_like_cpr(str(field.data or "")):
        raise ValidationError(_("Det ligner et CPR-nummer. CPR-numre må ikke skrives her."))
