"""What is typed about a measure: words, the numbers of each phase, and its moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField

from nbe.core.forms import (
    BaseForm,
    CodeField,
    DanishDecimalField,
    DateField,
    NoteField,
    Required,
    TextField,
    refuse_cpr,
    refuse_future,
)
from nbe.measures.rules import NOT_MEASURED, WITH_FACTOR, Amount, parse_amount
from nbe.models import EmissionFactor, Measure, Saving
from nbe.models.states import MeasureState, Quantity, SavingPhase

TEXTS: dict[str, Any] = {
    "title": _l("Tiltag"),
    "description": _l("Beskrivelse"),
    "owner_id": _l("Ansvarlig hos virksomheden"),
    "owner_name": _l("Ansvarlig, hvis ikke på listen"),
    "due_on": _l("Frist"),
    "is_confidential": _l("Fortrolig: vises kun for kommunen"),
}
_PARTS: dict[str, Any] = {
    "amount": _l("mængde"),
    "baseline": _l("forbrug før"),
    "factor": _l("CO₂-faktor"),
    "evidence": _l("dokumentation"),
}


def name_of(phase: SavingPhase, quantity: Quantity, part: str) -> str:
    """The name of a field: "identified-energy-amount", as the actions name what they refuse."""
    return f"{phase.value}-{quantity.value}-{part}"


def parts_of(phase: SavingPhase, quantity: Quantity) -> list[str]:
    """What is asked of a quantity in a phase."""
    parts = ["amount"]
    if quantity in WITH_FACTOR:
        parts += ["factor"] if phase is SavingPhase.DECIDED else ["baseline", "factor"]
    return [*parts, "evidence"] if phase is SavingPhase.REALISED else parts


class AmountField(DanishDecimalField):
    """A number with at most three decimals, or "ikke målt"; anything else is refused in a sentence."""

    def read(self, text: str) -> Any:
        amount, is_not_measured = parse_amount(text)
        return NOT_MEASURED if is_not_measured else amount

    def explain(self, error: ValueError) -> Any:
        return error.args[0]

    def show(self, value: Any) -> str:
        return value if isinstance(value, str) else show_amount(value)


class BaselineField(AmountField):
    """A number; "ikke målt" is said by leaving it empty."""

    def read(self, text: str) -> Any:
        if parse_amount(text)[1]:
            raise ValueError(_("Skriv et tal, eller lad feltet stå tomt."))
        return super().read(text)


def show_amount(value: Decimal) -> str:
    """A number as it is typed: a decimal comma, no noughts behind it."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


class MeasureForm(BaseForm):
    """What a measure is, who sees to it and by when; the numbers are added by `measure_form`. `stand`: see `stamp`."""

    stand = HiddenField()
    title = TextField(TEXTS["title"], 200, [Required(), refuse_cpr])
    description = NoteField(TEXTS["description"], 4000, [refuse_cpr])
    owner_id = SelectField(TEXTS["owner_id"], coerce=str)
    owner_name = TextField(TEXTS["owner_name"], 200, [refuse_cpr])
    due_on = DateField(TEXTS["due_on"])
    is_confidential = BooleanField(TEXTS["is_confidential"])
    happened_on = DateField(
        _l("Tallene gælder fra"), [refuse_future], description=_l("Tom: fra tiltagets seneste skridt.")
    )
    phases: tuple[SavingPhase, ...] = ()

    def texts(self) -> dict[str, Any]:
        """What is written, as the record keeps it."""
        return {
            "title": self.title.data or "",
            "description": self.description.data or "",
            "owner_id": int(self.owner_id.data) if self.owner_id.data else None,
            "owner_name": self.owner_name.data or "",
            "due_on": self.due_on.data,
            "is_confidential": bool(self.is_confidential.data),
        }

    def amounts(self, measure: Measure | None = None) -> dict[SavingPhase, dict[Quantity, Amount]]:
        """The numbers of each phase; what is not asked in a phase stays as it is."""
        held = {(saving.phase, saving.quantity): saving for saving in measure.savings} if measure else {}
        return {
            phase: {quantity: self._amount(phase, quantity, held.get((phase, quantity))) for quantity in Quantity}
            for phase in self.phases
        }

    def _amount(self, phase: SavingPhase, quantity: Quantity, held: Saving | None) -> Amount:
        parts = parts_of(phase, quantity)
        said = {part: self[name_of(phase, quantity, part)].data for part in parts}
        is_not_measured = said["amount"] == NOT_MEASURED
        kept = held.baseline if held is not None else None
        return Amount(
            None if is_not_measured else said["amount"],
            is_not_measured,
            said["baseline"] if "baseline" in parts else kept,
            int(said["factor"]) if said.get("factor") else None,
            said.get("evidence") or "",
        )


