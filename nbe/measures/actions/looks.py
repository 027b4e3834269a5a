"""The looks at how a plan goes, 6 and 12 months after it was adopted; the last one closes the forløb off."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record
from nbe.measures.actions.following import act_moment
from nbe.measures.actions.moves import stage_row
from nbe.measures.rules import FOLLOW_UP_MONTHS, MeasureRefusedError
from nbe.models import Candidacy, Change, FollowUp
from nbe.models.states import Stage
from nbe.pipeline.actions import follow_ledger as follow_candidate
from nbe.pipeline.actions import latest_moves, undo_move

COMPLETES_FROM = (Stage.PLANNED, Stage.ACTIVE)


def hold_follow_up(look: FollowUp, day: dt.date, note: str, *, user_id: int | None) -> None:
    """Note what was seen. The last look makes the candidate *Afsluttet* that day. Raises MeasureRefusedError.

    Noted again with another day, the candidate's move gets that day as well.
    """
    if day > clock.today():
        raise MeasureRefusedError("held_on", _l("Datoen ligger i fremtiden."))
    if look.held_on is not None and look.held_on != day:
        _take_move_back(look, user_id)
    begun = clock.now()
    look.held_on, look.note = day, note
    moment = act_moment(begun, [look])
    candidacy = db.session.get_one(Candidacy, look.candidacy_id)
    if completes(look, candidacy):
        record(stage_row(candidacy, Stage.COMPLETED, day), user_id=user_id, recorded_at=moment)
        follow_candidate(candidacy)


def completes(look: FollowUp, candidacy: Candidacy) -> bool:
    """Whether noting the look is the end of the forløb."""
    return look.months == FOLLOW_UP_MONTHS[-1] and candidacy.stage in COMPLETES_FROM


def undo_follow_up(look: FollowUp, *, user_id: int | None) -> None:
    """It was not held after all; what was noted goes with it, and the move it made while that is the latest."""
    _take_move_back(look, user_id)
    look.held_on, look.note = None, ""
    db.session.flush()


def _take_move_back(look: FollowUp, user_id: int | None) -> None:
    """The move to *Afsluttet* that was recorded as the look was noted."""
    candidacy = db.session.get_one(Candidacy, look.candidacy_id)
    changes = sa.select(Change).where(Change.entity == FollowUp.__tablename__, Change.entity_id == look.id)
    noted = {change.at for change in db.session.scalars(changes) if "held_on" in change.diff}
    own = [
        row.id for row in latest_moves(candidacy) if row.to_code == Stage.COMPLETED.value and row.recorded_at in noted
    ]
    if own:
        undo_move(candidacy, user_id=user_id, ledger_id=own[0])
