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

__all__ = [
    "ChangedSinceError",
    "Promise",
    "find_pledges",
    "set_norm",
    "set_pledge",
    "set_pledges",
    "undo_norm",
    "undo_pledges",
]
