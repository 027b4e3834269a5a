"""The made-up people who sign in to the demo: one per role, and a leader for each municipality."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.models import Role, User
from nbe.models.states import RoleName

PEOPLE: tuple[tuple[str, str, RoleName, int | None], ...] = (
    ("sekretariat@example.dk", "Birgit Sekretær", RoleName.ADMINISTRATOR, None),
    ("leder.jammerbugt@example.dk", "Anne Leder", RoleName.LEADER, 849),
    ("screener.jammerbugt@example.dk", "Mads Screener", RoleName.SCREENER, 849),
    ("partner.jammerbugt@example.dk", "Karen Partner", RoleName.PARTNER, 849),
    ("leder.aalborg@example.dk", "Ole Leder", RoleName.LEADER, 851),
    ("leder.hjoerring@example.dk", "Pia Leder", RoleName.LEADER, 860),
    ("leder.vesthimmerland@example.dk", "Ib Leder", RoleName.LEADER, 820),
    ("leder.frederikshavn@example.dk", "Hanne Leder", RoleName.LEADER, 813),
    ("leder.broenderslev@example.dk", "Søren Leder", RoleName.LEADER, 810),
    ("leder.rebild@example.dk", "Tine Leder", RoleName.LEADER, 840),
    ("leder.mariagerfjord@example.dk", "Rasmus Leder", RoleName.LEADER, 846),
    ("leder.thisted@example.dk", "Line Leder", RoleName.LEADER, 787),
    ("leder.morsoe@example.dk", "Viggo Leder", RoleName.LEADER, 773),
    ("leder.laesoe@example.dk", "Ulla Leder", RoleName.LEADER, 825),
)


def make_users() -> dict[int | None, int]:
    """Create those who are missing, without a password; -> the leader's user id by municipality (None: secretariat)."""
    roles = {role.name: role for role in db.session.scalars(sa.select(Role))}
    known = {user.email: user for user in db.session.scalars(sa.select(User)).unique()}
    by_municipality: dict[int | None, int] = {}
    for email, name, role, code in PEOPLE:
        user = known.get(email)
        if user is None:
            user = User(
                email=email,
                name=name,
                password=None,
                fs_uniquifier=secrets.token_hex(32),
                municipality_code=code,
                roles=[roles[role.value]],
                confirmed_at=clock.real_now(),
                created_at=clock.real_now(),
            )
            db.session.add(user)
            db.session.flush()
        if role in (RoleName.ADMINISTRATOR, RoleName.LEADER):
            by_municipality[code] = user.id
    return by_municipality
