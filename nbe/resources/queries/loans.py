"""The loans of screeners that a viewer's municipality gives or takes: those waiting first, then the agreed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.access import Permission, Scope, Viewer, find_visible, visible
from nbe.businesses.queries import municipality_names
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.models import Loan, Screener, User
from nbe.models.states import LoanState
from nbe.resources.rules import WAITING, steps_for

READ, WRITE = Permission.RESOURCES_READ, Permission.RESOURCES_WRITE
_ASKED_BY, _ANSWERED_BY = aliased(User), aliased(User)
_ORDER = sa.case((Loan.state.in_(WAITING), 0), (Loan.state == LoanState.ACCEPTED, 1), else_=2)


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A loan as both sides see it; `steps` are what the viewer may do with it now."""

    loan: Loan
    lender: str
    borrower: str
    screener: str
    asked_by: str
    answered_by: str
    steps: tuple[LoanState, ...]

    @property
    def id(self) -> int:
        """The loan's."""
        return self.loan.id

    @property
    def state(self) -> LoanState:
        """How far it has come."""
        return self.loan.state

    @property
    def month_on(self) -> dt.date:
        """The month the hours are for."""
        return self.loan.month_on

    @property
    def hours(self) -> Decimal:
        """How many."""
        return self.loan.hours

    @property
    def waits_for_me(self) -> bool:
        """Whether the viewer can answer it."""
        return LoanState.ACCEPTED in self.steps


def find_loan(viewer: Viewer, loan_id: int, permission: Permission = READ, *, for_update: bool = False) -> Loan:
    """The one loan, or 404: only the two municipalities know of it."""
    return find_visible(viewer, Loan, loan_id, permission, for_update=for_update)


def steps_of(viewer: Viewer, loan: Loan) -> tuple[LoanState, ...]:
    """What the viewer may do with a loan now."""
    return steps_for(
        loan.state,
        has_screener=loan.screener_id is not None,
        is_lender=viewer.may(WRITE, loan.lender_code),
        is_borrower=viewer.may(WRITE, loan.borrower_code),
    )


def _lines(viewer: Viewer, statement: Any) -> list[LoanLine]:
    names = municipality_names()
    statement = (
        statement.outerjoin(Screener, Screener.id == Loan.screener_id)
        .outerjoin(_ASKED_BY, _ASKED_BY.id == Loan.asked_by_id)
        .outerjoin(_ANSWERED_BY, _ANSWERED_BY.id == Loan.answered_by_id)
        .add_columns(Screener.name, _ASKED_BY.name, _ANSWERED_BY.name)
    )
    return [
        LoanLine(
            loan,
            names[loan.lender_code],
            names[loan.borrower_code],
            screener or "",
            asked_by or "",
            answered_by or "",
            steps_of(viewer, loan),
        )
        for loan, screener, asked_by, answered_by in db.session.execute(statement)
    ]


def tell_loan(viewer: Viewer, loan: Loan) -> LoanLine:
    """One loan with its names."""
    return _lines(viewer, visible(viewer, Loan, READ).where(Loan.id == loan.id))[0]


def _of_place(viewer: Viewer, programme_id: int, code: int | None) -> Any:
    statement = visible(viewer, Loan, READ).where(Loan.programme_id == programme_id)
    return statement if code is None else statement.where(sa.or_(Loan.lender_code == code, Loan.borrower_code == code))


def list_loans(viewer: Viewer, programme_id: int, code: int | None, number: int = 1) -> Page[LoanLine]:
    """A page of the loans of one municipality, or of all the viewer may see (None)."""
    seen = _of_place(viewer, programme_id, code)
    total = db.session.scalar(seen.with_only_columns(sa.func.count())) or 0
    rows = seen.order_by(_ORDER, Loan.created_at.desc(), Loan.id.desc()).limit(PAGE_SIZE)
    return Page(_lines(viewer, rows.offset((number - 1) * PAGE_SIZE)), number, total)


def list_waiting(viewer: Viewer, programme_id: int, code: int | None) -> list[LoanLine]:
    """The offers and requests that wait for the viewer's answer, the oldest first. One statement."""
    if viewer.scope(WRITE) is Scope.NONE:
        return []
    waiting = _of_place(viewer, programme_id, code).where(Loan.state.in_(WAITING)).order_by(Loan.created_at, Loan.id)
    lines = _lines(viewer, waiting.limit(PAGE_SIZE))
    return [line for line in lines if line.waits_for_me and (code is None or _answers(line.loan) == code)]


def _answers(loan: Loan) -> int:
    """The municipality that answers."""
    return loan.borrower_code if loan.state is LoanState.OFFERED else loan.lender_code
