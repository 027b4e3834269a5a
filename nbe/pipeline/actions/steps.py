"""Next steps, and calls that move a candidate along."""

from __future__ import annotations

import datetime as dt

from nbe.businesses.actions import log_activity
from nbe.core.database import db
from nbe.models import Activity, Candidacy
from nbe.models.states import ActivityKind, ActivityOutcome, Stage
from nbe.pipeline.actions.moves import move_to_stage
from nbe.pipeline.rules import MoveRefusedError, Wish


def set_next_step(candidacy: Candidacy, text: str, day: dt.date | None) -> None:
    """What to do next, and when."""
    candidacy.next_step = text
    candidacy.next_step_on = day
    db.session.flush()


# What a call says about the stage: whoever was spoken to has been contacted; nothing is entered twice.
_MEANS = {
    ActivityOutcome.REACHED: Stage.CONTACTED,
    ActivityOutcome.CALL_BACK: Stage.CONTACTED,
    ActivityOutcome.DONE: Stage.CONTACTED,
    ActivityOutcome.INTERESTED: Stage.INTERESTED,
    ActivityOutcome.DECLINED: Stage.CONTACTED,
}


def log_call(
    candidacy: Candidacy,
    kind: ActivityKind,
    day: dt.date,
    *,
    user_id: int | None,
    outcome: ActivityOutcome | None = None,
    note: str = "",
    next_step: str = "",
    next_step_on: dt.date | None = None,
) -> tuple[Activity, bool]:
    """Note a contact with the candidate and its next step; -> (activity, did it move the candidate).

    An outcome that says more than the stage does moves the candidate there on that day.
    """
    activity = log_activity(
        candidacy.business,
        kind,
        day,
        user_id=user_id,
        outcome=outcome,
        note=note,
        next_step=next_step,
        next_step_on=next_step_on,
        candidacy=candidacy,
    )
    to = _MEANS.get(outcome) if outcome and kind is not ActivityKind.NOTE else None
    if to is None or candidacy.stage is Stage.CLOSED or candidacy.stage.position >= to.position:
        return activity, False
    try:
        move_to_stage(candidacy, Wish(to, max(day, candidacy.stage_since_on)), user_id=user_id)
    except MoveRefusedError:
        return activity, False
    return activity, True
