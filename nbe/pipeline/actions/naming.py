"""Candidates named: by a person, or because they were postponed to a year that has come."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record
from nbe.models import Business, Candidacy, Programme
from nbe.models.states import CloseReason, Source, Stage
from nbe.pipeline.actions.following import follow_ledger, stage_move
from nbe.pipeline.rules import Wish


def name_candidate(
    business: Business,
    programme: Programme,
    *,
    user_id: int | None,
    source: Source | None = None,
    happened_on: dt.date | None = None,
    responsible_id: int | None = None,
) -> tuple[Candidacy, bool]:
    """Put a business on the longlist of a programme; -> (candidacy, was it new). Known ones stay as they are."""
    known = db.session.scalar(
        sa.select(Candidacy).where(Candidacy.business_id == business.id, Candidacy.programme_id == programme.id)
    )
    if known is not None and not known.is_hidden:
        return known, False
    day = happened_on or clock.today()
    candidacy = known or Candidacy(
        business_id=business.id, programme_id=programme.id, created_at=clock.now(), stage_since_on=day
    )
    candidacy.is_hidden = False
    candidacy.stage = Stage.LONGLIST
    candidacy.stage_since_on = day
    candidacy.close_reason = None
    candidacy.source = source
    candidacy.responsible_id = responsible_id
    db.session.add(candidacy)
    db.session.flush()
    record([stage_move(candidacy, Wish(Stage.LONGLIST, day), business.municipality_code, None)], user_id=user_id)
    follow_ledger(candidacy)
    return candidacy, True


def turn_up_later(candidacy: Candidacy, user_id: int | None) -> None:
    programme = db.session.scalar(sa.select(Programme).where(Programme.year == candidacy.postponed_to_year))
    if programme is not None and programme.id != candidacy.programme_id:
        name_candidate(candidacy.business, programme, user_id=user_id, source=candidacy.source)


def welcome_postponed(programme: Programme, *, user_id: int | None) -> int:
    """A new programme takes in those who were postponed to its year; -> how many."""
    waiting = db.session.scalars(
        sa.select(Candidacy)
        .join(Business, Business.id == Candidacy.business_id)
        .where(
            Candidacy.postponed_to_year == programme.year,
            Candidacy.close_reason == CloseReason.POSTPONED,
            Candidacy.is_hidden.is_(False),
            Candidacy.programme_id != programme.id,
            Business.ceased_on.is_(None),
        )
    )
    return sum(
        name_candidate(c.business, programme, user_id=user_id, source=c.source)[1] for c in waiting.unique().all()
    )
