"""Promising hours: each change is a row in the ledger, and can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move, record, reverse
from nbe.ledger.actions import AlreadyReversedError
from nbe.models import LedgerRow, Loan, Pledge, Programme, Screener
from nbe.models.states import LedgerKind
from nbe.resources.rules import BY_LOAN, NONE, first_of_month, plain, room_left


class ChangedSinceError(ValueError):
    """What somebody wants undone has been changed again, or is taken back already."""


class TooManyHoursError(ValueError):
    """More hours than somebody can work in a month, with those promised elsewhere; `left` are those there are."""

    def __init__(self, screener_id: int, month_on: dt.date, left: Decimal) -> None:
        super().__init__(screener_id, month_on, left)
        self.screener_id, self.month_on, self.left = screener_id, month_on, left


@dataclass(frozen=True, slots=True)
class Promise:
    """Hours of one person in one month; `month_on` is the first of it."""

    screener_id: int
    month_on: dt.date
    hours: Decimal


def find_pledges(
    programme_id: int, municipality_code: int, *, for_update: bool = False
) -> dict[tuple[int, dt.date], Pledge]:
    """(screener, month) -> the pledge to one municipality."""
    statement = sa.select(Pledge).where(
        Pledge.programme_id == programme_id, Pledge.municipality_code == municipality_code
    )
    if for_update:
        statement = statement.order_by(Pledge.id).with_for_update().execution_options(populate_existing=True)
    return {(pledge.screener_id, pledge.month_on): pledge for pledge in db.session.scalars(statement)}


def promised_elsewhere(
    programme_id: int, municipality_code: int, screener_ids: Iterable[int]
) -> dict[tuple[int, dt.date], Decimal]:
    """(screener, month) -> hours promised to other municipalities, or to this one in another programme."""
    is_here = sa.and_(Pledge.programme_id == programme_id, Pledge.municipality_code == municipality_code)
    statement = sa.select(Pledge.screener_id, Pledge.month_on, Pledge.hours).where(
        Pledge.screener_id.in_(sorted(set(screener_ids))), ~is_here
    )
    found: dict[tuple[int, dt.date], Decimal] = {}
    for screener_id, month_on, hours in db.session.execute(statement):
        found[screener_id, month_on] = found.get((screener_id, month_on), NONE) + hours
    return found


def _refuse_too_many(programme_id: int, municipality_code: int, promises: Sequence[Promise]) -> None:
    elsewhere = promised_elsewhere(programme_id, municipality_code, [promise.screener_id for promise in promises])
    for promise in promises:
        left = room_left(elsewhere.get((promise.screener_id, first_of_month(promise.month_on)), NONE))
        if promise.hours > left:
            raise TooManyHoursError(promise.screener_id, promise.month_on, left)


def set_pledges(
    programme: Programme,
    municipality_code: int,
    promises: list[Promise],
    *,
    user_id: int | None,
    happened_on: dt.date | None = None,
    loan: Loan | None = None,
) -> list[int]:
    """Set what is promised to a municipality; the ids of the ledger's rows, one for each number that changed.

    `loan`: the loan that moves the hours, of which the borrower's pledge tells. Raises TooManyHoursError.
    """
    if loan is None:
        _refuse_too_many(programme.id, municipality_code, promises)
    known: Mapping[tuple[int, dt.date], Pledge] = find_pledges(programme.id, municipality_code, for_update=True)
    changed: list[tuple[Pledge, Decimal]] = []
    for promise in promises:
        pledge = known.get((promise.screener_id, first_of_month(promise.month_on)))
        if pledge is None:
            if not promise.hours:
                continue
            pledge = Pledge(
                programme_id=programme.id,
                municipality_code=municipality_code,
                screener_id=promise.screener_id,
                month_on=first_of_month(promise.month_on),
                hours=NONE,
            )
            db.session.add(pledge)
        if loan is not None and loan.borrower_code == municipality_code:
            pledge.loan_id = loan.id
        if pledge.hours != promise.hours:
            changed.append((pledge, promise.hours))
    db.session.flush()
    moves = [
        Move(
            kind=LedgerKind.HOURS,
            municipality_code=municipality_code,
            programme_id=programme.id,
            subject_id=pledge.id,
            from_code=plain(pledge.hours),
            to_code=plain(hours),
            detail=BY_LOAN if loan is not None else None,
            happened_on=happened_on or clock.today(),
        )
        for pledge, hours in changed
    ]
    for pledge, hours in changed:
        pledge.hours = hours
    db.session.flush()
    return record(moves, user_id=user_id)


def set_pledge(
    programme: Programme,
    screener: Screener,
    month_on: dt.date,
    hours: Decimal,
    *,
    user_id: int | None,
    municipality_code: int | None = None,
    happened_on: dt.date | None = None,
) -> list[int]:
    """Set what one person has been promised for in one month, to her own municipality unless another is named."""
    code = screener.municipality_code if municipality_code is None else municipality_code
    promise = Promise(screener.id, month_on, hours)
    return set_pledges(programme, code, [promise], user_id=user_id, happened_on=happened_on)


def undo_pledges(programme: Programme, municipality_code: int, ledger_id: int, *, user_id: int | None) -> int:
    """Take back all that was promised in the same saving as one row of the ledger; -> how many numbers.

    Raises ChangedSinceError, and then nothing is taken back.
    """
    first = db.session.get(LedgerRow, ledger_id)
    of_place = (
        LedgerRow.kind == LedgerKind.HOURS,
        LedgerRow.programme_id == programme.id,
        LedgerRow.municipality_code == municipality_code,
    )
    if first is None:
        raise ChangedSinceError
    same = sa.select(LedgerRow).where(
        *of_place,
        LedgerRow.recorded_at == first.recorded_at,
        LedgerRow.user_id.is_not_distinct_from(first.user_id),
        LedgerRow.reverses_id.is_(None),
    )
    rows = {row.subject_id: row for row in db.session.scalars(same)}
    pledges = find_pledges(programme.id, municipality_code, for_update=True)
    by_id = {pledge.id: pledge for pledge in pledges.values()}
    latest = sa.select(LedgerRow.subject_id, sa.func.max(LedgerRow.id)).where(
        *of_place, LedgerRow.subject_id.in_(list(rows))
    )
    newest = {row[0]: row[1] for row in db.session.execute(latest.group_by(LedgerRow.subject_id))}
    if (
        first.id not in {row.id for row in rows.values()}
        or first.detail == BY_LOAN
        or any(
            subject not in by_id or by_id[subject].loan_id or newest[subject] != row.id for subject, row in rows.items()
        )
    ):
        raise ChangedSinceError
    back = [
        Promise(by_id[subject].screener_id, by_id[subject].month_on, Decimal(row.from_code or "0"))
        for subject, row in rows.items()
        if subject is not None
    ]
    try:
        _refuse_too_many(programme.id, municipality_code, back)  # lent to others since
        reverse([row.id for row in rows.values()], user_id=user_id)
    except (AlreadyReversedError, TooManyHoursError) as error:
        raise ChangedSinceError from error
    for subject, row in rows.items():
        if subject is not None:
            by_id[subject].hours = Decimal(row.from_code or "0")
    db.session.flush()
    return len(rows)
