"""The four roles."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Role
from nbe.models.states import RoleName


def hold_roles() -> None:
    """See to it that the four are there."""
    known = set(db.session.scalars(sa.select(Role.name)))
    db.session.add_all(Role(name=name.value) for name in RoleName if name.value not in known)
