"""Settings the administrator changes while the service runs; a key that was never set is absent."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Setting


def read_settings(*keys: str, for_update: bool = False) -> dict[str, str]:
    """The stored values of these keys, in one statement."""
    statement = sa.select(Setting).where(Setting.key.in_(keys)).order_by(Setting.key)
    if for_update:
        statement = statement.with_for_update()
    return {setting.key: setting.value for setting in db.session.scalars(statement)}


def write_setting(key: str, value: str) -> None:
    """Store a value; an empty one takes the setting away, so that the default holds again."""
    setting = db.session.get(Setting, key)
    if not value:
        if setting is not None:
            db.session.delete(setting)
    elif setting is None:
        db.session.add(Setting(key=key, value=value))
    else:
        setting.value = value
    db.session.flush()
