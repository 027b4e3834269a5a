"""Measures and what they save: identified, decided and realised, never added up with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission
from nbe.figures.declared.figure import MEASURES_PAGE, Derive, Figure, Number, Unit
from nbe.ledger import CO2E, measure_key, saving_key
from nbe.models.measures import AMOUNT
from nbe.models.states import Quantity, SavingPhase

_PHASES: dict[SavingPhase, Any] = {
    SavingPhase.IDENTIFIED: _l("identificeret"),
    SavingPhase.DECIDED: _l("besluttet"),
    SavingPhase.REALISED: _l("realiseret"),
}
_COUNTS: dict[SavingPhase, Any] = {
    SavingPhase.IDENTIFIED: _l("Alle tiltag, der ikke er opgivet; hos lukkede kandidater tæller de ikke."),
    SavingPhase.DECIDED: _l(
        "Tiltag, der er besluttet, i gang, gennemført eller dokumenteret; hos lukkede kandidater tæller de ikke."
    ),
    SavingPhase.REALISED: _l("Tiltag, hvis virkning er dokumenteret; hos lukkede kandidater tæller de ikke."),
}
# quantity -> (title, what is added up, unit)
_SAVED: dict[str, tuple[Any, Any, Unit]] = {
    Quantity.MONEY.value: (_l("Besparelse"), _l("Kroner, der spares om året"), "kr_per_year"),
    Quantity.ENERGY.value: (_l("Energi"), _l("Kilowatttimer, der spares om året"), "kwh_per_year"),
    Quantity.WATER.value: (_l("Vand"), _l("Kubikmeter vand, der spares om året"), "m3_per_year"),
    Quantity.MATERIAL.value: (_l("Materialer"), _l("Kilo materialer, der spares om året"), "kg_per_year"),
    Quantity.WASTE.value: (_l("Affald"), _l("Kilo affald, der spares om året"), "kg_per_year"),
    CO2E: (
        "CO₂e",
        _l("Kilo CO₂e, der spares om året efter de valgte faktorer"),
        "kg_co2e_per_year",
    ),
    Quantity.INVESTMENT.value: (_l("Investering"), _l("Kroner, der investeres én gang"), "kr"),
}
QUANTITIES = tuple(_SAVED)
_MEASURES, _PAYBACK = _l("Tiltag"), _l("Tilbagebetaling")


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One line of the table of savings: the same figure in the three phases, in their order."""

    title: Any
    figures: tuple[Figure, ...]

    @property
    def unit_words(self) -> Any:
        """The unit they share."""
        return self.figures[0].unit_words


def _title(what: Any, phase: SavingPhase) -> Any:
    return _l("%(what)s, %(phase)s", what=what, phase=_PHASES[phase])


def _list_of(phase: SavingPhase) -> dict[str, Any]:
    """The measures that count in a phase; their sums stand above the list."""
    return {
        "group": "measures",
        "page": MEASURES_PAGE,
        "query": {"fase": phase.value},
        "rows_permission": Permission.SCREENINGS_READ,
    }


def _count(phase: SavingPhase) -> Figure:
    return Figure(
        f"measures_{phase.value}",
        _title(_MEASURES, phase),
        _COUNTS[phase],
        unit="measures",
        sums=(measure_key(phase),),
        **_list_of(phase),
    )


def _saving(phase: SavingPhase, quantity: str) -> Figure:
    title, what, unit = _SAVED[quantity]
    return Figure(
        f"{quantity}_{phase.value}",
        _title(title, phase),
        _l(
            "%(what)s, lagt sammen for de tiltag, der tæller som %(phase)s; hvad ingen har oplyst, tæller ikke med.",
            what=what,
            phase=_PHASES[phase],
        ),
        unit=unit,
        sums=(saving_key(phase, quantity),),
        decimals=AMOUNT,
        **_list_of(phase),
    )


def _payback(phase: SavingPhase) -> Derive:
    """Years to one decimal, of the sums: the paybacks of single measures say nothing of them all."""

    def years(values: Mapping[str, Number], target: int) -> Number:
        investment, money = values[f"investment_{phase.value}"], values[f"money_{phase.value}"]
        return round(investment / money, 1) if investment and money and money > 0 else None

    return years


def _payback_figure(phase: SavingPhase) -> Figure:
    return Figure(
        f"payback_{phase.value}",
        _title(_PAYBACK, phase),
        _l(
            "Alle oplyste investeringer delt med alle oplyste besparelser i kroner om året for de tiltag, der tæller "
            "som %(phase)s, også hvor kun det ene er oplyst; listen regner kun på dem, hvor begge er oplyst; en streg, "
            "når et af tallene mangler.",
            phase=_PHASES[phase],
        ),
        version=2,
        unit="years",
        derive=_payback(phase),
        **_list_of(phase),
    )


MEASURE_COUNTS = tuple(_count(phase) for phase in SavingPhase)
SAVING_FIGURES = tuple(_saving(phase, quantity) for phase in SavingPhase for quantity in QUANTITIES)
PAYBACK_FIGURES = tuple(_payback_figure(phase) for phase in SavingPhase)
MEASURE_FIGURES = (*MEASURE_COUNTS, *SAVING_FIGURES, *PAYBACK_FIGURES)
MEASURE_LINES = (
    MeasureLine(_MEASURES, MEASURE_COUNTS),
    *(
        MeasureLine(title, tuple(figure for figure in SAVING_FIGURES if figure.key.startswith(f"{quantity}_")))
        for quantity, (title, _what, _unit) in _SAVED.items()
    ),
    MeasureLine(_PAYBACK, PAYBACK_FIGURES),
)
