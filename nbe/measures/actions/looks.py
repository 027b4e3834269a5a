"""The looks at how a plan goes, 6 and 12 months after it was adopted."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.measures.rules import MeasureRefusedError
from nbe.models import FollowUp


def hold_follow_up(look: FollowUp, day: dt.date, note: str) -> None:
    """Note what was seen. Raises MeasureRefusedError."""
    if day > clock.today():
        raise MeasureRefusedError("held_on", _l("Datoen ligger i fremtiden."))
    look.held_on, look.note = day, note
    db.session.flush()


def undo_follow_up(look: FollowUp) -> None:
    """It was not held after all; what was noted goes with it."""
    look.held_on, look.note = None, ""
    db.session.flush()
