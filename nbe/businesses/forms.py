"""What is typed about businesses, contacts, memberships and activities."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from nbe.businesses.rules import CALL_OUTCOMES, NEEDS_REASON
from nbe.core.forms import (
    BaseForm,
    BooleanField,
    CaseNumberField,
    CodeField,
    CvrField,
    DateField,
    MailField,
    NoteField,
    PhoneField,
    PNumberField,
    Required,
    TextField,
    WholeNumberField,
    refuse_cpr,
    refuse_future,
)
from nbe.models.states import ActivityKind, MembershipState

BUSINESS_LABELS: dict[str, Any] = {
    "name": _l("Navn"),
    "cvr": _l("CVR-nummer"),
    "p_number": _l("P-nummer"),
    "municipality_code": _l("Kommune"),
    "address": _l("Adresse"),
    "postcode": _l("Postnr."),
    "town": _l("By"),
    "industry_code": _l("Branchekode"),
    "employees": _l("Ansatte"),
    "phone": _l("Telefon"),
    "email": _l("E-mail"),
    "website": _l("Hjemmeside"),
    "case_number": _l("Sagsnummer"),
    "is_ad_protected": _l("Reklamebeskyttet"),
    "is_sole_trader": _l("Enkeltmandsvirksomhed"),
    "note": _l("Bemærkninger"),
}
CONTACT_LABELS: dict[str, Any] = {
    "name": _l("Navn"),
    "title": _l("Titel"),
    "phone": _l("Telefon"),
    "email": _l("E-mail"),
    "valid_from": _l("Fra"),
    "valid_to": _l("Til"),
}


def _code_or_none(value: Any) -> int | None:
    """A municipality's code; None for the empty choice."""
    return int(value) if value not in (None, "") else None


class BusinessForm(BaseForm):
    """A production unit."""

    name = TextField(BUSINESS_LABELS["name"], 200, [Required()])
    cvr = CvrField(BUSINESS_LABELS["cvr"], [Required()], description=_l("8 cifre"))
    p_number = PNumberField(
        BUSINESS_LABELS["p_number"], description=_l("10 cifre; kun når virksomheden har flere steder")
    )
    municipality_code = SelectField(
        BUSINESS_LABELS["municipality_code"], [Required()], coerce=_code_or_none, description=_l("Stedets kommune")
    )
    address = TextField(BUSINESS_LABELS["address"], 200)
    postcode = TextField(BUSINESS_LABELS["postcode"], 10)
    town = TextField(BUSINESS_LABELS["town"], 100)
    industry_code = TextField(BUSINESS_LABELS["industry_code"], 6, description=_l("6 cifre fra CVR"))
    employees = WholeNumberField(BUSINESS_LABELS["employees"])
    phone = PhoneField(BUSINESS_LABELS["phone"])
    email = MailField(BUSINESS_LABELS["email"])
    website = TextField(BUSINESS_LABELS["website"], 300)
    case_number = CaseNumberField(BUSINESS_LABELS["case_number"], description=_l("Fx 24.10.07-G20-4-15"))
    is_ad_protected = BooleanField(BUSINESS_LABELS["is_ad_protected"])
    is_sole_trader = BooleanField(BUSINESS_LABELS["is_sole_trader"])
    note = NoteField(BUSINESS_LABELS["note"], validators=[refuse_cpr])

    def values(self) -> dict[str, Any]:
        """The columns of Business; '' for what was left empty."""
        keys = [key for key in BUSINESS_LABELS if key in self]
        nullable = {"employees"}
        return {key: self[key].data if self[key].data is not None or key in nullable else "" for key in keys}


class ContactForm(BaseForm):
    """A contact person."""

    name = TextField(CONTACT_LABELS["name"], 200, [Required()])
    title = TextField(CONTACT_LABELS["title"], 120)
    phone = PhoneField(CONTACT_LABELS["phone"])
    email = MailField(CONTACT_LABELS["email"])
    valid_from = DateField(CONTACT_LABELS["valid_from"])
    valid_to = DateField(CONTACT_LABELS["valid_to"], description=_l("Når personen ikke længere er kontakt"))

    def validate_valid_to(self, field: Any) -> None:
        """Nobody stops before beginning."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Til-datoen ligger før fra-datoen."))

    def values(self) -> dict[str, Any]:
        """The columns of Contact."""
        days = {"valid_from", "valid_to"}
        return {key: self[key].data if self[key].data is not None or key in days else "" for key in CONTACT_LABELS}


class ContactEndForm(BaseForm):
    """The last day of a contact person."""

    valid_to = DateField(_l("Sidste dag"), [Required()])


class MembershipForm(BaseForm):
    """A membership state and the day it was entered."""

    state = CodeField(_l("Medlemskab"), MembershipState, [Required()])
    happened_on = DateField(_l("Dato"), [Required(), refuse_future])
    reason = NoteField(_l("Begrundelse"), 2000, [refuse_cpr])

    def leave_out(self, state: MembershipState | None) -> None:
        """The state that holds already is not among the choices."""
        self.state.choices = [(other.value, other.label) for other in MembershipState if other is not state]

    def validate_reason(self, field: Any) -> None:
        """Leaving and turning away are explained."""
        if self.state.member in NEEDS_REASON and not field.data:
            raise ValidationError(_("Skriv en begrundelse."))


OTHER_KINDS = (ActivityKind.VISIT, ActivityKind.MAIL, ActivityKind.NOTE)


class _StepForm(BaseForm):
    """What was said, and what comes next."""

    happened_on = DateField(_l("Dato"), [Required(), refuse_future])
    note = NoteField(_l("Note"), validators=[refuse_cpr])
    next_step = TextField(_l("Næste skridt"), 300, [refuse_cpr])
    next_step_on = DateField(_l("Hvornår"))

    def validate_next_step_on(self, field: Any) -> None:
        """What comes next comes after what was done."""
        if field.data and self.happened_on.data and field.data < self.happened_on.data:
            raise ValidationError(_("Næste skridt ligger før det, der er gjort."))

    def values(self) -> dict[str, Any]:
        """The columns of Activity, the day apart."""
        return {
            "note": self.note.data or "",
            "next_step": self.next_step.data or "",
            "next_step_on": self.next_step_on.data,
        }


class CallForm(_StepForm):
    """A call in under ten seconds: how it went, and what comes next."""

    outcome = CodeField(
        _l("Hvordan gik det?"), CALL_OUTCOMES, [Required(_l("Vælg, hvordan det gik."))], empty=_l("Vælg")
    )


class ActivityForm(_StepForm):
    """A visit, mail or note, and what comes next."""

    kind = CodeField(_l("Hvad"), OTHER_KINDS, [Required()])
