"""The businesses that a sheet of people names: those known, and those that come with the same file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.imports.decide import RowPlan
from nbe.models import Business
from nbe.models.states import RowOutcome


@dataclass(frozen=True, slots=True)
class Found:
    """A business by its number. `code` names what is wrong; without it and a municipality it is not known.

    `business` is None for one that comes with the same file.
    """

    cvr: str = ""
    p_number: str = ""
    municipality_code: int | None = None
    business: Business | None = None
    code: str = ""


class Businesses:
    """Found by CVR and P-number, and by CVR alone where it is one."""

    def __init__(self, cvrs: Iterable[str], rows: Sequence[RowPlan]) -> None:
        self._known: dict[str, list[Business]] = {}
        for part in chunks(sorted(set(cvrs))):
            statement = sa.select(Business).where(Business.cvr.in_(part)).order_by(Business.id)
            for business in db.session.scalars(statement):
                self._known.setdefault(business.cvr, []).append(business)
        self._of_file: dict[str, list[RowPlan]] = {}
        for row in rows:
            if row.outcome is not RowOutcome.FAILED:
                self._of_file.setdefault(row.cvr, []).append(row)

    def find(self, cvr: str, p_number: str, own: int | None) -> Found:
        """The one meant; `own` is the importer's municipality, None for all."""
        found: dict[tuple[str, str], Found] = {}
        for business in self._known.get(cvr, []):
            if business.merged_into_id is None and not business.is_hidden:
                place = (business.cvr, business.p_number)
                found[place] = Found(*place, business.municipality_code, business)
        for row in self._of_file.get(cvr, []):
            found.setdefault((row.cvr, row.p_number), Found(row.cvr, row.p_number, row.municipality_code))
        exact = found.get((cvr, p_number))
        meant = [exact] if exact else [] if p_number else list(found.values())
        at_home = [f for f in meant if own in (None, f.municipality_code)]
        if meant and not at_home:
            return Found(code="other_municipality")
        if len(at_home) > 1:
            return Found(code="which_unit")
        return at_home[0] if at_home else Found()
