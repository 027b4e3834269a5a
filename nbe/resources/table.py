"""The table of hours: a row for each person, a field for each month, saved in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import request
from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.access.tables import Lines
from nbe.models import Programme
from nbe.resources.actions import Promise
from nbe.resources.forms import MonthsForm, month_name, months_form, show_hours
from nbe.resources.queries import PersonHours, list_hours
from nbe.resources.rules import NONE, months_of


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One person: what stands, and the form that changes it."""

    person: PersonHours
    months: Sequence[dt.date]
    form: MonthsForm

    @property
    def current(self) -> dict[str, str]:
        """What stands now, as the form would show it."""
        stored = self.person.hours
        return {month_name(m): show_hours(stored[m]) if stored.get(m) else "" for m in self.months}

    @property
    def labels(self) -> dict[str, str]:
        """The fields' names with the person's, for the choice after a conflict."""
        return {month_name(m): str(self.form[month_name(m)].label.text) for m in self.months}

    def promises(self) -> list[Promise]:
        """The months in which another number was typed than stands."""
        typed = [(month, self.form.hours_of(month)) for month in self.months]
        return [
            Promise(self.person.screener_id, month, hours)
            for month, hours in typed
            if hours != self.person.hours.get(month, NONE)
        ]


@dataclass(frozen=True, slots=True)
class HoursTable:
    """The months, the rows that can be changed, and those of people lent from elsewhere."""

    months: list[dt.date]
    lines: Lines[HoursLine]
    lent: list[PersonHours]

    def refuse(self, screener_id: int, month_on: dt.date, left: Decimal) -> None:
        """Say at its field that somebody has fewer hours left in a month than were typed."""
        name = month_name(month_on)
        line = next(line for line in self.lines if line.person.screener_id == screener_id)
        text = _("Der er kun %(left)s timer tilbage i måneden: resten er lovet andre.", left=show_hours(left))
        line.form[name].errors = [text]

    @property
    def people(self) -> list[PersonHours]:
        """Everybody in the table."""
        return [*(line.person for line in self.lines), *self.lent]

    def sum_of(self, month: dt.date) -> Decimal:
        """What stands for a month, over all people."""
        return sum((person.hours.get(month, NONE) for person in self.people), NONE)

    @property
    def total(self) -> Decimal:
        """What stands for all months."""
        return sum((person.total for person in self.people), NONE)


def read_table(viewer: Viewer, programme: Programme, municipality_code: int) -> HoursTable:
    """What a municipality is promised; in a request that saves, with what was typed."""
    people = list_hours(viewer, programme, municipality_code)
    months = months_of(programme.year, programme.deadline_on)
    told = {month for person in people for month in person.hours}
    months = sorted({*months, *told})  # a deadline moved forward hides no hours
    lines = []
    for person in people:
        if person.place:
            continue
        line = HoursLine(person, months, months_form(person.screener_id, person.name, months, person.hours))
        if request.method == "GET":
            line.form.remember(line.current)
        lines.append(line)
    return HoursTable(months, Lines(lines), [person for person in people if person.place])
