"""Hours the forløb of a municipality need, hours promised for them, and how many forløb these are enough for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from nbe.figures.declared.figure import Figure

HOURS_NEEDED = Figure(
    "hours_needed",
    _l("Behov for timer"),
    _l("Timerne til ét forløb ganget med kommunens måltal på datoen."),
    unit="hours",
    group="hours",
    reads="hours",
)
HOURS_PROMISED = Figure(
    "hours_promised",
    _l("Tilsagn om timer"),
    _l("Timer, som personer på datoen har fået lovet til kommunens forløb, lånte screenere medregnet."),
    unit="hours",
    group="hours",
    reads="hours",
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
    has_target=True,
)
HOUR_FIGURES = (HOURS_NEEDED, HOURS_PROMISED, HOURS_COVERED)
