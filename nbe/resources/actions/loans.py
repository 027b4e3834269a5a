"""Lending a screener: asked, answered, ended. On acceptance the hours move, and at the end they go back.

The hours lent are first those that her own municipality had been promised in that month
(`hours_taken`); what is beyond is hours she had promised nobody. The loan is held while it is answered, so
of two answers one wins; then the screener, then both municipalities' pledges in the order of their codes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Loan, Pledge, Programme, Screener
from nbe.models.states import LoanState
from nbe.resources.actions.pledges import Promise, find_pledges, promised_elsewhere, set_pledges
from nbe.resources.rules import LOAN_STEPS, NONE, asked_as, first_of_month, room_left, taken_from_home


class LoanAnsweredError(ValueError):
    """Somebody was first: the loan does not stand where that could be done."""


class ScreenerRefusedError(ValueError):
    """The screener is not one of the lender's that can be chosen."""


class OverLentError(ValueError):
    """More hours than the screener has left in that month; `left` are those there are."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, slots=True)
class Wish:
    """So many hours of one month, and a word about it; `month_on` is the first of it."""

    month_on: dt.date
    hours: Decimal
    note: str = ""


def offer_loan(
    programme: Programme, screener: Screener, borrower_code: int, wish: Wish, *, user_id: int | None
) -> Loan:
    """Offer one's own screener to another municipality. Raises ScreenerRefusedError, OverLentError."""
    if not screener.is_active:
        raise ScreenerRefusedError
    _refuse_over_lending(programme, screener, wish.month_on, wish.hours)
    loan = _ask(programme, screener.municipality_code, borrower_code, wish, LoanState.OFFERED, user_id)
    loan.screener_id = screener.id
    db.session.flush()
    return loan


def request_loan(
    programme: Programme, lender_code: int, borrower_code: int, wish: Wish, *, user_id: int | None
) -> Loan:
    """Ask another municipality for hours; it chooses whom."""
    loan = _ask(programme, lender_code, borrower_code, wish, LoanState.REQUESTED, user_id)
    db.session.flush()
    return loan


def _ask(
    programme: Programme, lender_code: int, borrower_code: int, wish: Wish, state: LoanState, user_id: int | None
) -> Loan:
    loan = Loan(
        programme_id=programme.id,
        lender_code=lender_code,
        borrower_code=borrower_code,
        month_on=first_of_month(wish.month_on),
        hours=wish.hours,
        hours_taken=NONE,
        state=state,
        note=wish.note,
        asked_by_id=user_id,
        created_at=clock.now(),
    )
    db.session.add(loan)
    return loan


def accept_loan(
    programme: Programme, loan: Loan, screener_id: int | None, *, user_id: int | None, day: dt.date | None = None
) -> None:
    """Say yes; to a request with the screener to lend. The hours are the borrower's from `day` on (today).

    Raises LoanAnsweredError, ScreenerRefusedError, OverLentError, and then nothing has changed.
    """
    _refuse_step(loan, LoanState.ACCEPTED)
    screener = _hold_screener(loan, loan.screener_id or screener_id)
    own, lent = _hold_pledges(loan, screener.id)
    _refuse_over_lending(programme, screener, loan.month_on, loan.hours)
    loan.screener_id = screener.id
    loan.hours_taken = taken_from_home(own, loan.hours)
    _answer(loan, LoanState.ACCEPTED, user_id)
    at_home = own.hours if own is not None else NONE
    _move_hours(programme, loan, at_home - loan.hours_taken, (lent.hours if lent else NONE) + loan.hours, user_id, day)


