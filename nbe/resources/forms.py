"""What is typed about hours and screeners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from nbe.access.tables import BasedForm
from nbe.core.forms import (
    BaseForm,
    DanishDecimalField,
    DateField,
    MailField,
    Required,
    TextField,
    refuse_cpr,
    refuse_future,
)
from nbe.resources.actions import Person
from nbe.resources.rules import MOST_A_MONTH, NONE, plain

SCREENER_LABELS: dict[str, Any] = {
    "name": _l("Navn"),
    "title": _l("Titel"),
    "email": _l("Mail"),
    "trained_on": _l("Uddannet på kursus den"),
    "user_id": _l("Konto"),
}


class HoursField(DanishDecimalField):
    """Hours from 0 to `most` with at most two decimals; none at all shows as an empty field."""

    def __init__(
        self, label: Any = None, validators: Iterable[Any] = (), *, most: Decimal = MOST_A_MONTH, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.most = most

    def read(self, text: str) -> Decimal:
        hours = super().read(text)
        if not 0 <= hours <= self.most:
            raise ValueError("out of range")
        if hours != round(hours, 2):
            raise ValueError("too fine")
        return hours

    def explain(self, error: ValueError) -> Any:
        if str(error) == "out of range":
            return _("Skriv timer fra 0 til %(most)s.", most=show_hours(self.most))
        return _("Skriv højst to decimaler.") if str(error) == "too fine" else _("Skriv timer som et tal, fx 7,5.")

    def show(self, value: Decimal) -> str:
        return show_hours(value) if value else ""


class TaskHoursField(HoursField):
    """The hours of one task; none at all is said with a 0."""

    def show(self, value: Decimal) -> str:
        return show_hours(value)


def show_hours(hours: Decimal) -> str:
    """Hours with a decimal comma and no needless zeros."""
    return plain(hours).replace(".", ",")


def month_name(month: dt.date) -> str:
    """The field of a month."""
    return f"m{month:%Y%m}"


class MonthsForm(BasedForm):
    """One person's row in the table of hours; its months are added by `months_form`."""

    def hours_of(self, month: dt.date) -> Decimal:
        """What was typed for a month; nothing is no hours."""
        return self[month_name(month)].data or NONE


def months_form(
    screener_id: int, name: str, months: Sequence[dt.date], hours: Mapping[dt.date, Decimal], **options: Any
) -> MonthsForm:
    """The row of one person, filled in with what stands; its fields are named for the person and the month."""
    fields = {month_name(m): HoursField(f"{name}, {format_date(m, 'MMMM y')}") for m in months}
    data = {month_name(month): hours.get(month) for month in months}
    kind: Any = type("FilledMonthsForm", (MonthsForm,), fields)
    form: MonthsForm = kind(prefix=f"p{screener_id}-", data=data, **options)
    return form


class ScreenerForm(BaseForm):
    """Somebody who can screen."""

    name = TextField(SCREENER_LABELS["name"], 200, [Required(), refuse_cpr])
    title = TextField(SCREENER_LABELS["title"], 120, [refuse_cpr])
    email = MailField(SCREENER_LABELS["email"])
    trained_on = DateField(SCREENER_LABELS["trained_on"], [refuse_future])
    user_id = SelectField(
        SCREENER_LABELS["user_id"],
        coerce=str,
        description=_l("Den bruger, screeneren logger ind som. Uden konto kan han eller hun ikke udfylde screeninger."),
    )

    def person(self) -> Person:
        """What was typed, as the record keeps it."""
        return Person(
            self.name.data or "",
            self.title.data or "",
            self.email.data or "",
            self.trained_on.data,
            int(self.user_id.data) if self.user_id.data else None,
        )


def screener_form(accounts: Sequence[tuple[int, str]], **options: Any) -> ScreenerForm:
    """The form with the accounts to choose from."""
    form = ScreenerForm(**options)
    form.user_id.choices = [("", _("Ingen konto")), *((str(key), name) for key, name in accounts)]
    return form
