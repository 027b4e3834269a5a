"""What a measure may become, and the arithmetic of its savings. Pure: no database, no request.

Identified, decided and realised are never added up. All numbers are exact decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from nbe.core.columns import scaled
from nbe.core.numbers import parse_decimal
from nbe.ledger import CO2E, saving_key
from nbe.models.measures import AMOUNT
from nbe.models.states import MeasureState, Quantity, SavingPhase

LIMIT = Decimal(10) ** 9  # a billion a year of anything is a slip of the finger
THOUSANDTH = Decimal(1).scaleb(-AMOUNT)
NOT_MEASURED = "ikke målt"
WITH_FACTOR = (Quantity.ENERGY, Quantity.WATER, Quantity.MATERIAL, Quantity.WASTE)
STARTED = (MeasureState.ACTIVE, MeasureState.DONE, MeasureState.DOCUMENTED)
GOING_ON = (MeasureState.DECIDED, MeasureState.ACTIVE)  # what may be overdue
FOLLOW_UP_MONTHS = (6, 12)


class MeasureRefusedError(ValueError):
    """What cannot be done with a measure or a plan. `field` names what is wrong, `message` says it."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Amount:
    """What is said of one quantity in one phase. None and not `is_not_measured`: nothing told."""

    amount: Decimal | None = None
    is_not_measured: bool = False
    baseline: Decimal | None = None
    factor_id: int | None = None
    evidence: str = ""


class Told(Protocol):
    """A saving as the arithmetic reads it."""

    phase: Any
    quantity: Any
    amount: Any
    co2e_kg: Any


def co2e(amount: Decimal, kg_per_unit: Decimal) -> Decimal:
    """kg CO₂e of an amount: amount × factor, to three decimals; halves go up, of what is lost as of what is saved."""
    product = amount * kg_per_unit
    return product.quantize(THOUSANDTH, ROUND_HALF_UP)


def payback_years(investment: Decimal | None, money: Decimal | None) -> Decimal | None:
    """Years until what is saved a year has paid the investment; 0 when nothing is invested.

    None where it cannot be told: no investment or no saving known, or nothing saved.
    """
    if investment is None or money is None or money <= 0:
        return None
    return investment / money


def payback(measure: Any, phase: SavingPhase) -> Decimal | None:
    """`payback_years` of a measure's own numbers in a phase."""
    amounts = {saving.quantity: saving.amount for saving in measure.savings if saving.phase is phase}
    return payback_years(amounts.get(Quantity.INVESTMENT), amounts.get(Quantity.MONEY))


def payback_together(
    measures: Iterable[tuple[Decimal | None, Decimal | None]],
) -> tuple[Decimal | None, int]:
    """`payback_years` of several, of (investment, money a year) each; -> the years, and of how many they tell.

    Only those with both numbers count, so that what is invested is weighed against what just that saves.
    """
    both = [(spent, saved) for spent, saved in measures if spent is not None and saved is not None]
    if not both:
        return None, 0
    spent, saved = (sum(numbers, Decimal(0)) for numbers in zip(*both, strict=True))
    return payback_years(spent, saved), len(both)


def by_payback(years: Decimal | None) -> tuple[bool, Decimal]:
    """The order of proposals: the shortest payback first, what cannot be told last."""
    return years is None, years if years is not None else Decimal(0)


def sums(savings: Iterable[Told], phase: SavingPhase) -> dict[str, Decimal]:
    """Quantity (or CO2E) -> the sum of one phase, over savings of any number of measures; absent where none is told."""
    total: dict[str, Decimal] = {}
    for saving in savings:
        if saving.phase is not phase:
            continue
        if saving.amount is not None:
            total[saving.quantity.value] = total.get(saving.quantity.value, Decimal(0)) + saving.amount
        if saving.co2e_kg is not None:
            total[CO2E] = total.get(CO2E, Decimal(0)) + saving.co2e_kg
    return total


def ledger_amounts(savings: Sequence[Told]) -> dict[str, int]:
    """What a row of the ledger says of these savings: each phase's sums, in thousandths, by `saving_key`."""
    return {
        saving_key(phase, quantity): scaled(amount, AMOUNT)
        for phase in SavingPhase
        for quantity, amount in sums(savings, phase).items()
    }


