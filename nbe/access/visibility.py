"""Which rows a viewer may see. A row outside does not exist: reads start from `visible`."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort

from nbe.access.permissions import Permission, Scope
from nbe.access.viewers import Viewer
from nbe.core.database import Base, db, table_of
from nbe.models import (
    ActionPlan,
    Activity,
    Business,
    Candidacy,
    Change,
    Contact,
    Course,
    Event,
    FollowUp,
    ImportRun,
    LedgerRow,
    Loan,
    Mailing,
    Measure,
    Membership,
    Participant,
    Pledge,
    Registration,
    Report,
    Screener,
    Screening,
    ScreeningPerson,
    SeatExchange,
    Team,
)
from nbe.models.states import ReportState, RoleName, ScreeningRole

M = TypeVar("M", bound=Base)

_BY_BUSINESS = (Contact, Membership, Activity, Candidacy, Screening, Measure, ActionPlan, FollowUp)
_BY_OWN_CODE = (LedgerRow, Change, ImportRun, Screener, Pledge, Participant, Event, Registration, Mailing)
_OF_THE_NETWORK = (Course, Team)
# A screener reads the businesses of screenings given to her, wherever they lie: she may have been lent there.
_LENT = (Permission.BUSINESSES_READ, Permission.SCREENINGS_READ, Permission.REPORTS_READ)
_AT_WORK = (ScreeningRole.LEAD, ScreeningRole.SECOND)


def visible(viewer: Viewer, model: type[M], permission: Permission = Permission.BUSINESSES_READ) -> sa.Select[M]:
    """A select of the rows of `model` that `viewer` may see by `permission`.

    Hidden rows (an undone import's) and merged businesses are left out. For all that belongs to a
    business, the business is joined and decides. A loan or an offer of seats is seen by both municipalities,
    an offer to all by all.
    """
    scope = viewer.scope(permission)
    columns: Any = model
    statement: sa.Select[Any] = sa.select(model)
    owners: tuple[Any, ...] = (Business.municipality_code,)
    if model is Business:
        statement = statement.where(Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
    elif model in _BY_BUSINESS:
        statement = statement.join(Business, Business.id == columns.business_id).where(
            Business.is_hidden.is_(False),
            (Business.merged_into_id + 0).is_(None),  # "+ 0": SQLite begins with the rows, not this index
        )
        if hasattr(model, "is_hidden"):
            statement = statement.where(columns.is_hidden.is_(False))
    elif model is Report:
        statement = (
            statement.join(Screening, Screening.id == Report.screening_id)
            .join(Business, Business.id == Screening.business_id)
            .where(Screening.is_hidden.is_(False), Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
        )
        if viewer.scope(Permission.SCREENINGS_READ) is Scope.NONE:  # who only reads waits until it is handed over
            statement = statement.where(Report.state == ReportState.HANDED_OVER)
    elif model in _BY_OWN_CODE:
        owners = (columns.municipality_code,)
        if hasattr(model, "is_hidden"):
            statement = statement.where(columns.is_hidden.is_(False))
    elif model in _OF_THE_NETWORK:  # nobody's own: for all who may see any
        owners = ()
        statement = statement.where(columns.is_hidden.is_(False))
    elif model is Loan:
        owners = (Loan.lender_code, Loan.borrower_code)
    elif model is SeatExchange:
        owners = (SeatExchange.from_code, sa.func.coalesce(SeatExchange.to_code, viewer.municipality_code))
    else:
        raise TypeError(f"no rule says who may see {model.__name__}")
    if scope is Scope.NONE:
        return statement.where(sa.false())
    if scope is Scope.ASSIGNED:
        return statement.where(_is_assigned(viewer, model))
    if scope is Scope.OWN:
        own = [owner == viewer.municipality_code for owner in owners]
        if viewer.role is RoleName.SCREENER and permission in _LENT and model in (Business, Report, *_BY_BUSINESS):
            own.append(Business.id.in_(_assigned(viewer, Screening.business_id)))
        if model is Change and viewer.municipality_code is not None:
            own.append(Change.id.in_(changes_of_borrower(viewer.municipality_code)))
        statement = statement.where(sa.or_(sa.false(), *own))
    return statement


def changes_of_borrower(municipality_code: int) -> sa.Select[Any]:
    """The changes of loans to a municipality: they are kept with the lender, and both may read them."""
    return (
        sa.select(Change.id)
        .join(Loan, sa.and_(Change.entity == Loan.__tablename__, Loan.id == Change.entity_id))
        .where(Loan.borrower_code == municipality_code)
    )


def _assigned(viewer: Viewer, column: Any) -> Any:
    """A column of the screenings that the viewer leads or is second at."""
    return (
        sa.select(column)
        .join(ScreeningPerson, ScreeningPerson.screening_id == Screening.id)
        .join(Screener, Screener.id == ScreeningPerson.screener_id)
        .where(Screener.user_id == viewer.user_id, ScreeningPerson.role.in_(_AT_WORK), Screening.is_hidden.is_(False))
    )


def _is_assigned(viewer: Viewer, model: Any) -> Any:
    if model is Screening:
        return Screening.id.in_(_assigned(viewer, Screening.id))
    if model is Report:
        return Report.screening_id.in_(_assigned(viewer, Screening.id))
    if model is Candidacy:
        return Candidacy.id.in_(_assigned(viewer, Screening.candidacy_id))
    if model in (Measure, ActionPlan, FollowUp):
        return model.candidacy_id.in_(_assigned(viewer, Screening.candidacy_id))
    return sa.false()


def find_visible(
    viewer: Viewer,
    model: type[M],
    row_id: int,
    permission: Permission = Permission.BUSINESSES_READ,
    *,
    for_update: bool = False,
) -> M:
    """The one row, or 404: what a viewer may not see does not exist."""
    if not 0 < row_id < 2**31:
        abort(404)
    statement = visible(viewer, model, permission).where(table_of(model).c.id == row_id)
    if for_update:
        statement = statement.with_for_update(of=model)
    row = db.session.scalars(statement).unique().one_or_none()
    if row is None:
        abort(404)
    return row
