"""Guessing at the door: slowed from the tenth try in a quarter of an hour, refused from the twentieth.

Counted by account and by address. Somebody who signed in from an address before keeps an own
count there, so that a stranger who guesses at the account locks nobody out of it.
"""

from __future__ import annotations

import datetime as dt
import time

from flask import request

from nbe.access.limits import count_tries, forget_tries, note, was_noted

ALLOWED = 20
SLOWED_FROM = 10
WINDOW = 15 * 60
DELAY = 1.0
RESETS = 5
RESETS_BY_ADDRESS = 20
KNOWN_FOR = dt.timedelta(days=30)


def address() -> str:
    """Where the request comes from (the proxy's word counts only when PROXIES says there is one)."""
    return request.remote_addr or "?"


def _sign_in_keys(email: str) -> list[tuple[str, str]]:
    place = f"{email}|{address()}"
    is_known = was_noted("known", place, KNOWN_FOR)
    account = ("login_here", place) if is_known else ("login_account", email)
    return [account, ("login_address", address())]


def count_sign_in(email: str) -> None:
    """Count a try before it is judged; wait a little when there were many, 429 when too many."""
    before = count_tries(_sign_in_keys(email), ALLOWED - 1, WINDOW)
    if before >= SLOWED_FROM - 1:
        time.sleep(DELAY)


def forgive_sign_in(email: str) -> None:
    """The right person is in: the account's tries are forgotten, and this one at the address."""
    place = f"{email}|{address()}"
    forget_tries(
        [("login_account", email), ("login_here", place), ("login_address", address())],
        latest_only=("login_address",),
    )
    if not was_noted("known", place, KNOWN_FOR / 2):
        note("known", place)


def count_reset(email: str) -> None:
    """Count a request for a new password."""
    count_tries([("reset_account", email)], RESETS, WINDOW)
    count_tries([("reset_address", address())], RESETS_BY_ADDRESS, WINDOW)
