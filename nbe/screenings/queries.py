"""Reading screenings: one by its id, those of a candidate, the list as the viewer may see it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.access.permissions import Scope
from nbe.core.database import db
from nbe.models import Screening, ScreeningPerson

_PEOPLE: tuple[Any, ...] = (
    selectinload(Screening.people).options(joinedload(ScreeningPerson.screener), joinedload(ScreeningPerson.contact)),
)


def find_screening(
    viewer: Viewer,
    screening_id: int,
    permission: Permission = Permission.SCREENINGS_READ,
    *,
    for_update: bool = False,
) -> Screening:
    """The one screening, or 404."""
    return find_visible(viewer, Screening, screening_id, permission, for_update=for_update)


def screenings_of(viewer: Viewer, candidacy_id: int) -> list[Screening]:
    """A candidate's screenings that the viewer may see, the latest first; with their people."""
    statement = (
        visible(viewer, Screening, Permission.SCREENINGS_READ)
        .where(Screening.candidacy_id == candidacy_id)
        .order_by(Screening.number.desc())
        .options(*_PEOPLE)
    )
    return list(db.session.scalars(statement))


def may_write(viewer: Viewer, screening: Screening, permission: Permission = Permission.SCREENINGS_WRITE) -> bool:
    """Whether the viewer holds a permission for this visit; a screener only where she is at work."""
    if viewer.scope(permission) is Scope.ASSIGNED:
        mine = visible(viewer, Screening, permission).where(Screening.id == screening.id)
        return db.session.scalar(mine.with_only_columns(Screening.id)) is not None
    return viewer.may(permission, screening.business.municipality_code)
