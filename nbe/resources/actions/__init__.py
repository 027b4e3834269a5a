"""Changing hours and screeners: check, change, record, flush."""

from nbe.resources.actions.norms import set_norm, undo_norm
from nbe.resources.actions.pledges import (
    ChangedSinceError,
    Promise,
    find_pledges,
    set_pledge,
    set_pledges,
    undo_pledges,
)
from nbe.resources.actions.screeners import AccountTakenError, Person, add_screener, edit_screener, set_active
from nbe.resources.actions.training import find_screener, train_screener, untrain_screener

__all__ = [
    "AccountTakenError",
    "ChangedSinceError",
    "Person",
    "Promise",
    "add_screener",
    "edit_screener",
    "find_pledges",
    "find_screener",
    "set_active",
    "set_norm",
    "set_pledge",
    "set_pledges",
    "train_screener",
    "undo_norm",
    "undo_pledges",
    "untrain_screener",
]
