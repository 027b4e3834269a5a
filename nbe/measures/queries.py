"""Reading measures of one candidate, and the emission factors."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.access.permissions import Scope
from nbe.core.database import db
from nbe.ledger import telling
from nbe.ledger.telling import ToldRow
from nbe.measures.actions import rows_of_measure
from nbe.measures.rules import by_payback, payback
from nbe.models import Candidacy, EmissionFactor, FollowUp, Measure
from nbe.models.states import LedgerKind, MeasureState, Quantity, SavingPhase


def find_measure(
    viewer: Viewer, measure_id: int, permission: Permission = Permission.SCREENINGS_READ, *, for_update: bool = False
) -> Measure:
    """The measure, or 404."""
    return find_visible(viewer, Measure, measure_id, permission, for_update=for_update)


def list_measures(candidacy_id: int) -> list[Measure]:
    """All measures of a candidate with their savings, in the order of `by_payback` as identified."""
    statement = (
        sa.select(Measure)
        .where(Measure.candidacy_id == candidacy_id, Measure.is_hidden.is_(False))
        .options(selectinload(Measure.savings), selectinload(Measure.owner), selectinload(Measure.theme))
        .order_by(Measure.id)
    )
    found = list(db.session.scalars(statement))
    return sorted(found, key=lambda measure: by_payback(payback(measure, SavingPhase.IDENTIFIED)))


def list_proposals(candidacy_id: int) -> list[Measure]:
    """The measures of a candidate that are not given up, the shortest payback first, what cannot be told last."""
    return [measure for measure in list_measures(candidacy_id) if measure.state is not MeasureState.ABANDONED]


def list_follow_ups(candidacy_id: int) -> list[FollowUp]:
    """The looks at how the plan of a candidate goes, the first first."""
    statement = sa.select(FollowUp).where(FollowUp.candidacy_id == candidacy_id)
    return list(db.session.scalars(statement.order_by(FollowUp.months)))


def list_factors(quantity: Quantity | None = None, *, only_active: bool = False) -> list[EmissionFactor]:
    """The emission factors by quantity and title, the newest year of each first."""
    statement = sa.select(EmissionFactor)
    if quantity is not None:
        statement = statement.where(EmissionFactor.quantity == quantity)
    if only_active:
        statement = statement.where(EmissionFactor.is_active.is_(True))
    order = list(Quantity)
    found = db.session.scalars(statement.order_by(EmissionFactor.code, EmissionFactor.year.desc()))
    return sorted(found, key=lambda factor: order.index(factor.quantity))


def may_write(viewer: Viewer, candidacy: Candidacy) -> bool:
    """Whether the viewer may change measures and plan of this candidate; a screener only where she is at work."""
    scope = viewer.scope(Permission.SCREENINGS_WRITE)
    if scope is Scope.ASSIGNED:
        mine = visible(viewer, Candidacy, Permission.SCREENINGS_WRITE).where(Candidacy.id == candidacy.id)
        return db.session.scalar(mine.with_only_columns(Candidacy.id)) is not None
    return viewer.may(Permission.SCREENINGS_WRITE, candidacy.business.municipality_code)


def list_told(measure: Measure) -> list[ToldRow]:
    """All that was told of a measure, the latest first; what was taken back is marked."""
    return telling.list_told(LedgerKind.MEASURE, measure.id, {row.id for row in rows_of_measure(measure)})


def find_follow_up(viewer: Viewer, look_id: int, permission: Permission, *, for_update: bool = False) -> FollowUp:
    """The look, or 404."""
    return find_visible(viewer, FollowUp, look_id, permission, for_update=for_update)


def find_factor(factor_id: int) -> EmissionFactor | None:
    """One emission factor, locked; None where there is none."""
    if not 0 < factor_id < 2**31:
        return None
    return db.session.scalar(sa.select(EmissionFactor).where(EmissionFactor.id == factor_id).with_for_update())
