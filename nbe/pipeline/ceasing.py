"""A business that ceases: it stops counting from that day and stays visible."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.businesses.actions import find_membership
from nbe.core.database import db
from nbe.ledger import Move, record
from nbe.models import Business, Candidacy, Membership, Programme
from nbe.models.states import CloseReason, LedgerKind, MembershipState, Stage
from nbe.pipeline.taking_back import follow_businesses, last_days, moment_of, take_back_moves

_OVER = (MembershipState.LEFT, MembershipState.REJECTED)


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends with a business, and the day before which it cannot end: the day of its latest move."""

    business: Business
    candidacies: tuple[tuple[Candidacy, int, dt.date], ...]
    membership: Membership | None
    membership_from: dt.date

    @property
    def state(self) -> str:
        """The versions of all this, for a form to carry."""
        seen = [f"{candidacy.id}.{candidacy.version}" for candidacy, _, _ in self.candidacies]
        return "-".join([str(self.business.version), *seen, f"m{self.membership.version}" if self.membership else ""])


def what_ends(business: Business) -> Ending:
    """The candidacies that are not closed, with their year, and the membership that still holds."""
    days = last_days([business.id])
    found = db.session.execute(
        sa.select(Candidacy, Programme.year)
        .join(Programme, Programme.id == Candidacy.programme_id)
        .where(Candidacy.business_id == business.id, Candidacy.is_hidden.is_(False), Candidacy.stage != Stage.CLOSED)
        .order_by(Programme.year.desc())
    ).all()
    candidacies = tuple(
        (candidacy, year, days.get((business.id, candidacy.programme_id), candidacy.stage_since_on))
        for candidacy, year in found
    )
    membership = find_membership(business)
    if membership is not None and (membership.is_hidden or membership.state in _OVER):
        membership = None
    return Ending(business, candidacies, membership, days.get((business.id, 0), dt.date.min))


def cease_business(business: Business, day: dt.date, *, user_id: int | None, reason: str = "") -> None:
    """Mark a business as ceased. What has moved since that day ends on the day of its latest move.

    Another day for one that has ceased already is entered as if the first had never been.
    """
    undo_ceasing(business, user_id=user_id)
    ending = what_ends(business)
    business.ceased_on = day
    db.session.flush()
    common = {"municipality_code": business.municipality_code, "business_id": business.id, "reason": reason}
    moves = [
        Move(
            kind=LedgerKind.STAGE,
            programme_id=candidacy.programme_id,
            from_code=candidacy.stage.value,
            to_code=Stage.CLOSED.value,
            detail=CloseReason.CEASED.value,
            happened_on=max(day, latest),
            **common,  # type: ignore[arg-type]
        )
        for candidacy, _, latest in ending.candidacies
    ]
    if ending.membership is not None:
        moves.append(
            Move(
                kind=LedgerKind.MEMBERSHIP,
                from_code=ending.membership.state.value,
                to_code=MembershipState.LEFT.value,
                happened_on=max(day, ending.membership_from),
                **common,  # type: ignore[arg-type]
            )
        )
    record(moves, user_id=user_id, recorded_at=moment_of(business.id, "ceased_on"))
    follow_businesses([business.id])


def undo_ceasing(business: Business, *, user_id: int | None) -> bool:
    """The business goes on: what ended with it is as before; -> whether it had ceased."""
    if business.ceased_on is None:
        return False
    moment = moment_of(business.id, "ceased_on")
    if moment is not None:
        take_back_moves([business.id], moment, user_id=user_id)
    business.ceased_on = None
    db.session.flush()
    return True
