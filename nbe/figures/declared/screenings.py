"""Visits by how far they have come, and how long a suitable business waits for its own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission
from nbe.figures.declared.figure import SCREENINGS_PAGE, Figure
from nbe.ledger import screening_key
from nbe.models.states import ScreeningState


def _state_figure(state: ScreeningState) -> Figure:
    return Figure(
        f"screenings_{state.value}",
        _l("Screeninger: %(state)s", state=state.label),
        _l(
            "Besøg, der på datoen står som %(state)s; en kandidat kan have flere, og besøg hos lukkede tæller ikke.",
            state=state.label,
        ),
        unit="screenings",
        group="screenings",
        sums=(screening_key(state),),
        page=SCREENINGS_PAGE,
        query={"tilstand": state.value, "taeller": "1"},
        rows_permission=Permission.SCREENINGS_READ,
        opens_today_only=True,
    )


SCREENING_FIGURES = tuple(_state_figure(state) for state in ScreeningState)
DAYS_TO_SCREENED = Figure(
    "days_to_screened",
    _l("Dage fra egnet til screenet"),
    _l(
        "Medianen af dagene fra en kandidat første gang stod på Egnet eller senere, til den første gang stod på "
        "Screenet; den tæller de screenede, der ikke sprang over alle trin fra Egnet til Screening planlagt."
    ),
    unit="days",
    group="screenings",
    reads="waiting",
)
