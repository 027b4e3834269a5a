"""Which rows a viewer may see. A row outside does not exist: reads start from `visible`."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort

from nbe.access.permissions import Permission, Scope
from nbe.access.viewers import Viewer
from nbe.core.database import Base, db, table_of
from nbe.models import Activity, Business, Candidacy, Change, Contact, ImportRun, LedgerRow, Membership

M = TypeVar("M", bound=Base)

_BY_BUSINESS = (Contact, Membership, Activity, Candidacy)
_BY_OWN_CODE = (LedgerRow, Change, ImportRun)


def visible(viewer: Viewer, model: type[M], permission: Permission = Permission.BUSINESSES_READ) -> sa.Select[M]:
    """A select of the rows of `model` that `viewer` may see by `permission`.

    Hidden rows (an undone import's) and merged businesses are left out. For contacts,
    memberships, activities and candidacies the business is joined and decides.
    """
    scope = viewer.scope(permission)
    columns: Any = model
    statement: sa.Select[Any] = sa.select(model)
    if model is Business:
        statement = statement.where(Business.is_hidden.is_(False), Business.merged_into_id.is_(None))
        owner: Any = Business.municipality_code
    elif model in _BY_BUSINESS:
        statement = statement.join(Business, Business.id == columns.business_id).where(
            columns.is_hidden.is_(False),
            Business.is_hidden.is_(False),
            (Business.merged_into_id + 0).is_(None),  # "+ 0": SQLite begins with the rows, not this index
        )
        owner = Business.municipality_code
    elif model in _BY_OWN_CODE:
        owner = columns.municipality_code
    else:
        raise TypeError(f"no rule says who may see {model.__name__}")
    if scope is Scope.NONE:
        return statement.where(sa.false())
    if scope is Scope.OWN:
        statement = statement.where(owner == viewer.municipality_code)
    return statement


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
