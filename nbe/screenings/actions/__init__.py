"""What is done with screenings. Every change of state is a row in the ledger; the columns follow it."""

from nbe.screenings.actions.appointments import change_appointment, plan_screening
from nbe.screenings.actions.following import follow_screening
from nbe.screenings.actions.states import (
    cancel_screening,
    hold_screening,
    latest_move,
    move_screening_state,
    undo_screening_move,
)

__all__ = [
    "cancel_screening",
    "change_appointment",
    "follow_screening",
    "hold_screening",
    "latest_move",
    "move_screening_state",
    "plan_screening",
    "undo_screening_move",
]
