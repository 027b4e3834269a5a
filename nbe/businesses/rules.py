"""What is decided about businesses without asking the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.models.states import ActivityOutcome, MembershipState

CALL_OUTCOMES = (
    ActivityOutcome.REACHED,
    ActivityOutcome.NO_ANSWER,
    ActivityOutcome.CALL_BACK,
    ActivityOutcome.INTERESTED,
    ActivityOutcome.DECLINED,
)
# Who turns a business away, or writes it out, says why.
NEEDS_REASON = (MembershipState.LEFT, MembershipState.REJECTED)


def coming_days(today: dt.date) -> list[tuple[dt.date, Any]]:
    """The days on which the next step is most often taken, offered beside the field."""
    return [
        (today + dt.timedelta(days=1), _l("i morgen")),
        (today + dt.timedelta(days=3), _l("om tre dage")),
        (today + dt.timedelta(days=7), _l("om en uge")),
        (today + dt.timedelta(days=14), _l("om to uger")),
        (today + dt.timedelta(days=28), _l("om fire uger")),
    ]
