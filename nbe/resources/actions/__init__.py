"""Changing hours and screeners: check, change, record, flush."""

from nbe.resources.actions.loans import (
    LoanAnsweredError,
    OverLentError,
    ScreenerRefusedError,
    Wish,
    accept_loan,
    decline_loan,
    end_loan,
    offer_loan,
    reopen_loan,
    request_loan,
    withdraw_loan,
)
from nbe.resources.actions.norms import set_norm, undo_norm
from nbe.resources.actions.pledges import (
    ChangedSinceError,
    Promise,
    TooManyHoursError,
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
    "LoanAnsweredError",
    "OverLentError",
    "Person",
    "Promise",
    "ScreenerRefusedError",
    "TooManyHoursError",
    "Wish",
    "accept_loan",
    "add_screener",
    "decline_loan",
    "edit_screener",
    "end_loan",
    "find_pledges",
    "find_screener",
    "offer_loan",
    "reopen_loan",
    "request_loan",
    "set_active",
    "set_norm",
    "set_pledge",
    "set_pledges",
    "train_screener",
    "undo_norm",
    "undo_pledges",
    "untrain_screener",
    "withdraw_loan",
]
