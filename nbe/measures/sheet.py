"""The sheet of measures: the columns that an export writes and an import knows. Danish in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import force_locale

from nbe.core.sheets import Column
from nbe.core.sheets.writing import Kind
from nbe.ledger import CO2E
from nbe.measures.rules import NOT_MEASURED, WITH_FACTOR
from nbe.models import EmissionFactor, Measure
from nbe.models.states import Quantity, SavingPhase

SHEET = "Tiltag"
KEY = "key"
AMOUNT, BASELINE, FACTOR, EVIDENCE = "amount", "baseline", "factor", "evidence"
# Consumption before is known of what is measured, not of money.
WITH_BASELINE = WITH_FACTOR


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. `key` is a field of the measure, or a `cell_key`; `is_read` is false for what is computed."""

    key: str
    heading: str
    kind: Kind = "text"
    width: int = 16
    is_read: bool = True

    @property
    def out(self) -> Column:
        """The column as it is written."""
        return Column(self.heading, self.kind, self.width)


def cell_key(phase: SavingPhase, quantity: Quantity | str, part: str) -> str:
    """The key of a saving's column."""
    return f"{phase.value}-{quantity.value if isinstance(quantity, Quantity) else quantity}-{part}"


_OF_THE_MEASURE = (
    SheetColumn("name", "Virksomhed", width=34),
    SheetColumn("cvr", "CVR-nr.", width=12),
    SheetColumn("p_number", "P-nr.", width=12),
    SheetColumn("town", "By", width=18, is_read=False),
    SheetColumn("municipality", "Kommune", width=17, is_read=False),
    SheetColumn("programme", "Forløbsår", width=10),
    SheetColumn("title", "Tiltag", width=40),
    SheetColumn("description", "Beskrivelse", width=40),
    SheetColumn("state", "Tilstand", width=16),
    SheetColumn("since_on", "Siden", "date", 12),
    SheetColumn("owner", "Ansvarlig", width=24),
    SheetColumn("due_on", "Frist", "date", 12),
    SheetColumn("is_in_plan", "I handlingsplanen", width=12),
    SheetColumn("is_confidential", "Fortroligt", width=12),
    SheetColumn("theme", "Tema", width=26),
)


@lru_cache(maxsize=1)
def sheet_columns() -> tuple[SheetColumn, ...]:
    """All columns in order: the measure, its numbers by phase, what they rest on, its key."""
    with force_locale("da"):
        phases = {phase: str(phase.label) for phase in SavingPhase}
        names = {quantity: str(quantity.label) for quantity in Quantity}
        units = {quantity: str(quantity.unit) for quantity in Quantity}
    numbers: list[SheetColumn] = []
    basis: list[SheetColumn] = []
    for phase, word in phases.items():
        for quantity, name in names.items():
            heading = f"{word}: {name}, {units[quantity]}"
            numbers.append(SheetColumn(cell_key(phase, quantity, AMOUNT), heading, "decimal"))
            if quantity in WITH_BASELINE:
                key = cell_key(phase, quantity, BASELINE)
                basis.append(SheetColumn(key, f"{word}: {name}, forbrug før", "decimal"))
                basis.append(SheetColumn(cell_key(phase, quantity, FACTOR), f"{word}: {name}, CO₂e-faktor", width=28))
            if phase is SavingPhase.REALISED:
                key = cell_key(phase, quantity, EVIDENCE)
                basis.append(SheetColumn(key, f"{word}: {name}, dokumentation", width=30))
        key = cell_key(phase, CO2E, AMOUNT)
        numbers.append(SheetColumn(key, f"{word}: CO₂e, kg pr. år", "decimal", is_read=False))
    return (*_OF_THE_MEASURE, *numbers, *basis, SheetColumn(KEY, "Tiltagets nøgle", width=38))


def factor_text(factor: EmissionFactor) -> str:
    """A factor as a cell names it: title and year."""
    return f"{factor.title} ({factor.year})"


def saving_cells(measure: Measure, factors: Mapping[int, EmissionFactor]) -> dict[str, Any]:
    """Cell key -> what is kept of a measure's savings: numbers, "ikke målt", and what they rest on."""
    cells: dict[str, Any] = {}
    for saving in measure.savings:
        found = {
            AMOUNT: NOT_MEASURED if saving.is_not_measured else saving.amount,
            BASELINE: saving.baseline,
            FACTOR: factor_text(factors[saving.factor_id]) if saving.factor_id else "",
            EVIDENCE: saving.evidence,
        }
        cells |= {cell_key(saving.phase, saving.quantity, part): value for part, value in found.items()}
    return cells


def written(cells: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows of cells by key, in the columns' order."""
    keys = [column.key for column in sheet_columns()]
    return [[row.get(key) for key in keys] for row in cells]
