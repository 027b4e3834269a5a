"""Proposals: put forward, described, and taken away again while nothing has been decided."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record, reverse
from nbe.measures.actions.following import follow_ledger, measure_row, rows_of_measure
from nbe.measures.rules import MeasureRefusedError, check_day
from nbe.models import Candidacy, Measure
from nbe.models.states import MeasureState

EDITED = ("title", "description", "owner_id", "owner_name", "due_on", "is_confidential", "theme_id")


def propose_measure(
    candidacy: Candidacy,
    *,
    user_id: int | None,
    title: str = "",
    key: str | None = None,
    screening_id: int | None = None,
    theme_id: int | None = None,
    happened_on: dt.date | None = None,
) -> Measure:
    """Put a measure forward; `key` makes it count once: a known one is given back, a removed one comes back.

    Raises MeasureRefusedError for a day to come, or a key of another candidate's.
    """
    day = happened_on or clock.today()
    check_day(day, day, clock.today())
    known = db.session.scalar(sa.select(Measure).where(Measure.key == key)) if key else None
    if known is not None and known.candidacy_id != candidacy.id:
        raise MeasureRefusedError("key", _l("Tiltaget hører til en anden virksomhed."))
    if known is not None and not known.is_hidden:
        return known
    measure = known or Measure(
        business_id=candidacy.business_id,
        candidacy_id=candidacy.id,
        programme_id=candidacy.programme_id,
        key=key or str(uuid.uuid4()),
        created_at=clock.now(),
        screening_id=screening_id,
        theme_id=theme_id,
        title=title,
    )
    measure.state, measure.state_since_on, measure.is_hidden = MeasureState.IDENTIFIED, day, False
    db.session.add(measure)
    db.session.flush()
    record([measure_row(measure, None, MeasureState.IDENTIFIED, day)], user_id=user_id)
    follow_ledger(measure)
    return measure


def edit_measure(measure: Measure, **values: Any) -> None:
    """Set what is written about a measure: `EDITED`."""
    for name, value in values.items():
        if name not in EDITED:
            raise TypeError(name)
        if getattr(measure, name) != value:
            setattr(measure, name, value)
    db.session.flush()


def remove_measure(measure: Measure, *, user_id: int | None) -> None:
    """Take a proposal away with all that was told of it. Raises MeasureRefusedError once it has been decided on."""
    if measure.state is not MeasureState.IDENTIFIED:
        raise MeasureRefusedError("to", _l("Tiltaget er besluttet. Sæt det til opgivet i stedet for at fjerne det."))
    reverse([row.id for row in rows_of_measure(measure)], user_id=user_id)
    measure.is_in_plan = False
    follow_ledger(measure)


def restore_measure(candidacy: Candidacy, key: str, *, user_id: int | None) -> Measure | None:
    """Bring a proposal of this candidate back that was taken away; None when there is none by that key."""
    measure = db.session.scalar(sa.select(Measure).where(Measure.key == key, Measure.candidacy_id == candidacy.id))
    if measure is None:
        return None
    return propose_measure(candidacy, user_id=user_id, key=key, happened_on=measure.state_since_on)
