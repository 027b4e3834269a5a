"""The suitability criteria a new instance begins with."""

from __future__ import annotations

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import Criterion

FIRST_CRITERIA = ("Ledelsesopbakning", "5–100 ansatte", "Energi- eller ressourcetungt", "Tid til forløbet i året")


def hold_criteria() -> None:
    """Put the first criteria in where there are none."""
    if db.session.scalar(sa.select(sa.func.count(Criterion.id))):
        return
    db.session.add_all(Criterion(title=title, position=i) for i, title in enumerate(FIRST_CRITERIA, 1))
