"""The figures: each declared once, with what counts in one sentence and the list it opens.

A figure that counts names the ledger totals it sums; a figure that follows from others says
how. Where a list opens on it, that list holds as many rows as the figure says.
"""

from __future__ import annotations

from nbe.figures.declared.candidates import (
    ASSESSED_FIGURE,
    CANDIDATES,
    CLOSED,
    MAIN_FIGURES,
    MEMBERS,
    MISSING,
    OPEN,
    PERCENT_SCREENED,
    PLANS,
    REASON_FIGURES,
    REPORTED,
    SCREENED,
    STAGE_FIGURES,
    SUITABLE,
)
from nbe.figures.declared.figure import ALL, Figure, Number
from nbe.figures.declared.gatherings import (
    ATTENDED,
    COURSE_FIGURES,
    EVENT_FIGURES,
    GATHERING_FIGURES,
    PARTICIPANTS,
    SEATS,
    SIGNED_UP,
    SIGNED_UP_MEMBERS,
)
from nbe.figures.declared.hours import HOUR_FIGURES, HOURS_COVERED, HOURS_NEEDED, HOURS_PROMISED
from nbe.figures.declared.measures import MEASURE_COUNTS, MEASURE_FIGURES, MEASURE_LINES, SAVING_FIGURES, MeasureLine
from nbe.figures.declared.screenings import DAYS_TO_SCREENED, SCREENING_FIGURES

# What costs the same for any number of businesses: all but the wait from one stage to another.
AT_A_GLANCE = (
    *MAIN_FIGURES,
    *STAGE_FIGURES,
    *REASON_FIGURES,
    *SCREENING_FIGURES,
    *HOUR_FIGURES,
    *MEASURE_FIGURES,
    *GATHERING_FIGURES,
)
FIGURES = (*AT_A_GLANCE, DAYS_TO_SCREENED)
_BY_KEY = {figure.key: figure for figure in FIGURES}


def find_figure(key: str) -> Figure:
    """The figure of that key."""
    return _BY_KEY[key]


__all__ = [
    "ALL",
    "ASSESSED_FIGURE",
    "ATTENDED",
    "AT_A_GLANCE",
    "CANDIDATES",
    "CLOSED",
    "COURSE_FIGURES",
    "DAYS_TO_SCREENED",
    "EVENT_FIGURES",
    "FIGURES",
    "GATHERING_FIGURES",
    "HOURS_COVERED",
    "HOURS_NEEDED",
    "HOURS_PROMISED",
    "HOUR_FIGURES",
    "MAIN_FIGURES",
    "MEASURE_COUNTS",
    "MEASURE_FIGURES",
    "MEASURE_LINES",
    "MEMBERS",
    "MISSING",
    "OPEN",
    "PARTICIPANTS",
    "PERCENT_SCREENED",
    "PLANS",
    "REASON_FIGURES",
    "REPORTED",
    "SAVING_FIGURES",
    "SCREENED",
    "SCREENING_FIGURES",
    "SEATS",
    "SIGNED_UP",
    "SIGNED_UP_MEMBERS",
    "STAGE_FIGURES",
    "SUITABLE",
    "Figure",
    "MeasureLine",
    "Number",
    "find_figure",
]
