"""The emission factors a new instance begins with: an example set, for the secretariat to put its own in place of.

The values lie in the range that such factors have; they are nobody's published figures and say so.
"""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from nbe.core.database import db
from nbe.models import EmissionFactor
from nbe.models.states import Quantity

FIRST_YEAR = 2016
EXAMPLE = "Vejledende eksempel uden kilde. Kontrolleres og erstattes af sekretariatet"
FIRST_FACTORS: tuple[tuple[Quantity, str, str, str], ...] = (
    (Quantity.ENERGY, "electricity", "El", "0.30"),
    (Quantity.ENERGY, "district_heating", "Fjernvarme", "0.10"),
    (Quantity.ENERGY, "natural_gas", "Naturgas", "0.20"),
    (Quantity.ENERGY, "heating_oil", "Fyringsolie", "0.27"),
    (Quantity.ENERGY, "diesel", "Diesel", "0.27"),
    (Quantity.WATER, "water", "Vand", "0.50"),
    (Quantity.WASTE, "residual", "Restaffald til forbrænding", "0.40"),
    (Quantity.WASTE, "plastic", "Plast", "2.00"),
    (Quantity.WASTE, "metal", "Metal", "1.50"),
    (Quantity.WASTE, "paper", "Papir og pap", "0.70"),
    (Quantity.MATERIAL, "steel", "Stål", "2.00"),
    (Quantity.MATERIAL, "aluminium", "Aluminium", "9.00"),
    (Quantity.MATERIAL, "plastic", "Plast", "3.00"),
    (Quantity.MATERIAL, "wood", "Træ", "0.30"),
    (Quantity.MATERIAL, "concrete", "Beton", "0.15"),
    (Quantity.MATERIAL, "cardboard", "Papir og pap", "0.90"),
)


def hold_factors() -> None:
    """Put the example set in where there are no factors."""
    if db.session.scalar(sa.select(sa.func.count(EmissionFactor.id))):
        return
    db.session.add_all(
        EmissionFactor(
            quantity=quantity, code=code, title=title, kg_per_unit=Decimal(kg), year=FIRST_YEAR, source=EXAMPLE
        )
        for quantity, code, title, kg in FIRST_FACTORS
    )
