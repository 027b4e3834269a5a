"""Whom a municipality can choose for its screenings, and which users a screener can be."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.access import Permission, Viewer
from nbe.core.database import db
from nbe.models import Loan, Municipality, Programme, Role, Screener, User
from nbe.models.states import LoanState, RoleName


def screener_choices(viewer: Viewer, municipality_code: int, programme: Programme) -> list[tuple[int, str]]:
    """(id, name) of the municipality's active screeners, then of those lent to it by an agreed loan.

    Empty for those who may not see who screens there.
    """
    if not viewer.may(Permission.RESOURCES_READ, municipality_code):
        return []
    lent = sa.select(Loan.screener_id).where(
        Loan.borrower_code == municipality_code,
        Loan.programme_id == programme.id,
        Loan.state == LoanState.ACCEPTED,
    )
    is_own = Screener.municipality_code == municipality_code
    statement = (
        sa.select(Screener.id, Screener.name, is_own, Municipality.name)
        .join(Municipality, Municipality.code == Screener.municipality_code)
        .where(sa.or_(sa.and_(is_own, Screener.is_active), Screener.id.in_(lent)))
        .order_by(is_own.desc(), Screener.name, Screener.id)
    )
    return [
        (screener_id, name if own else _("%(name)s (lånt af %(place)s)", name=name, place=place))
        for screener_id, name, own, place in db.session.execute(statement)
    ]


def active_choices(municipality_code: int) -> list[tuple[int, str]]:
    """(id, name) of the active screeners of one municipality: those it can lend."""
    statement = (
        sa.select(Screener.id, Screener.name)
        .where(Screener.municipality_code == municipality_code, Screener.is_active)
        .order_by(Screener.name, Screener.id)
    )
    return [(screener_id, name) for screener_id, name in db.session.execute(statement)]


def user_choices(municipality_code: int, screener: Screener | None = None) -> list[tuple[int, str]]:
    """(id, name) of the municipality's screeners and leaders with an account that no other screener has."""
    taken = sa.select(Screener.user_id).where(Screener.user_id.is_not(None))
    if screener is not None:
        taken = taken.where(Screener.id != screener.id)
    statement = (
        sa.select(User.id, User.name)
        .join(Role, User.roles)
        .where(
            User.municipality_code == municipality_code,
            User.active.is_(True),
            Role.name.in_([RoleName.SCREENER.value, RoleName.LEADER.value]),
            User.id.not_in(taken),
        )
        .order_by(User.name, User.id)
    )
    return [(user_id, name) for user_id, name in db.session.execute(statement)]
