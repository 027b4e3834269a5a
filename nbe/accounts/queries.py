"""Reading users."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort

from nbe.core.database import db
from nbe.models import Municipality, Role, User
from nbe.models.states import RoleName

PER_PAGE = 50


def page_of_users(page: int) -> Any:
    """Users by name, fifty at a time."""
    statement = sa.select(User).order_by(User.active.desc(), User.name, User.email, User.id)
    return db.paginate(statement, page=max(1, page), per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def find_user(user_id: int, *, for_update: bool = False) -> User:
    """One user, or 404; held until the end of the change when it is to be changed."""
    held = {"of": User} if for_update else None
    user = db.session.get(User, user_id, with_for_update=held) if 0 < user_id < 2**31 else None
    if user is None:
        abort(404)
    return user


def find_by_email(email: str) -> User | None:
    """The user with this address, in whatever letters."""
    return (
        db.session.scalars(sa.select(User).where(sa.func.lower(User.email) == email.strip().casefold()))
        .unique()
        .one_or_none()
    )


def municipality_choices() -> list[tuple[int, str]]:
    """Code and name of each municipality, in Danish order."""
    rows = db.session.execute(sa.select(Municipality.code, Municipality.name).order_by(Municipality.sort_key))
    return [(code, name) for code, name in rows]


def find_role(role: RoleName) -> Role:
    """The row of a role."""
    return db.session.scalars(sa.select(Role).where(Role.name == role.value)).one()


def count_other_administrators(user: User) -> int:
    """How many other active administrators there are."""
    statement = (
        sa.select(sa.func.count())
        .select_from(User)
        .join(User.roles)
        .where(Role.name == RoleName.ADMINISTRATOR.value, User.active.is_(True), User.id != user.id)
    )
    return db.session.scalar(statement) or 0


def first_user_with(role: RoleName) -> User | None:
    """The first active user of a role (the demo's one-click sign-in)."""
    statement = (
        sa.select(User)
        .join(Role, User.roles)
        .where(Role.name == role.value, User.active.is_(True))
        .order_by(User.id)
        .limit(1)
    )
    return db.session.scalars(statement).unique().one_or_none()
