"""What the ledger is told about a candidate, and what the candidate's own columns then say."""

from __future__ import annotations

import datetime as dt

from nbe.core.database import db
from nbe.ledger import Move
from nbe.ledger.actions import rows_of
from nbe.ledger.fold import effective
from nbe.models import Candidacy
from nbe.models.states import CloseReason, LedgerKind, Stage, Verdict
from nbe.pipeline.rules import Standing, Wish


def standing_of(candidacy: Candidacy) -> Standing:
    """A candidacy in the shape the rules read."""
    return Standing(candidacy.stage, candidacy.stage_since_on, candidacy.verdict is not None)


def follow_ledger(candidacy: Candidacy) -> None:
    """Set stage, closing reason and verdict to what the ledger says now."""
    rows = [row for row in effective(rows_of([candidacy.business_id])) if row.programme_id == candidacy.programme_id]
    stages = [row for row in rows if row.kind == LedgerKind.STAGE]
    verdicts = [row for row in rows if row.kind == LedgerKind.VERDICT]
    if stages:
        last = stages[-1]
        entered = next(
            row for i, row in enumerate(stages) if all(later.to_code == last.to_code for later in stages[i:])
        )
        candidacy.stage = Stage(last.to_code)
        candidacy.stage_since_on = entered.happened_on
        is_closed = candidacy.stage is Stage.CLOSED
        candidacy.close_reason = CloseReason(last.detail or CloseReason.UNKNOWN) if is_closed else None
        if candidacy.close_reason is not CloseReason.POSTPONED:
            candidacy.postponed_to_year = None
    candidacy.verdict = Verdict(verdicts[-1].to_code) if verdicts else None
    candidacy.verdict_on = verdicts[-1].happened_on if verdicts else None
    db.session.flush()


def stage_move(candidacy: Candidacy, wish: Wish, municipality_code: int, from_code: str | None) -> Move:
    return Move(
        kind=LedgerKind.STAGE,
        municipality_code=municipality_code,
        from_code=from_code,
        to_code=wish.to.value,
        detail=wish.detail.value if wish.detail and wish.to is Stage.CLOSED else None,
        happened_on=wish.happened_on,
        business_id=candidacy.business_id,
        programme_id=candidacy.programme_id,
        reason=wish.reason,
    )


def verdict_move(candidacy: Candidacy, verdict: Verdict, day: dt.date, reason: str, municipality_code: int) -> Move:
    return Move(
        kind=LedgerKind.VERDICT,
        municipality_code=municipality_code,
        from_code=candidacy.verdict.value if candidacy.verdict else None,
        to_code=verdict.value,
        happened_on=day,
        business_id=candidacy.business_id,
        programme_id=candidacy.programme_id,
        reason=reason,
    )
