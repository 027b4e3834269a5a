"""Reading hours and screeners, as the viewer may see them."""

from nbe.resources.queries.choices import active_choices, screener_choices, user_choices
from nbe.resources.queries.covering import coverage, coverage_of, task_hours
from nbe.resources.queries.loans import LoanLine, find_loan, list_loans, list_waiting, steps_of, tell_loan
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
    "LoanLine",
    "NormChange",
    "PersonHours",
    "ScreenerLine",
    "Standing",
    "active_choices",
    "coverage",
    "coverage_of",
    "find_loan",
    "find_screener",
    "hold_screeners",
    "last_hand",
    "list_hours",
    "list_loans",
    "list_norm_changes",
    "list_screeners",
    "list_waiting",
    "screener_choices",
    "standing_of",
    "standings",
    "steps_of",
    "task_hours",
    "tell_loan",
    "user_choices",
]