def parse_amount(value: object) -> tuple[Decimal | None, bool]:
    """(amount, is not measured) of what was typed or stood in a cell; nothing gives (None, False).

    Raises ValueError with a sentence: words, "N/A", "ca. 5" and "?" are no numbers, and more than three
    decimals would not be kept.
    """
    if value is None or (text := str(value).strip()) == "":
        return None, False
    if text.casefold() in (NOT_MEASURED, "not measured"):
        return None, True
    try:
        number = parse_decimal(value)
    except ValueError:
        raise ValueError(
            _l('Skriv et tal, fx 1.234,5. Kendes tallet ikke, så skriv "ikke målt", eller lad feltet stå tomt.')
        ) from None
    if isinstance(value, float):
        number = number.quantize(THOUSANDTH, ROUND_HALF_UP)
    if abs(number) >= LIMIT:
        raise ValueError(_l("Tallet er for stort: det skal være under en milliard."))
    if number != number.quantize(THOUSANDTH):
        raise ValueError(_l("Skriv højst tre decimaler."))
    return number, False


def check_amount(phase: SavingPhase, quantity: Quantity, said: Amount) -> None:
    """Raises MeasureRefusedError (field `amount`, `baseline` or `evidence`) for what cannot be kept."""
    if said.is_not_measured and said.amount is not None:
        raise MeasureRefusedError("amount", _l('Skriv enten et tal eller "ikke målt".'))
    for number in (said.amount, said.baseline):
        if number is not None and abs(number) >= LIMIT:
            raise MeasureRefusedError("amount", _l("Tallet er for stort: det skal være under en milliard."))
    if quantity is Quantity.INVESTMENT and said.amount is not None and said.amount < 0:
        raise MeasureRefusedError("amount", _l("En investering kan ikke være negativ."))
    if said.baseline is not None and said.baseline < 0:
        raise MeasureRefusedError("baseline", _l("Forbruget før kan ikke være negativt."))
    if phase is SavingPhase.REALISED and said.amount is not None and not said.evidence.strip():
        raise MeasureRefusedError("evidence", _l("Skriv, hvad der dokumenterer tallet."))


def is_backward(current: MeasureState, to: MeasureState) -> bool:
    """Whether a move goes back in the order; taking up an abandoned measure does not."""
    return MeasureState.ABANDONED not in (current, to) and to.position < current.position


def next_state(current: MeasureState) -> MeasureState:
    """What a measure most likely comes to next."""
    states = list(MeasureState)
    goes_on = current.position < MeasureState.DOCUMENTED.position
    return states[current.position + 1] if goes_on else MeasureState.DECIDED


def needs_reason(current: MeasureState, to: MeasureState) -> bool:
    """Moving back and giving up ask why."""
    return to is MeasureState.ABANDONED or is_backward(current, to)


def check_move(
    current: MeasureState, to: MeasureState, day: dt.date, reason: str, *, latest: dt.date, today: dt.date
) -> None:
    """Whether a measure may be moved on `day`; `latest` is the day of its latest row. Raises MeasureRefusedError."""
    if to is current:
        raise MeasureRefusedError("to", _l("Tiltaget står der allerede."))
    check_day(day, latest, today)
    if needs_reason(current, to) and not reason.strip():
        raise MeasureRefusedError("reason", _l("Skriv en begrundelse."))


def check_day(day: dt.date, latest: dt.date, today: dt.date) -> None:
    """Nothing happens tomorrow, nor before what has happened already. Raises MeasureRefusedError."""
    if day > today:
        raise MeasureRefusedError("happened_on", _l("Datoen ligger i fremtiden."))
    if day < latest:
        message = _l("Datoen ligger før det seneste skridt den %(day)s.", day=latest.strftime("%d-%m-%Y"))
        raise MeasureRefusedError("happened_on", message)


def is_documented(savings: Iterable[Any]) -> bool:
    """Whether something realised is told, and every such amount says what documents it."""
    realised = [s for s in savings if s.phase is SavingPhase.REALISED and s.amount is not None]
    return bool(realised) and all(saving.evidence.strip() for saving in realised)


def check_documented(savings: Iterable[Any]) -> None:
    """Raises MeasureRefusedError when a measure cannot be *dokumenteret*."""
    if not is_documented(savings):
        message = _l("Skriv mindst én realiseret besparelse, og hvad der dokumenterer den.")
        raise MeasureRefusedError("to", message)


def decides(current: MeasureState, to: MeasureState) -> bool:
    """Whether a move is the one by which a proposal is decided on."""
    before = (MeasureState.IDENTIFIED, MeasureState.ABANDONED)
    return current in before and to not in before


def is_overdue(state: MeasureState, due_on: dt.date | None, today: dt.date) -> bool:
    """Decided or going on, and its day has passed."""
    return state in GOING_ON and due_on is not None and due_on < today


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def follow_up_days(adopted_on: dt.date) -> Mapping[int, dt.date]:
    """Months -> the day of each look at how the plan goes."""
    return {months: add_months(adopted_on, months) for months in FOLLOW_UP_MONTHS}


def is_early(due_on: dt.date, day: dt.date) -> bool:
    """Whether a look is noted as held more than a month before the day it was agreed for."""
    return day < add_months(due_on, -1)
