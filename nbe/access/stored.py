"""Settings the administrator changes while the service runs; a key that was never set is absent."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Setting

CONTACT_MAIL = "contact_mail"  # of the secretariat
_SETTINGS_LOCK = 7_315_003
_KEYS: sa.BindParameter[str] = sa.bindparam("keys", expanding=True)
_STORED = sa.select(Setting.key, Setting.value).where(Setting.key.in_(_KEYS)).order_by(Setting.key)


def read_settings(*keys: str, for_update: bool = False) -> dict[str, str]:
    """The stored values of these keys; for a change, once others' changes are done."""
    if for_update and db.session.connection().dialect.name == "postgresql":
        # A setting that nobody has changed yet has no row to hold.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_SETTINGS_LOCK)))
    statement = _STORED.with_for_update() if for_update else _STORED
    return {key: value for key, value in db.session.execute(statement, {"keys": keys})}  # noqa: C416 - typed


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
