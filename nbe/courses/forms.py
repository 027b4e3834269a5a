"""What is typed about courses, teams, days, people and seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from nbe.access.tables import BasedForm
from nbe.core import clock
from nbe.core.dates import format_date, format_time
from nbe.core.forms import (
    BaseForm,
    DateField,
    MailField,
    NoteField,
    Required,
    TextField,
    TimeField,
    WholeNumberField,
    refuse_cpr,
)
from nbe.models import CourseDay, Municipality, Team

COURSE_LABELS: dict[str, Any] = {"title": _l("Kursets navn"), "description": _l("Hvad handler det om?")}
PERSON_LABELS: dict[str, Any] = {"name": _l("Navn"), "email": _l("Mail"), "title": _l("Stilling")}
MOST_SEATS = 999


class CourseForm(BaseForm):
    """What a course is."""

    title = TextField(COURSE_LABELS["title"], 200, [Required()])
    description = NoteField(COURSE_LABELS["description"], 4000)


class TickField(BooleanField):
    """A tick that is written as the form sends it."""

    def show(self, value: bool) -> str:
        return "y" if value else ""


class TeamForm(BasedForm):
    """A team; a tick and a number for each of the eleven are added by `team_form`."""

    name = TextField(_l("Holdets navn"), 120, [Required()])
    seats = WholeNumberField(_l("Pladser i alt"), 0, MOST_SEATS, description=_l("Tom: åbent, indtil tallet er kendt."))
    place = TextField(_l("Sted"), 300)
    answer_days = WholeNumberField(
        _l("Dage til at svare"), 1, 60, [Required()],
        description=_l("Så længe holdes en plads til den, der rykker op fra ventelisten."),
    )  # fmt: skip
    codes: tuple[int, ...] = ()

    def municipalities(self) -> dict[int, int | None]:
        """Whom the team serves, with the seats kept for each; a number alone is as good as a tick."""
        found = {}
        for code in self.codes:
            number = self[kept_name(code)].data
            if self[served_name(code)].data or number is not None:
                found[code] = number
        return found


def served_name(code: int) -> str:
    """The field that says whether a municipality is served."""
    return f"med-{code}"


def kept_name(code: int) -> str:
    """The field for the seats kept for a municipality."""
    return f"pladser-{code}"


def team_form(municipalities: Sequence[Municipality], **options: Any) -> TeamForm:
    """The form with two fields for each municipality."""
    fields: dict[str, Any] = {"codes": tuple(one.code for one in municipalities)}
    for one in municipalities:
        fields[served_name(one.code)] = TickField(_("%(name)s er på holdet", name=one.name))
        fields[kept_name(one.code)] = WholeNumberField(_("Pladser aftalt til %(name)s", name=one.name), 0, MOST_SEATS)
    form: TeamForm = type("FilledTeamForm", (TeamForm,), fields)(**options)
    return form


def team_values(team: Team | None, codes: Sequence[int]) -> dict[str, Any]:
    """A team as the form's data."""
    kept = {row.municipality_code: row.seats for row in team.municipalities} if team else {}
    data: dict[str, Any] = {
        "name": team.name if team else "",
        "seats": team.seats if team else None,
        "place": team.place if team else "",
        "answer_days": team.answer_days if team else 3,
    }
    for code in codes:
        data[served_name(code)], data[kept_name(code)] = code in kept, kept.get(code)
    return data


class DayForm(BasedForm):
    """A day of a team."""

    held_on = DateField(_l("Dato"), description=_l("Tom, indtil dagen er kendt."))
    begins = TimeField(_l("Begynder"))
    ends = TimeField(_l("Slutter"))
    title = TextField(_l("Hvad sker der?"), 200)
    place = TextField(_l("Sted, hvis et andet end holdets"), 300)

    def validate(self, *args: Any, **options: Any) -> bool:
        """Hours come in order, and belong to a day."""
        is_right: bool = super().validate(*args, **options)
        begins, ends = self.begins.data, self.ends.data
        if begins and not self.held_on.data and not self.held_on.errors:
            self.held_on.errors = [_("Skriv datoen, når klokkeslættet er kendt.")]
        elif ends and (not begins or ends <= begins) and not self.ends.errors:
            self.ends.errors = [_("Sluttidspunktet skal være efter begyndelsen.")]
        return is_right and not self.errors

    def values(self) -> dict[str, Any]:
        """The day as the record keeps it."""
        day, begins, ends = self.held_on.data, self.begins.data, self.ends.data
        starts_at = dt.datetime.combine(day, begins, clock.DANISH).astimezone(dt.UTC) if day and begins else None
        minutes = None
        if begins and ends:
            minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
        return {
            "held_on": day, "starts_at": starts_at, "minutes": minutes, "title": self.title.data or "",
            "place": self.place.data or "",
        }  # fmt: skip


def day_values(day: CourseDay) -> dict[str, Any]:
    """A day as the form's data."""
    begins = clock.danish(day.starts_at) if day.starts_at else None
    ends = begins + dt.timedelta(minutes=day.minutes) if begins and day.minutes else None
    return {
        "held_on": day.held_on, "begins": begins.time() if begins else None, "ends": ends.time() if ends else None,
        "title": day.title, "place": day.place,
    }  # fmt: skip


def as_typed(data: dict[str, Any]) -> dict[str, str]:
    """A form's data as the form writes it, to be remembered and compared."""
    return {name: _typed(value) for name, value in data.items()}


def _typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    if isinstance(value, dt.time):
        return format_time(value)
    return format_date(value) if isinstance(value, dt.date) else str(value)


class PersonForm(BaseForm):
    """Who a participant is."""

    name = TextField(PERSON_LABELS["name"], 200, [Required(), refuse_cpr])
    email = MailField(PERSON_LABELS["email"], description=_l("Hertil kommer besked om plads på holdet."))
    title = TextField(PERSON_LABELS["title"], 120, [refuse_cpr])


class SignUpForm(PersonForm):
    """A person for a team."""

    kommune = SelectField(_l("Kommune"), coerce=str)
    besked = BooleanField(_l("Send en mail om tilmeldingen, med link til at bekræfte eller melde fra"), default=True)


class MoveForm(BaseForm):
    """Another team for a person."""

    hold = SelectField(_l("Flyt til"), coerce=str)


class OfferForm(BaseForm):
    """Seats that a municipality does not use."""

    giver = SelectField(_l("Fra"), coerce=str)
    modtager = SelectField(_l("Til"), coerce=str)
    antal = WholeNumberField(_l("Antal pladser"), 1, MOST_SEATS, [Required()])
    note = TextField(_l("Bemærkning"), 400, [refuse_cpr])
