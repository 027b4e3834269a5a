"""What is done with candidates. Every change of stage or verdict is a row in the ledger; the columns follow it."""

from nbe.pipeline.actions.assessments import give_verdict, save_answers
from nbe.pipeline.actions.following import follow_ledger, standing_of
from nbe.pipeline.actions.moves import (
    first_move,
    latest_moves,
    move_to_stage,
    reopen,
    stage_before_closing,
    undo_move,
)
from nbe.pipeline.actions.naming import name_candidate, welcome_postponed
from nbe.pipeline.actions.steps import log_call, set_next_step

__all__ = [
    "first_move",
    "follow_ledger",
    "give_verdict",
    "latest_moves",
    "log_call",
    "move_to_stage",
    "name_candidate",
    "reopen",
    "save_answers",
    "set_next_step",
    "stage_before_closing",
    "standing_of",
    "undo_move",
    "welcome_postponed",
]
