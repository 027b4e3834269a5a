"""Reading hours and screeners, as the viewer may see them."""

from nbe.resources.queries.choices import active_choices, screener_choices, user_choices
from nbe.resources.queries.covering import coverage, coverage_of, task_hours

__all__ = ["active_choices", "coverage", "coverage_of", "screener_choices", "task_hours", "user_choices"]