def end_loan(programme: Programme, loan: Loan, *, user_id: int | None, day: dt.date | None = None) -> None:
    """End an agreed loan: the hours taken go home, and those beyond are nobody's again. Raises LoanAnsweredError."""
    _refuse_step(loan, LoanState.ENDED)
    screener_id = loan.screener_id or 0
    db.session.execute(sa.select(Screener.id).where(Screener.id == screener_id).with_for_update())
    own, lent = _hold_pledges(loan, screener_id)
    _answer(loan, LoanState.ENDED, user_id)
    left = (lent.hours if lent else NONE) - loan.hours
    _move_hours(programme, loan, (own.hours if own else NONE) + loan.hours_taken, left, user_id, day)
    if lent is not None:
        lent.loan_id = _other_loan(loan)
    db.session.flush()


def decline_loan(loan: Loan, *, user_id: int | None) -> None:
    """Say no. Raises LoanAnsweredError."""
    _refuse_step(loan, LoanState.DECLINED)
    _answer(loan, LoanState.DECLINED, user_id)


def withdraw_loan(loan: Loan, *, user_id: int | None) -> None:
    """Take an offer or a request back before it is answered. Raises LoanAnsweredError."""
    _refuse_step(loan, LoanState.WITHDRAWN)
    _answer(loan, LoanState.WITHDRAWN, user_id)


def reopen_loan(loan: Loan) -> None:
    """Take a no or a withdrawal back: the loan waits as it began. Raises LoanAnsweredError."""
    began = asked_as(has_screener=loan.screener_id is not None)
    _refuse_step(loan, began)
    loan.state, loan.answered_by_id, loan.answered_at = began, None, None
    db.session.flush()


def _refuse_step(loan: Loan, to: LoanState) -> None:
    if to not in LOAN_STEPS[loan.state]:
        raise LoanAnsweredError


def _answer(loan: Loan, state: LoanState, user_id: int | None) -> None:
    loan.state, loan.answered_by_id, loan.answered_at = state, user_id, clock.now()
    db.session.flush()


def _hold_screener(loan: Loan, screener_id: int | None) -> Screener:
    statement = sa.select(Screener).where(
        Screener.id == screener_id, Screener.municipality_code == loan.lender_code, Screener.is_active
    )
    screener = db.session.scalar(statement.with_for_update(of=Screener))
    if screener is None:
        raise ScreenerRefusedError
    return screener


def _hold_pledges(loan: Loan, screener_id: int) -> tuple[Pledge | None, Pledge | None]:
    """What the screener is promised for in that month at home and at the borrower's."""
    held = {
        code: find_pledges(loan.programme_id, code, for_update=True)
        for code in sorted((loan.lender_code, loan.borrower_code))
    }
    place = (screener_id, loan.month_on)
    return held[loan.lender_code].get(place), held[loan.borrower_code].get(place)


def _refuse_over_lending(programme: Programme, screener: Screener, month_on: dt.date, hours: Decimal) -> None:
    month = first_of_month(month_on)
    elsewhere = promised_elsewhere(programme.id, screener.municipality_code, [screener.id])
    left = room_left(elsewhere.get((screener.id, month), NONE))
    if hours > left:
        raise OverLentError(left)


def _move_hours(
    programme: Programme, loan: Loan, at_home: Decimal, at_borrower: Decimal, user_id: int | None, day: dt.date | None
) -> None:
    assert loan.screener_id is not None  # noqa: S101 - an agreed loan has its screener
    moved = {loan.lender_code: at_home, loan.borrower_code: at_borrower}
    for code, hours in sorted(moved.items()):
        promise = Promise(loan.screener_id, loan.month_on, hours)
        set_pledges(programme, code, [promise], user_id=user_id, happened_on=day, loan=loan)


def _other_loan(loan: Loan) -> int | None:
    """Another agreed loan of the same screener and month to the same borrower."""
    statement = sa.select(sa.func.max(Loan.id)).where(
        Loan.id != loan.id,
        Loan.programme_id == loan.programme_id,
        Loan.borrower_code == loan.borrower_code,
        Loan.screener_id == loan.screener_id,
        Loan.month_on == loan.month_on,
        Loan.state == LoanState.ACCEPTED,
    )
    return db.session.scalar(statement)