def measure_form(
    phases: Sequence[SavingPhase], factors: Sequence[EmissionFactor], owners: Sequence[tuple[int, str]], **options: Any
) -> MeasureForm:
    """The form with the numbers of these phases; `owners` are the people to choose from."""
    fields: dict[str, Any] = {"phases": tuple(phases)}
    for phase in phases:
        for quantity in Quantity:
            for part in parts_of(phase, quantity):
                label = _("%(what)s, %(phase)s: %(part)s", what=quantity.label, phase=phase.label, part=_PARTS[part])
                fields[name_of(phase, quantity, part)] = _field(part, label, quantity, factors)
    form: MeasureForm = type("FilledMeasureForm", (MeasureForm,), fields)(**options)
    form.owner_id.choices = [("", _("Vælg")), *((str(key), name) for key, name in owners)]
    return form


def _field(part: str, label: str, quantity: Quantity, factors: Sequence[EmissionFactor]) -> Any:
    if part == "amount":
        return AmountField(label)
    if part == "baseline":
        return BaselineField(label)
    if part == "evidence":
        return TextField(label, 1000, [refuse_cpr])
    choices = [(str(f.id), factor_label(f)) for f in factors if f.quantity is quantity]
    return SelectField(label, choices=[("", _("Ingen CO₂-beregning")), *choices], coerce=str)


def factor_label(factor: EmissionFactor) -> str:
    """ "El 2016 (0,3 kg CO₂e)"."""
    kg = show_amount(factor.kg_per_unit)
    return _("%(title)s %(year)s (%(kg)s kg CO₂e)", title=factor.title, year=factor.year, kg=kg)


def filled(measure: Measure | None) -> dict[str, Any]:
    """A measure as the form's data."""
    if measure is None:
        return {}
    data = {name: getattr(measure, name) for name in TEXTS}
    data["owner_id"] = str(measure.owner_id or "")
    for saving in measure.savings:
        values = {
            "amount": NOT_MEASURED if saving.is_not_measured else saving.amount,
            "baseline": saving.baseline,
            "factor": str(saving.factor_id or ""),
            "evidence": saving.evidence,
        }
        for part in parts_of(saving.phase, saving.quantity):
            data[name_of(saving.phase, saving.quantity, part)] = values[part]
    return data | {"stand": stamp(measure)}


def stamp(measure: Measure) -> str:
    """The versions of a measure and its savings, for a form to carry: another text means that somebody was there."""
    return ".".join([str(measure.version), *(f"{s.id}-{s.version}" for s in sorted(measure.savings, key=_by_id))])


def _by_id(saving: Saving) -> int:
    return saving.id


class MeasureMoveForm(BaseForm):
    """Where a measure has come to, when, and why when it goes back. `fra` is the state the page showed."""

    fra = HiddenField()
    til = CodeField(_l("Flyt til"), MeasureState, [Required()])
    happened_on = DateField(_l("Dato"), [refuse_future], description=_l("Den dag, det skete; i dag, hvis den er tom."))
    reason = NoteField(_l("Begrundelse"), 2000, [refuse_cpr], description=_l("Når tiltaget går tilbage eller opgives."))


def labels_of(form: MeasureForm) -> Mapping[str, Any]:
    """What each field that is saved is called, for the page on which the second chooses."""
    numbers = {
        name_of(p, q, part): form[name_of(p, q, part)].label.text
        for p in form.phases
        for q in Quantity
        for part in parts_of(p, q)
    }
    return {**TEXTS, **numbers}
