"""Who can screen: added, corrected, tied to an account, and out of use without being forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Screener, User


class AccountTakenError(ValueError):
    """The account is another screener's."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is written about a screener; `user_id` is the account he or she signs in with."""

    name: str
    title: str = ""
    email: str = ""
    trained_on: dt.date | None = None
    user_id: int | None = None


def add_screener(municipality_code: int, person: Person) -> Screener:
    """A new screener of a municipality. Raises AccountTakenError."""
    screener = Screener(municipality_code=municipality_code, is_active=True)
    _write(screener, person)
    db.session.add(screener)
    db.session.flush()
    return screener


def edit_screener(screener: Screener, person: Person) -> None:
    """Correct what is written. Raises AccountTakenError."""
    _write(screener, person)
    db.session.flush()


def _write(screener: Screener, person: Person) -> None:
    if person.user_id is not None and person.user_id != screener.user_id:
        db.session.execute(sa.select(User.id).where(User.id == person.user_id).with_for_update())
        if db.session.scalar(sa.select(Screener.id).where(Screener.user_id == person.user_id)) is not None:
            raise AccountTakenError
    screener.name, screener.title, screener.email = person.name, person.title, person.email
    screener.trained_on, screener.user_id = person.trained_on, person.user_id


def set_active(screener: Screener, is_active: bool) -> None:
    """Take a screener out of use or into it again; the hours promised stay as they are."""
    screener.is_active = is_active
    db.session.flush()
