"""Emission factors: a new one is added, an old one taken out of use; none is ever changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from nbe.core.database import db
from nbe.core.text import fold
from nbe.models import EmissionFactor
from nbe.models.states import Quantity


class KnownFactorError(ValueError):
    """There is one for that quantity, name and year already."""


def add_factor(quantity: Quantity, title: str, kg_per_unit: Decimal, year: int, source: str) -> EmissionFactor:
    """A factor for a year. The same name as one there is continues it. Raises KnownFactorError."""
    same = db.session.scalars(sa.select(EmissionFactor).where(EmissionFactor.quantity == quantity)).all()
    code = next((factor.code for factor in same if fold(factor.title) == fold(title)), None) or _code_for(title, same)
    if any(factor.code == code and factor.year == year for factor in same):
        raise KnownFactorError
    factor = EmissionFactor(
        quantity=quantity, code=code, title=title, kg_per_unit=kg_per_unit, year=year, source=source
    )
    db.session.add(factor)
    db.session.flush()
    return factor


def _code_for(title: str, known: Sequence[EmissionFactor]) -> str:
    taken = {factor.code for factor in known}
    base = re.sub(r"[^a-z0-9]+", "_", fold(title).translate({230: "ae", 248: "oe", 229: "aa"})).strip("_")[:34] or "x"
    return next(code for code in (base, *(f"{base}_{n}" for n in range(2, 1000))) if code not in taken)


def set_factor_in_use(factor: EmissionFactor, is_active: bool) -> None:
    """Offer a factor for new numbers, or no longer; what it has been used for keeps its value."""
    factor.is_active = is_active
    db.session.flush()
