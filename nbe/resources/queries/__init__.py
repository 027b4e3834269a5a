"""Reading hours and screeners, as the viewer may see them."""

from nbe.resources.queries.choices import active_choices, screener_choices, user_choices
from nbe.resources.queries.covering import coverage, coverage_of, task_hours
from nbe.resources.queries.norms import NormChange, list_norm_changes
from nbe.resources.queries.people import (
    PersonHours,
    ScreenerLine,
    find_screener,
    hold_screeners,
    last_hand,
    list_hours,
    list_screeners,
)
from nbe.resources.queries.standing import Standing, standing_of, standings

__all__ = [
    "NormChange",
    "PersonHours",
    "ScreenerLine",
    "Standing",
    "active_choices",
    "coverage",
    "coverage_of",
    "find_screener",
    "hold_screeners",
    "last_hand",
    "list_hours",
    "list_norm_changes",
    "list_screeners",
    "screener_choices",
    "standing_of",
    "standings",
    "task_hours",
    "user_choices",
]
