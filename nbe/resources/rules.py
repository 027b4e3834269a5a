"""What hours are enough for. Pure: no database, no request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from nbe.models import Pledge
from nbe.models.states import LoanState, ResourceState

NONE = Decimal(0)
# What somebody works in a month at 37 hours a week; nobody can be promised for more, over all municipalities.
MOST_A_MONTH = Decimal("160.33")
# The detail of a ledger row of hours that a loan moved.
BY_LOAN = "loan"
WAITING = (LoanState.OFFERED, LoanState.REQUESTED)
# What may follow from each state of a loan; an answer taken back waits again as it was.
LOAN_STEPS: dict[LoanState, tuple[LoanState, ...]] = {
    LoanState.OFFERED: (LoanState.ACCEPTED, LoanState.DECLINED, LoanState.WITHDRAWN),
    LoanState.REQUESTED: (LoanState.ACCEPTED, LoanState.DECLINED, LoanState.WITHDRAWN),
    LoanState.ACCEPTED: (LoanState.ENDED,),
    LoanState.DECLINED: WAITING,
    LoanState.WITHDRAWN: WAITING,
    LoanState.ENDED: (),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Hours needed and promised for the forløb of one municipality (or of several, added up).

    `covered`: how many forløb the promised hours are enough for, never more than the target.
    `per_programme`: the hours one forløb takes.
    """

    needed: Decimal
    promised: Decimal
    target: int
    covered: int
    state: ResourceState
    per_programme: Decimal = NONE

    @property
    def enough_for(self) -> int:
        """How many forløb the promised hours are enough for, beyond the target as well."""
        return int(self.promised // self.per_programme) if self.per_programme else self.covered

    def lacks(self, suitable: int) -> bool:
        """Whether more businesses are suitable than there are hours for."""
        return suitable > self.enough_for

    def hours_short(self, suitable: int) -> Decimal:
        """The hours still to be found, so that they are enough for `suitable` businesses."""
        return max(NONE, self.per_programme * suitable - self.promised)


def cover(target: int, promised: Decimal, per_programme: Decimal) -> Coverage:
    """How far `promised` hours reach: covered = min(target, floor(promised / hours per forløb)).

    Nothing promised is not settled; a target of 0 needs nothing and is in place.
    """
    covered = min(target, int(promised // per_programme)) if per_programme else target
    return Coverage(per_programme * target, promised, target, covered, _state(covered, target, promised), per_programme)


def _state(covered: int, target: int, promised: Decimal) -> ResourceState:
    if covered >= target:
        return ResourceState.IN_PLACE
    return ResourceState.PARTLY if promised else ResourceState.UNCLEAR


def add_up(parts: list[Coverage]) -> Coverage:
    """Several municipalities together: hours of one are no help to another, so forløb covered are added up."""
    needed, promised = sum((part.needed for part in parts), NONE), sum((part.promised for part in parts), NONE)
    target, covered = sum(part.target for part in parts), sum(part.covered for part in parts)
    return Coverage(needed, promised, target, covered, _state(covered, target, promised))


def plain(number: Decimal) -> str:
    """A number without needless zeros and without an exponent: 7.5, 30, 0."""
    return format(number.normalize(), "f") if number else "0"


def first_of_month(day: dt.date) -> dt.date:
    """The first day of a day's month."""
    return day.replace(day=1)


def months_of(year: int, deadline_on: dt.date) -> list[dt.date]:
    """The months in which hours can be promised: the programme's year, and on to its last deadline (a year at most)."""
    last = max(dt.date(year, 12, 1), first_of_month(deadline_on))
    months = [dt.date(year + place // 12, place % 12 + 1, 1) for place in range(24)]
    return [month for month in months if month <= last]


def taken_from_home(own: Pledge | None, hours: Decimal) -> Decimal:
    """Of the hours lent, those that her own municipality had been promised in that month."""
    return min(own.hours, hours) if own is not None else NONE


def asked_as(*, has_screener: bool) -> LoanState:
    """How a loan that has not been agreed began: an offer names the screener, a request leaves it to the lender."""
    return LoanState.OFFERED if has_screener else LoanState.REQUESTED


def steps_for(state: LoanState, *, has_screener: bool, is_lender: bool, is_borrower: bool) -> tuple[LoanState, ...]:
    """What one side (or who acts for both) may do with a loan: who asked withdraws, the other answers, both may end it.

    A no or a withdrawal is taken back by the side that said it, and the loan waits as it began.
    """
    began = asked_as(has_screener=has_screener)
    asks, answers = (is_lender, is_borrower) if began is LoanState.OFFERED else (is_borrower, is_lender)
    holders = {
        LoanState.ACCEPTED: answers,
        LoanState.DECLINED: answers,
        LoanState.WITHDRAWN: asks,
        LoanState.ENDED: is_lender or is_borrower,
    }
    taken_back = {LoanState.DECLINED: answers, LoanState.WITHDRAWN: asks}
    return tuple(
        step
        for step in LOAN_STEPS[state]
        if (taken_back.get(state, False) and step is began if step in WAITING else holders[step])
    )


def room_left(promised: Decimal) -> Decimal:
    """The hours somebody can still be promised for in a month in which others count on `promised`."""
    return max(NONE, MOST_A_MONTH - promised)
