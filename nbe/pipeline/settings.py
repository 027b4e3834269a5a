"""How long a candidate may be quiet before it is said to have gone silent; the administrator may change it."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Setting
from nbe.pipeline.rules import SILENT_AFTER, SILENT_BEFORE

BEFORE_KEY, AFTER_KEY = "silent_days_before", "silent_days_after"


def silent_days() -> tuple[int, int]:
    """Days without activity before *egnet* and after."""
    rows = db.session.execute(sa.select(Setting.key, Setting.value).where(Setting.key.in_([BEFORE_KEY, AFTER_KEY])))
    kept = {key: int(value) for key, value in rows}
    return kept.get(BEFORE_KEY, SILENT_BEFORE), kept.get(AFTER_KEY, SILENT_AFTER)


def set_silent_days(before: int, after: int) -> None:
    """Set both numbers of days."""
    for key, days in ((BEFORE_KEY, before), (AFTER_KEY, after)):
        db.session.merge(Setting(key=key, value=str(days)))
    db.session.flush()
