"""Two loans of the story: one agreed, which covers no forløb more or less, and one that waits in Jammerbugt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.ledger import Move
from nbe.models import Loan, Pledge, Programme, Screener
from nbe.models.states import LedgerKind, LoanState
from nbe.resources.rules import BY_LOAN

MARIAGERFJORD, BROENDERSLEV, THISTED, JAMMERBUGT = 846, 810, 787, 849
ASKED_ON, ANSWERED_ON, OFFERED_ON = dt.date(2016, 4, 6), dt.date(2016, 4, 11), dt.date(2016, 4, 22)
HOURS = Decimal(10)


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(11), DANISH).astimezone(dt.UTC)


def lend_screeners(programme: Programme, screeners: dict[int, Screener], leaders: dict[int | None, int]) -> list[Move]:
    """The loans, and the moves of the agreed one's hours, to be recorded together with the others."""
    june = dt.date(programme.year, 6, 1)
    common = {"programme_id": programme.id, "month_on": june, "hours": HOURS}
    agreed = Loan(
        lender_code=MARIAGERFJORD,
        borrower_code=BROENDERSLEV,
        screener_id=screeners[MARIAGERFJORD].id,
        hours_taken=HOURS,
        state=LoanState.ACCEPTED,
        note="Vi når det ikke alene før sommer.",
        asked_by_id=leaders[BROENDERSLEV],
        created_at=_moment(ASKED_ON),
        answered_by_id=leaders[MARIAGERFJORD],
        answered_at=_moment(ANSWERED_ON),
        **common,
    )
    offered = Loan(
        lender_code=THISTED,
        borrower_code=JAMMERBUGT,
        screener_id=screeners[THISTED].id,
        state=LoanState.OFFERED,
        note="Vi har 10 timer til overs i juni. Kan I bruge dem?",
        asked_by_id=leaders[THISTED],
        created_at=_moment(OFFERED_ON),
        **common,
    )
    db.session.add_all([agreed, offered])
    db.session.flush()
    return _move_hours(agreed, leaders[MARIAGERFJORD])


def _move_hours(loan: Loan, user_id: int) -> list[Move]:
    own = db.session.scalars(
        sa.select(Pledge).where(
            Pledge.screener_id == loan.screener_id,
            Pledge.municipality_code == loan.lender_code,
            Pledge.month_on == loan.month_on,
        )
    ).one()
    before, own.hours = own.hours, own.hours - loan.hours_taken
    lent = Pledge(
        programme_id=loan.programme_id,
        municipality_code=loan.borrower_code,
        screener_id=own.screener_id,
        month_on=loan.month_on,
        hours=loan.hours,
        loan_id=loan.id,
    )
    db.session.add(lent)
    db.session.flush()
    return [
        Move(
            kind=LedgerKind.HOURS,
            municipality_code=pledge.municipality_code,
            programme_id=loan.programme_id,
            subject_id=pledge.id,
            from_code=str(from_hours),
            to_code=str(pledge.hours),
            detail=BY_LOAN,
            happened_on=ANSWERED_ON,
            recorded_at=_moment(ANSWERED_ON),
            user_id=user_id,
        )
        for pledge, from_hours in ((own, before), (lent, Decimal(0)))
    ]
