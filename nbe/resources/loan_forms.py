"""What is typed about a loan: the hours offered or asked for, and the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from nbe.core.forms import BaseForm, CodeField, HiddenField, NoteField, Required, refuse_cpr
from nbe.models.states import LoanState
from nbe.resources.actions import Wish
from nbe.resources.forms import HoursField, show_hours

Choices = Sequence[tuple[int, str]]


def _refuse_none(form: Any, field: HoursField) -> None:
    if field.data is not None and not field.data:
        raise ValidationError(_("Skriv et tal over 0."))


class LoanForm(BaseForm):
    """Hours of a month, offered to or asked of another municipality; `screener_id` where one is offered."""

    other = SelectField(_l("Kommune"), [Required()], coerce=str)
    screener_id = SelectField(_l("Screener"), [Required()], coerce=str)
    month_on = SelectField(_l("Måned"), [Required()], coerce=str)
    hours = HoursField(_l("Timer"), [Required(), _refuse_none])
    note = NoteField(_l("Besked"), 1000, [refuse_cpr], description=_l("Kun de to kommuner ser den."))

    def wish(self) -> Wish:
        """What was typed."""
        return Wish(dt.date.fromisoformat(self.month_on.data or ""), self.hours.data, self.note.data or "")


def loan_form(others: Choices, months: Sequence[dt.date], screeners: Choices | None, **options: Any) -> LoanForm:
    """The form with its choices; without `screeners` it is a request, and the lender chooses whom."""
    form = LoanForm(**options)
    form.other.choices = _with_empty(others)
    form.month_on.choices = [(month.isoformat(), str(format_date(month, "MMMM y"))) for month in months]
    if screeners is None:
        del form.screener_id
    else:
        form.screener_id.choices = _with_empty(screeners)
    return form


class LoanStepForm(BaseForm):
    """What is done with a loan; `fra` is the state the page showed. A request is granted with a screener."""

    fra = HiddenField()
    til = CodeField(_l("Svar"), LoanState, [Required()])
    screener_id = SelectField(_l("Screener, der lånes ud"), coerce=str, default="")


def loan_step_form(screeners: Choices, **options: Any) -> LoanStepForm:
    """The form with the screeners that can be lent."""
    form = LoanStepForm(**options)
    form.screener_id.choices = _with_empty(screeners)
    return form


def _with_empty(choices: Choices) -> list[tuple[str, str]]:
    return [("", _("Vælg")), *((str(key), name) for key, name in choices)]


def too_many(left: Any) -> str:
    """That a screener has fewer hours left in the month."""
    return _("Screeneren har kun %(left)s timer tilbage i måneden: resten er lovet andre.", left=show_hours(left))
