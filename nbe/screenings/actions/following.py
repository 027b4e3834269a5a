"""What the ledger is told about a screening, and what its own and the candidate's columns then say."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import Move
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import Row, effective
from nbe.models import Candidacy, Screening
from nbe.models.states import LedgerKind, ScreeningRole, ScreeningState, Stage
from nbe.pipeline.actions.following import follow_ledger, stage_move
from nbe.pipeline.rules import Wish
from nbe.screenings.rules import STAGE_OF, moves_candidate


def moves_of(screening: Screening) -> list[Row]:
    """The ledger rows of a screening that hold, the earliest first."""
    return [
        row
        for row in effective(rows_of([screening.business_id]))
        if row.kind == LedgerKind.SCREENING and row.subject_id == screening.id
    ]


def follow_screening(screening: Screening) -> None:
    """Set state and its day to what the ledger says now; one that the ledger knows nothing of is hidden."""
    rows = moves_of(screening)
    screening.is_hidden = not rows
    if rows:
        last = rows[-1]
        entered = next(row for i, row in enumerate(rows) if all(later.to_code == last.to_code for later in rows[i:]))
        screening.state = ScreeningState(last.to_code)
        screening.state_since_on = entered.happened_on
    db.session.flush()


def screening_move(
    screening: Screening, to: ScreeningState, day: dt.date, before: ScreeningState | None, reason: str = ""
) -> Move:
    """One step of a screening, as the ledger is told."""
    return Move(
        kind=LedgerKind.SCREENING,
        municipality_code=screening.business.municipality_code,
        from_code=before.value if before else None,
        to_code=to.value,
        happened_on=day,
        business_id=screening.business_id,
        programme_id=screening.programme_id,
        subject_id=screening.id,
        reason=reason,
    )


def candidate_move(screening: Screening, to: Stage, day: dt.date, reason: str = "") -> Move:
    """The candidate's move that goes with a step, on the same day or the day it came to where it stands."""
    candidacy = screening.candidacy
    wish = Wish(to, max(day, candidacy.stage_since_on), reason)
    return stage_move(candidacy, wish, candidacy.business.municipality_code, candidacy.stage.value)


def moves_for(
    screening: Screening, to: ScreeningState, day: dt.date, before: ScreeningState | None, reason: str = ""
) -> list[Move]:
    """A step, with the move it makes of the candidate: together, so that they are taken back together."""
    moves = [screening_move(screening, to, day, before, reason)]
    stage = STAGE_OF.get(to)
    if stage is not None and moves_candidate(screening.candidacy.stage, stage):
        moves.append(candidate_move(screening, stage, day))
    return moves


def lead_name(screening: Screening) -> str:
    """Who leads the visit, by name."""
    return next((person.shown_name for person in screening.people if person.role is ScreeningRole.LEAD), "")


def visit_day(screening: Screening) -> dt.date:
    """The Danish day of the visit: when it was held, or else is to be."""
    return screening.held_on or clock.danish(screening.starts_at).date()


def other_screenings(candidacy_id: int, except_id: int | None = None) -> list[Screening]:
    """The candidate's screenings that were not cancelled, the latest number first."""
    statement = (
        sa.select(Screening)
        .where(
            Screening.candidacy_id == candidacy_id,
            Screening.is_hidden.is_(False),
            Screening.state != ScreeningState.CANCELLED,
        )
        .order_by(Screening.number.desc())
    )
    return [screening for screening in db.session.scalars(statement) if screening.id != except_id]


def follow_candidate(candidacy: Candidacy) -> None:
    """The candidate's stage by the ledger; its screening date and screener by the latest screening it has."""
    follow_ledger(candidacy)
    standing = other_screenings(candidacy.id)
    if standing:
        candidacy.screening_on = visit_day(standing[0])
        candidacy.screener_name = lead_name(standing[0])[:120]
    else:
        candidacy.screening_on = None
        candidacy.screener_name = ""
    db.session.flush()
