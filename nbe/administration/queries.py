"""What the secretariat's pages ask of the audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from nbe.core.database import Base, db
from nbe.models import Change


def deleted_fields(model: type[Base], row_id: int) -> dict[str, Any] | None:
    """What a deleted record last held, as the audit keeps it; None when nothing with this id was deleted."""
    statement = (
        sa.select(Change.diff)
        .where(Change.entity == model.__tablename__, Change.entity_id == row_id, Change.operation == "D")
        .order_by(Change.id.desc())
        .limit(1)
    )
    diff = db.session.scalar(statement)
    return {key: pair[0] for key, pair in diff.items()} if diff else None
