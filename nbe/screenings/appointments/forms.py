"""What is typed about an appointment: when, where, who comes, what is to be ready; held, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from nbe.access.tables import BasedForm
from nbe.core import clock
from nbe.core.forms import (
    BaseForm,
    DateField,
    HiddenField,
    NoteField,
    Required,
    TextField,
    TimeField,
    refuse_cpr,
    refuse_future,
)
from nbe.models.states import ScreeningRole
from nbe.screenings.rules import LENGTHS, Appointment, Attendee

OBSERVER, CONTACT = "observer_", "contact_"
LONGEST_NAME, MOST_NAMES = 200, 20


def length_text(minutes: int) -> str:
    """How long a visit is to be: "2½ time", "45 minutter"."""
    hours, rest = divmod(minutes, 60)
    if rest not in (0, 30) or not hours:
        return _("%(minutes)s minutter", minutes=minutes)
    if hours == 1 and not rest:
        return _("1 time")
    return _("%(hours)s timer", hours=f"{hours}{'½' if rest else ''}")


class NamesField(NoteField):
    """Names, one in each line."""

    def names(self) -> list[str]:
        """The names, each once."""
        lines = (line.strip() for line in (self.data or "").split("\n"))
        return list(dict.fromkeys(line for line in lines if line))

    def pre_validate(self, form: Any) -> None:
        """Each as long as a name may be, and not a whole company."""
        if any(len(name) > LONGEST_NAME for name in self.names()):
            raise ValidationError(_("Skriv ét navn pr. linje, højst %(n)s tegn.", n=LONGEST_NAME))
        if len(self.names()) > MOST_NAMES:
            raise ValidationError(_("Skriv højst %(n)s navne.", n=MOST_NAMES))


class AppointmentForm(BasedForm):
    """When and where, who screens, who comes, what is to be ready; a tick per screener and contact is added."""

    day = DateField(_l("Dato"), [Required()])
    hour = TimeField(_l("Klokken"), [Required()])
    minutes = SelectField(_l("Varighed"), [Required()], coerce=int)
    place = TextField(_l("Sted"), 300, [refuse_cpr])
    lead = SelectField(_l("Screener"), coerce=str)
    second = SelectField(_l("Anden screener"), coerce=str)
    other_observers = NamesField(
        _l("Andre observatører"), 2000, [refuse_cpr], description=_l("Ét navn pr. linje, fx fra en anden kommune.")
    )
    other_people = NamesField(_l("Andre fra virksomheden"), 2000, [refuse_cpr], description=_l("Ét navn pr. linje."))
    to_prepare = NoteField(
        _l("Hav klar til besøget"), 4000, [refuse_cpr], description=_l("Ét punkt pr. linje. Sendes til virksomheden.")
    )

    def typed(self, name: str) -> str:
        """A field as it would be sent again; a tick as "y"."""
        if isinstance(self[name], BooleanField):
            return "y" if self[name].data else ""
        return super().typed(name)

    def ticks(self, start: str) -> list[Any]:
        """The fields of one kind of tick, in order."""
        return [field for field in self if field.name.startswith(start)]

    def ticked(self, start: str) -> list[int]:
        """The ids whose tick is set."""
        return [int(field.name.removeprefix(start)) for field in self.ticks(start) if field.data]

    def validate(self, extra_validators: Any = None) -> bool:
        """Nobody has two parts at one visit."""
        is_valid = super().validate(extra_validators)
        if self.second.data and self.second.data == self.lead.data:
            self.second.errors = [*self.second.errors, _("Vælg en anden end den, der er screener.")]
            is_valid = False
        at_work = {self.lead.data, self.second.data}
        for field in self.ticks(OBSERVER):
            if field.data and field.name.removeprefix(OBSERVER) in at_work:
                field.errors = [*field.errors, _("%(name)s screener selv ved besøget.", name=field.label.text)]
                is_valid = False
        return is_valid

    def starts_at(self) -> dt.datetime:
        """The moment, in UTC."""
        return dt.datetime.combine(self.day.data, self.hour.data, clock.DANISH).astimezone(dt.UTC)

    def appointment(self) -> Appointment:
        """What is agreed, as the actions take it."""
        people = [
            *(
                Attendee(role, screener_id=int(field.data))
                for role, field in ((ScreeningRole.LEAD, self.lead), (ScreeningRole.SECOND, self.second))
                if field.data
            ),
            *(Attendee(ScreeningRole.OBSERVER, screener_id=key) for key in self.ticked(OBSERVER)),
            *(Attendee(ScreeningRole.OBSERVER, name=name) for name in self.other_observers.names()),
            *(Attendee(ScreeningRole.BUSINESS, contact_id=key) for key in self.ticked(CONTACT)),
            *(Attendee(ScreeningRole.BUSINESS, name=name) for name in self.other_people.names()),
        ]
        return Appointment(
            self.starts_at(), self.minutes.data, self.place.data or "", self.to_prepare.data or "", tuple(people)
        )


def appointment_form(
    screeners: Sequence[tuple[int, str]],
    contacts: Sequence[tuple[int, str]],
    minutes: Iterable[int] = (),
    values: Mapping[str, Any] | None = None,
) -> AppointmentForm:
    """The form with these people to choose from; `values` fill it in, without them it is what was sent.

    `minutes` are lengths to choose beside the usual ones.
    """
    fields: dict[str, Any] = {f"{OBSERVER}{key}": BooleanField(name) for key, name in screeners}
    fields |= {f"{CONTACT}{key}": BooleanField(name) for key, name in contacts}
    sent = {} if values is None else {"formdata": None, "data": dict(values)}
    form: AppointmentForm = type("FilledAppointmentForm", (AppointmentForm,), fields)(**sent)
    form.minutes.choices = [(length, length_text(length)) for length in sorted({*LENGTHS, *minutes})]
    choices = [(str(key), name) for key, name in screeners]
    form.lead.choices = [("", _("Ikke valgt endnu")), *choices]
    form.second.choices = [("", _("Ingen")), *choices]
    return form


class HoldForm(BaseForm):
    """The day the visit was held. `fra` is the state the page showed."""

    fra = HiddenField()
    day = DateField(_l("Holdt den"), [Required(), refuse_future])


class CancelForm(BaseForm):
    """Why the visit is called off."""

    fra = HiddenField()
    reason = NoteField(_l("Hvorfor aflyses besøget?"), 2000, [Required(), refuse_cpr])
