"""Charts of what follows *egnet*: visits, savings in three phases, and the hours for it all."""

from __future__ import annotations

from flask_babel import gettext as _

from nbe.dashboards.asked import Asked
from nbe.dashboards.charts.chart import Chart, Series
from nbe.figures import ALL, FigureSet, Number
from nbe.figures.declared import HOURS_COVERED, HOURS_NEEDED, HOURS_PROMISED, SCREENING_FIGURES, find_figure
from nbe.models import Programme
from nbe.models.states import SavingPhase, ScreeningState


def _places(asked: Asked, figures: FigureSet) -> tuple[list[int], list[str]]:
    """The municipalities of the view, and their names."""
    codes = figures.codes if asked.municipality_code is ALL else [asked.municipality_code]
    return codes, [figures.names[code] for code in codes]


def screenings(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """Visits by how far they have come, in each municipality."""
    codes, names = _places(asked, figures)
    counts = {
        state: [int(figures.value(figure.key, code) or 0) for code in codes]
        for state, figure in zip(ScreeningState, SCREENING_FIGURES, strict=True)
    }
    return Chart(
        "screenings",
        _("Screeninger efter tilstand"),
        [_("Kommune"), *(str(state.label) for state in ScreeningState)],
        [[name, *(counts[state][place] for state in ScreeningState)] for place, name in enumerate(names)],
        [Series(str(state.label), names, counts[state], state.value) for state in ScreeningState if any(counts[state])],
        height="tall",
    )


def savings(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """Kroner saved a year, in each municipality, by how sure it is."""
    codes, names = _places(asked, figures)
    amounts: dict[SavingPhase, list[Number]] = {
        phase: [figures.value(find_figure(f"money_{phase.value}").key, code) for code in codes] for phase in SavingPhase
    }
    return Chart(
        "savings",
        _("Besparelser i kr. pr. år"),
        [_("Kommune"), *(str(phase.label) for phase in SavingPhase)],
        [[name, *(amounts[phase][place] for phase in SavingPhase)] for place, name in enumerate(names)],
        [Series(str(phase.label), names, list(amounts[phase]), phase.value) for phase in SavingPhase],
        note=_("De tre lægges ikke sammen: hvad der er realiseret, er også besluttet og identificeret."),
        height="tall",
    )


def hours(programme: Programme, asked: Asked, figures: FigureSet) -> Chart:
    """Hours needed beside hours promised in each municipality; the table says how many forløb they cover."""
    codes, names = _places(asked, figures)
    needed, promised, covered = (
        [figures.value(figure.key, code) for code in codes] for figure in (HOURS_NEEDED, HOURS_PROMISED, HOURS_COVERED)
    )
    texts = [
        _("%(covered)s af %(target)s", covered=n, target=figures.target(code))
        for n, code in zip(covered, codes, strict=True)
    ]
    rows = zip(names, needed, promised, texts, strict=True)
    return Chart(
        "hours",
        _("Timer til forløb: behov og tilsagn"),
        [_("Kommune"), str(HOURS_NEEDED.title), str(HOURS_PROMISED.title), str(HOURS_COVERED.title)],
        [list(row) for row in rows],
        [
            Series(str(HOURS_NEEDED.title), names, list(needed), "needed"),
            Series(str(HOURS_PROMISED.title), names, list(promised), "promised"),
        ],
        height="tall",
    )
