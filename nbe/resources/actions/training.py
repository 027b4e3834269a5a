"""Who has taken the course can screen: known by mail or name among the municipality's screeners, or added to them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.database import db
from nbe.core.text import name_key
from nbe.models import Loan, Pledge, Screener, ScreeningPerson, User


def find_screener(municipality_code: int, name: str, email: str) -> Screener | None:
    """The screener of a municipality by mail, or by name where one of the two has no mail."""
    statement = sa.select(Screener).where(Screener.municipality_code == municipality_code).order_by(Screener.id)
    screeners = list(db.session.scalars(statement))
    by_mail = (s for s in screeners if email and s.email.casefold() == email.casefold())
    by_name = (s for s in screeners if name_key(s.name) == name_key(name) and not (s.email and email))
    return next(by_mail, None) or next(by_name, None)


def train_screener(*, municipality_code: int, name: str, email: str, title: str, trained_on: dt.date) -> Screener:
    """Note that somebody is trained since that day; one not known becomes a screener, with his account if any."""
    screener = find_screener(municipality_code, name, email)
    if screener is None:
        screener = Screener(municipality_code=municipality_code, name=name, title=title, email=email)
        screener.user_id = _free_account(municipality_code, email)
        db.session.add(screener)
    screener.trained_on, screener.is_active = trained_on, True
    db.session.flush()
    return screener


def untrain_screener(*, municipality_code: int, name: str, email: str, trained_on: dt.date) -> None:
    """Take back that somebody was trained on that day; one whom nothing else has made a screener is put out of use."""
    screener = find_screener(municipality_code, name, email)
    if screener is None or screener.trained_on != trained_on:
        return
    screener.trained_on = None
    if screener.user_id is None and not _is_in_use(screener):
        screener.is_active = False
    db.session.flush()


def _free_account(municipality_code: int, email: str) -> int | None:
    """The account with that mail in the municipality, unless another screener has it."""
    if not email:
        return None
    taken = sa.select(Screener.user_id).where(Screener.user_id.is_not(None))
    statement = sa.select(User.id).where(
        sa.func.lower(User.email) == email.lower(),
        User.municipality_code == municipality_code,
        User.active.is_(True),
        User.id.not_in(taken),
    )
    return db.session.scalar(statement)


def _is_in_use(screener: Screener) -> bool:
    """Whether visits, hours or loans name him."""
    tables = (ScreeningPerson, Pledge, Loan)
    return any(db.session.scalar(sa.select(sa.literal(1)).where(t.screener_id == screener.id).limit(1)) for t in tables)
