"""Hours the forløb of a municipality need, hours promised for them, and how many forløb these are enough for."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.access.permissions import Permission
from nbe.figures.declared.figure import HOURS_PAGE, Figure

# The table of hours by person and month, as it stands today: what it adds up to is the figure.
_TABLE: dict[str, Any] = {
    "page": HOURS_PAGE,
    "rows_permission": Permission.RESOURCES_READ,
    "opens_today_only": True,
}
HOURS_NEEDED = Figure(
    "hours_needed",
    _l("Behov for timer"),
    _l("Timerne til ét forløb ganget med kommunens måltal på datoen."),
    unit="hours",
    group="hours",
    reads="hours",
    **_TABLE,
)
HOURS_PROMISED = Figure(
    "hours_promised",
    _l("Tilsagn om timer"),
    _l("Timer, som personer på datoen har fået lovet til kommunens forløb, lånte screenere medregnet."),
    unit="hours",
    group="hours",
    reads="hours",
    **_TABLE,
)
HOURS_COVERED = Figure(
    "hours_covered",
    _l("Ressourcer på plads"),
    _l(
        "Så mange forløb, som de lovede timer rækker til, når hvert forløb tager sine timer, og højst måltallet; "
        "for alle kommuner under ét lægges kommunernes forløb sammen."
    ),
    unit="programmes",
    group="hours",
    reads="hours",
    **_TABLE,
    has_target=True,
)
HOUR_FIGURES = (HOURS_NEEDED, HOURS_PROMISED, HOURS_COVERED)
