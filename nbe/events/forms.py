"""What is typed about events and the people at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from nbe.core.forms import (
    BaseForm,
    CodeField,
    CvrField,
    DateField,
    HiddenField,
    MailField,
    NoteField,
    Required,
    TextField,
    TimeField,
    WholeNumberField,
    refuse_cpr,
    refuse_future,
)
from nbe.events.rules import Line, moments, read_programme
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import EventKind

EVENT_LABELS: dict[str, Any] = {
    "kind": _l("Type"),
    "title": _l("Titel"),
    "held_on": _l("Dato"),
    "begins": _l("Begynder"),
    "ends": _l("Slutter"),
    "place": _l("Sted"),
    "municipality_code": _l("Vært"),
    "seats": _l("Pladser"),
    "sign_up_until": _l("Sidste dag for tilmelding"),
    "description": _l("Om arrangementet"),
    "program": _l("Program"),
}
PERSON_LABELS: dict[str, Any] = {
    "name": _l("Navn"),
    "email": _l("Mail"),
    "organisation": _l("Organisation"),
    "note": _l("Bemærkning"),
}


class EventForm(BaseForm):
    """An event. `hosts`: (code as text or "" for the network, name)."""

    kind = CodeField(EVENT_LABELS["kind"], EventKind, [Required()])
    title = TextField(EVENT_LABELS["title"], 200, [Required(), refuse_cpr])
    held_on = DateField(EVENT_LABELS["held_on"], [Required()])
    begins = TimeField(EVENT_LABELS["begins"])
    ends = TimeField(EVENT_LABELS["ends"])
    place = TextField(EVENT_LABELS["place"], 300, [refuse_cpr])
    municipality_code = SelectField(EVENT_LABELS["municipality_code"], coerce=str)
    seats = WholeNumberField(EVENT_LABELS["seats"], 1, 9999, description=_l("Tom: så mange, der vil."))
    sign_up_until = DateField(
        EVENT_LABELS["sign_up_until"], description=_l("Tom: man kan tilmelde sig til og med dagen.")
    )
    description = NoteField(EVENT_LABELS["description"], 4000, [refuse_cpr])
    program = NoteField(
        EVENT_LABELS["program"], 12000, [refuse_cpr],
        description=_l("Et punkt på hver linje, fx: 16.00 Velkomst v/ Anne Jensen"),
    )  # fmt: skip

    def __init__(self, kinds: Sequence[EventKind], hosts: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [(kind.value, kind.label) for kind in kinds]
        self.municipality_code.choices = list(hosts)
        self.municipality_code.flags.required = "" not in dict(hosts)  # else empty is the network itself

    def values(self) -> dict[str, Any]:
        """What is typed, as the record keeps it. Raises EventRefusedError."""
        starts_at, minutes = moments(self.held_on.data, self.begins.data, self.ends.data)
        code = self.municipality_code.data
        return {
            "kind": self.kind.member,
            "title": self.title.data or "",
            "held_on": self.held_on.data,
            "starts_at": starts_at,
            "minutes": minutes,
            "place": self.place.data or "",
            "description": self.description.data or "",
            "municipality_code": int(code) if code else None,
            "seats": self.seats.data,
            "sign_up_until": self.sign_up_until.data,
        }

    def lines(self) -> list[Line]:
        """The programme. Raises EventRefusedError."""
        return read_programme(self.program.data or "")


def filled(event: Any) -> dict[str, Any]:
    """An event as the form's data."""
    data = {name: getattr(event, name) for name in EVENT_LABELS}
    return data | {"municipality_code": str(event.municipality_code or ""), "version": str(event.version)}


class PersonForm(BaseForm):
    """What is written about somebody at an event."""

    name = TextField(PERSON_LABELS["name"], 200, [Required(), refuse_cpr])
    email = MailField(PERSON_LABELS["email"])
    organisation = TextField(
        PERSON_LABELS["organisation"], 200, [refuse_cpr], description=_l("Når personen ikke kommer for en virksomhed.")
    )
    note = TextField(PERSON_LABELS["note"], 400, [refuse_cpr], description=_l("Fx kørestol eller vegetar."))

    def texts(self) -> dict[str, str]:
        """What is typed, as the record keeps it."""
        return {name: self[name].data or "" for name in PERSON_LABELS}


class BusinessForm(BaseForm):
    """Which business somebody comes for."""

    cvr = CvrField(_l("CVR-nummer"), description=_l("Tomt: personen kommer ikke for en virksomhed."))


class NewPersonForm(PersonForm):
    """Somebody to be signed up, asked, or noted as having come. Without a business a municipality is told."""

    business_id = HiddenField()
    municipality_code = SelectField(_l("Kommune"), coerce=str)
    til = CodeField(_l("Personen"), RegistrationState, [Required()])
    happened_on = DateField(
        _l("Tilmeldt den"), [refuse_future], description=_l("I dag, hvis den er tom; dagen selv, hvis den er forbi.")
    )

    def __init__(self, states: Sequence[RegistrationState], codes: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        words = {
            RegistrationState.SIGNED_UP: _("tilmelder sig"),
            RegistrationState.INVITED: _("er inviteret"),
            RegistrationState.ATTENDED: _("kom uden tilmelding"),
        }
        self.til.choices = [(state.value, words[state]) for state in states]
        self.municipality_code.choices = [(str(code), name) for code, name in codes]
        self.municipality_code.flags.required = True


class MoveForm(BaseForm):
    """Where somebody has come to, when, and why. `fra` is the state the page showed."""

    fra = HiddenField()
    til = CodeField(_l("Flyt til"), RegistrationState, [Required()])
    happened_on = DateField(
        _l("Dato"), [refuse_future], description=_l("I dag, hvis den er tom; fremmøde på dagen selv.")
    )
    reason = TextField(_l("Begrundelse"), 400, [refuse_cpr])

    def __init__(self, states: Sequence[RegistrationState], **options: Any) -> None:
        super().__init__(**options)
        self.til.choices = [(state.value, state.label) for state in states]


def refuse(form: BaseForm, field: str, message: Any) -> None:
    """Put what was refused at its field, or at the first there is."""
    name = field if field in form else next(iter(form._fields))
    target = form[name]
    target.errors = [*target.errors, str(message)]


class AnswerForm(BaseForm):
    """Yes or no to an event, and a word to the host."""

    svar = RadioField(_l("Kommer du?"), [Required(_l("Vælg ja eller nej."))])
    note = TextField(PERSON_LABELS["note"], 400, [refuse_cpr], description=_l("Fx kørestol eller vegetar."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.svar.choices = [("ja", _("Ja, jeg kommer")), ("nej", _("Nej, jeg kommer ikke"))]


class OpenForm(BaseForm):
    """Somebody who signs up on an event's open link."""

    name = TextField(_l("Dit navn"), 200, [Required(), refuse_cpr], render_kw={"autocomplete": "name"})
    email = MailField(_l("Din mail"), [Required()], render_kw={"autocomplete": "email"})
    organisation = TextField(
        _l("Virksomhed eller organisation"), 200, [Required(), refuse_cpr], render_kw={"autocomplete": "organization"}
    )
    cvr = CvrField(_l("CVR-nummer"), description=_l("8 cifre, hvis du kommer for en virksomhed."))
    municipality_code = SelectField(_l("Kommune"), [Required()], coerce=str)
    note = TextField(PERSON_LABELS["note"], 400, [refuse_cpr], description=_l("Fx kørestol eller vegetar."))

    def __init__(self, codes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.municipality_code.choices = [("", _("Vælg")), *codes]
