"""What the service knows about the businesses and measures of a sheet, loaded in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.text import fold
from nbe.measures.actions.following import rows_of_measures
from nbe.measures.sheet import factor_text
from nbe.models import Business, Candidacy, EmissionFactor, Measure, Theme, ThemeSet
from nbe.models.states import Quantity


@dataclass(slots=True)
class Known:
    """Everything a row of measures is compared with."""

    businesses: dict[tuple[str, str], Business] = field(default_factory=dict)
    by_cvr: dict[str, list[Business]] = field(default_factory=dict)
    candidates: set[int] = field(default_factory=set)
    by_key: dict[str, Measure] = field(default_factory=dict)
    by_title: dict[tuple[int, str], Measure] = field(default_factory=dict)
    latest: dict[int, dt.date] = field(default_factory=dict)
    factors: dict[tuple[Quantity, str], EmissionFactor] = field(default_factory=dict)
    factors_by_id: dict[int, EmissionFactor] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)


def load_known(cvrs: Iterable[str], keys: Iterable[str], programme_id: int | None) -> Known:
    """What is known of these CVR numbers and keys in a programme; nothing of candidates where it is new."""
    known = Known()
    for part in chunks(sorted(set(cvrs))):
        for business in db.session.scalars(sa.select(Business).where(Business.cvr.in_(part)).order_by(Business.id)):
            known.businesses[(business.cvr, business.p_number)] = business
            if not business.is_hidden and business.merged_into_id is None:
                known.by_cvr.setdefault(business.cvr, []).append(business)
    known.factors_by_id = {factor.id: factor for factor in db.session.scalars(sa.select(EmissionFactor))}
    known.factors = {(f.quantity, fold(factor_text(f))): f for f in known.factors_by_id.values()}
    if programme_id is None:
        return known
    _load_measures(known, sorted(set(keys)), programme_id)
    latest = sa.select(sa.func.max(ThemeSet.id)).where(ThemeSet.programme_id == programme_id).scalar_subquery()
    themes = db.session.scalars(sa.select(Theme).where(Theme.theme_set_id == latest))
    known.themes = {fold(theme.title): theme.id for theme in themes}
    return known


def _load_measures(known: Known, keys: list[str], programme_id: int) -> None:
    wanted = (selectinload(Measure.savings), selectinload(Measure.owner), selectinload(Measure.theme))
    found: dict[int, Measure] = {}
    for part in chunks(sorted(business.id for business in known.businesses.values())):
        candidates = sa.select(Candidacy.business_id).where(
            Candidacy.business_id.in_(part), Candidacy.programme_id == programme_id, Candidacy.is_hidden.is_(False)
        )
        known.candidates |= set(db.session.scalars(candidates))
        of_these = sa.select(Measure).where(Measure.business_id.in_(part), Measure.programme_id == programme_id)
        found |= {measure.id: measure for measure in db.session.scalars(of_these.options(*wanted))}
    for some in chunks(keys):
        by_key = sa.select(Measure).where(Measure.key.in_(some))
        found |= {measure.id: measure for measure in db.session.scalars(by_key.options(*wanted))}
    # One that is shown goes before one that was taken away under the same title.
    for measure in sorted(found.values(), key=lambda m: (m.is_hidden, m.id)):
        known.by_key[measure.key] = measure
        if measure.programme_id == programme_id:
            known.by_title.setdefault((measure.business_id, fold(measure.title)), measure)
    for part in chunks(sorted(found)):
        known.latest |= {
            measure_id: rows[-1].happened_on for measure_id, rows in rows_of_measures(part).items() if rows
        }
