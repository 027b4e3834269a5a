"""What a row of measures would do, as it is decided and carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nbe.measures.rules import Amount
from nbe.models.states import MeasureState, Quantity, SavingPhase


@dataclass(slots=True)
class MeasurePlan:
    """A measure to make (`measure_id` None) or to change, of the business with this number.

    `texts`: fields of `edit_measure` that get another value; the owner by name alone. `day`: when it came to `state`.
    """

    cvr: str
    p_number: str
    measure_id: int | None = None
    key: str | None = None
    texts: dict[str, Any] = field(default_factory=dict)
    owner: str = ""
    state: MeasureState | None = None
    day: dt.date | None = None
    amounts: dict[SavingPhase, dict[Quantity, Amount]] = field(default_factory=dict)
    is_in_plan: bool = False

    @property
    def does_something(self) -> bool:
        """Whether anything would be another than it is."""
        return bool(self.texts or self.owner or self.state or self.amounts or self.is_in_plan)


@dataclass(frozen=True, slots=True)
class AsTold:
    """A saving as it will stand, for the rule of what is documented."""

    phase: SavingPhase
    quantity: Quantity
    amount: Any
    evidence: str


def documented_savings(held: Iterable[Any], amounts: dict[SavingPhase, dict[Quantity, Amount]]) -> list[AsTold]:
    """The savings that a measure will have: those held, with the amounts of a row over them."""
    found = {(s.phase, s.quantity): AsTold(s.phase, s.quantity, s.amount, s.evidence) for s in held}
    for phase, told in amounts.items():
        for quantity, said in told.items():
            found[(phase, quantity)] = AsTold(phase, quantity, said.amount, said.evidence)
    return list(found.values())
