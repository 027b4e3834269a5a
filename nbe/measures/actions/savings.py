"""What a measure saves, phase by phase: told, computed to CO₂e, and put back when it is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record
from nbe.ledger.fold import Row
from nbe.measures.actions.following import act_moment, is_as_told, measure_row, rows_of_measure
from nbe.measures.rules import Amount, MeasureRefusedError, check_amount, check_day, check_documented, co2e
from nbe.models import Change, EmissionFactor, Measure, Saving
from nbe.models.states import MeasureState, Quantity, SavingPhase

_DECIMALS = ("amount", "baseline", "factor_kg", "co2e_kg")
_COPIED = ("amount", "is_not_measured", "baseline", "factor_id", "factor_kg", "factor_year", "factor_source", "co2e_kg")
_EMPTY: dict[str, Any] = dict.fromkeys(_COPIED) | {"is_not_measured": False, "factor_source": "", "evidence": ""}


def set_savings(
    measure: Measure,
    phase: SavingPhase,
    amounts: Mapping[Quantity, Amount],
    *,
    user_id: int | None,
    happened_on: dt.date | None = None,
) -> int | None:
    """Tell what a measure saves in one phase; see `set_all_savings`."""
    return set_all_savings(measure, {phase: amounts}, user_id=user_id, happened_on=happened_on)


def set_all_savings(
    measure: Measure,
    told: Mapping[SavingPhase, Mapping[Quantity, Amount]],
    *,
    user_id: int | None,
    happened_on: dt.date | None = None,
) -> int | None:
    """Tell what a measure saves, phase by phase; quantities that are not named stay as they are.

    -> the row in the ledger, None when no number changed. The numbers hold from `happened_on`, else from the
    measure's latest step: who corrects a number corrects it from there. The factor's value, year and source are
    kept beside the CO₂e they give. Raises MeasureRefusedError; its field is "<phase>-<quantity>-<amount|…>".
    """
    begun = clock.now()
    rows = rows_of_measure(measure)
    latest = rows[-1].happened_on if rows else measure.state_since_on
    day = happened_on or latest
    check_day(day, latest, clock.today())
    with db.session.no_autoflush:
        for phase, amounts in told.items():
            _tell_phase(measure, phase, amounts)
        if measure.state is MeasureState.DOCUMENTED:
            check_documented(measure.savings)
    moment = act_moment(begun, measure.savings)
    row = measure_row(measure, measure.state, measure.state, day)
    if rows and dict(rows[-1].amounts) == row.amounts:
        return None
    return record([row], user_id=user_id, recorded_at=moment)[0]


def _tell_phase(measure: Measure, phase: SavingPhase, amounts: Mapping[Quantity, Amount]) -> None:
    held = {saving.quantity: saving for saving in measure.savings if saving.phase is phase}
    for quantity, said in amounts.items():
        saving = held.get(quantity)
        try:
            check_amount(phase, quantity, said)
            factor = _factor(saving, quantity, said.factor_id)
        except MeasureRefusedError as refused:
            raise MeasureRefusedError(f"{phase.value}-{quantity.value}-{refused.field}", refused.message) from None
        if saving is None and said == Amount():
            continue
        if saving is None:
            saving = Saving(phase=phase, quantity=quantity, **_EMPTY)
            measure.savings.append(saving)
        _tell(saving, said, factor)


def _factor(saving: Saving | None, quantity: Quantity, factor_id: int | None) -> EmissionFactor | None:
    """The factor meant: the one kept already, or one in use of the same quantity."""
    factor = db.session.get(EmissionFactor, factor_id) if factor_id is not None else None
    if factor_id is None:
        return None
    is_kept = saving is not None and saving.factor_id == factor_id
    if factor is None or factor.quantity is not quantity or not (factor.is_active or is_kept):
        raise MeasureRefusedError("factor", _l("Vælg en af mulighederne."))
    return factor


def _tell(saving: Saving, said: Amount, factor: EmissionFactor | None) -> None:
    values: dict[str, Any] = {
        "amount": said.amount,
        "is_not_measured": said.is_not_measured,
        "baseline": said.baseline,
        "evidence": said.evidence.strip(),
        "factor_id": factor.id if factor else None,
        "factor_kg": factor.kg_per_unit if factor else None,
        "factor_year": factor.year if factor else None,
        "factor_source": f"{factor.title}. {factor.source}"[:300] if factor else "",
        "co2e_kg": co2e(said.amount, factor.kg_per_unit) if factor and said.amount is not None else None,
    }
    _set(saving, values)


def _set(saving: Saving, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(saving, name) != value:
            setattr(saving, name, value)


def begin_decided(measure: Measure) -> None:
    """What is decided begins as a copy of what was identified, where nothing is told yet."""
    held = {saving.quantity: saving for saving in measure.savings if saving.phase is SavingPhase.DECIDED}
    for saving in [s for s in measure.savings if s.phase is SavingPhase.IDENTIFIED]:
        decided = held.get(saving.quantity)
        if decided is not None and (decided.amount is not None or decided.is_not_measured):
            continue
        if decided is None:
            decided = Saving(phase=SavingPhase.DECIDED, quantity=saving.quantity, **_EMPTY)
            measure.savings.append(decided)
        _set(decided, {name: getattr(saving, name) for name in _COPIED})


def put_back(measure: Measure, moment: dt.datetime, rows: Sequence[Row]) -> None:
    """Savings as they were before the act at `moment`: by the audit, and by the ledger where that knows nothing."""
    last = rows[-1] if rows else None
    changes = db.session.scalars(
        sa.select(Change)
        .where(
            Change.entity == Saving.__tablename__,
            Change.entity_id.in_([saving.id for saving in measure.savings]),
            Change.at == moment,
            Change.operation == "U",
        )
        .order_by(Change.id.desc())
    )
    by_id = {saving.id: saving for saving in measure.savings}
    for change in changes:
        saving = by_id[change.entity_id]
        _set(saving, {name: typed(name, old) for name, (old, _new) in change.diff.items()})
    for saving in measure.savings:
        if not is_as_told(saving, last):
            empty(saving)
    db.session.flush()


def empty(saving: Saving) -> None:
    """Nothing is told of a quantity."""
    _set(saving, _EMPTY)


def typed(name: str, value: Any) -> Any:
    """A value as the audit keeps it, as its column takes it."""
    return Decimal(str(value)) if name in _DECIMALS and value is not None else value
