"""What the pages of measures show beside the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.businesses.queries import list_contacts
from nbe.ledger import CO2E
from nbe.ledger.telling import ToldRow
from nbe.measures.rules import STARTED, Amount, is_overdue, payback, sums
from nbe.models import Contact, Measure, Saving
from nbe.models.states import CloseReason, MeasureState, Quantity, SavingPhase

_TENTH = Decimal("0.1")


def phases_of_form(measure: Measure) -> list[SavingPhase]:
    """The phases whose numbers are asked for: those it has come to, and those that hold something."""
    held = {saving.phase for saving in measure.savings if saving.amount is not None or saving.is_not_measured}
    phases = [SavingPhase.IDENTIFIED]
    if SavingPhase.DECIDED in held or measure.state not in (MeasureState.IDENTIFIED, MeasureState.ABANDONED):
        phases.append(SavingPhase.DECIDED)
    if SavingPhase.REALISED in held or measure.state in STARTED:
        phases.append(SavingPhase.REALISED)
    return phases


def owners(viewer: Viewer, business_id: int, chosen: Contact | None = None) -> list[tuple[int, str]]:
    """The contact persons of today to choose among, and the one chosen before."""
    present, _former = list_contacts(viewer, business_id)
    found = {contact.id: contact.name for contact in present}
    if chosen is not None:
        found.setdefault(chosen.id, chosen.name)
    return list(found.items())


def losses(amounts: Mapping[SavingPhase, Mapping[Quantity, Amount]]) -> list[str]:
    """The quantities of which more is used, in words."""
    found = {
        quantity: str(quantity.label).lower()
        for of_phase in amounts.values()
        for quantity, said in of_phase.items()
        if said.amount is not None and said.amount < 0
    }
    return list(found.values())


def payback_text(years: Decimal | None) -> str:
    """A payback as it is read: "straks", "1,5 år", a dash where it cannot be told."""
    if years is None:
        return "–"
    if years == 0:
        return str(_("straks"))
    if years < _TENTH:
        return str(_("under 0,1 år"))
    if years > 999:
        return str(_("over 999 år"))
    return str(_("%(years)s år", years=format_decimal(years.quantize(_TENTH), format="0.#")))


def by_phase(measure: Measure) -> dict[SavingPhase, dict[Quantity, Saving]]:
    """The savings of a measure, to look up."""
    found: dict[SavingPhase, dict[Quantity, Saving]] = {phase: {} for phase in SavingPhase}
    for saving in measure.savings:
        found[saving.phase][saving.quantity] = saving
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity (or CO2E) of a measure in the three phases side by side."""

    key: str
    baseline: Decimal | None
    savings: Sequence[Any]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure as the plan shows it."""

    lines: list[Line]
    evidence: list[tuple[str, str]]
    payback: Decimal | None
    is_late: bool


def view_of(measure: Measure, today: dt.date) -> MeasureView:
    """The quantities that anything is said of, what documents them, payback by the furthest numbers."""
    held = by_phase(measure)
    lines = []
    for quantity in Quantity:
        savings = [held[phase].get(quantity) for phase in SavingPhase]
        told = [s for s in savings if s is not None and (s.amount is not None or s.is_not_measured or s.baseline)]
        if told:
            baseline = next((s.baseline for s in reversed(told) if s.baseline is not None), None)
            lines.append(Line(quantity.value, baseline, savings))
    gases = [sums(measure.savings, phase).get(CO2E) for phase in SavingPhase]
    if any(gas is not None for gas in gases):
        lines.append(Line(CO2E, None, gases))
    realised = held[SavingPhase.REALISED]
    evidence = [(str(q.label), realised[q].evidence) for q in Quantity if q in realised and realised[q].evidence]
    years = [payback(measure, phase) for phase in SavingPhase]
    furthest = next((year for year in reversed(years) if year is not None), None)
    return MeasureView(lines, evidence, furthest, is_overdue(measure.state, measure.due_on, today))


def unsettled_in(measures: Sequence[Measure]) -> list[tuple[str, list[str]]]:
    """What a plan still lacks that it may be adopted without: (what, titles of the measures).

    Of what has been put into the plan; before anything has, of all that can be.
    """
    open_ones = [measure for measure in measures if measure.state is not MeasureState.ABANDONED]
    chosen = [measure for measure in open_ones if measure.is_in_plan] or open_ones
    lacking = (
        (_("Ansvarlig mangler"), [m for m in chosen if m.owner_id is None and not m.owner_name]),
        (_("Frist mangler"), [m for m in chosen if m.due_on is None]),
    )
    return [(what, [m.title or _("Uden navn") for m in of]) for what, of in lacking if of]


def tell_row(row: ToldRow) -> str:
    """What a row of the ledger says of a measure, on its own page."""
    state = MeasureState(row.to_code).label
    if row.detail == CloseReason.MERGED.value:
        return str(_("Fulgte med ved sammenlægningen"))
    if row.from_code is None:
        return str(_("Foreslået"))
    if row.from_code == row.to_code:
        return str(_("Tallene er rettet"))
    return str(_("%(before)s → %(after)s", before=MeasureState(row.from_code).label, after=state))


def entries_of(told: Sequence[ToldRow]) -> list[dict[str, Any]]:
    """Rows for the time line."""
    return [
        {"day": row.day, "text": tell_row(row), "note": row.note, "by": row.by, "is_undone": row.is_undone}
        for row in told
    ]
