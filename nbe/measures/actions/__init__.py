"""What is done with measures and plans. Each change of state or amounts is a row in the ledger with all amounts."""

from nbe.measures.actions.following import follow_ledger, latest_day, rows_of_measure, rows_of_measures
from nbe.measures.actions.looks import completes, hold_follow_up, undo_follow_up
from nbe.measures.actions.moves import move_measure, undo_measure
from nbe.measures.actions.plans import adopt_plan, choose_for_plan, find_plan, missing_for_plan, undo_plan
from nbe.measures.actions.proposals import edit_measure, propose_measure, remove_measure, restore_measure
from nbe.measures.actions.savings import set_all_savings, set_savings
from nbe.measures.actions.taking_back import take_back_edits
from nbe.measures.rules import Amount, MeasureRefusedError

__all__ = [
    "Amount",
    "MeasureRefusedError",
    "adopt_plan",
    "choose_for_plan",
    "completes",
    "edit_measure",
    "find_plan",
    "follow_ledger",
    "hold_follow_up",
    "latest_day",
    "missing_for_plan",
    "move_measure",
    "propose_measure",
    "remove_measure",
    "restore_measure",
    "rows_of_measure",
    "rows_of_measures",
    "set_all_savings",
    "set_savings",
    "take_back_edits",
    "undo_follow_up",
    "undo_measure",
    "undo_plan",
]
