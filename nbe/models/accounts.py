"""People who sign in: users, roles, sessions, guesses at the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.database import Base
from nbe.models.municipalities import Municipality
from nbe.models.states import RoleName

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of the four roles; what each may do stands in `nbe.access`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(24), unique=True)


class User(Base, UserMixin):
    """Somebody who signs in. An erased user keeps the id and loses the person."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[dt.datetime | None]
    municipality_code: Mapped[int | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    locale: Mapped[str] = mapped_column(String(2), default="da")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # UserMixin says list[RoleMixin]
        secondary=user_role, lazy="joined"
    )
    municipality: Mapped[Municipality | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}

    @property
    def role(self) -> RoleName | None:
        """The one role a user has."""
        return RoleName(self.roles[0].name) if self.roles else None


class LoginSession(Base):
    """What a browser's cookie stands for; the cookie's token is kept hashed."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (Index(None, "last_seen_at"),)


class HeldForm(Base):
    """A form sent after its session ran out, kept until the same person signs in again."""

    __tablename__ = "held_form"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]]
    created_at: Mapped[dt.datetime]


class Attempt(Base):
    """One guess at the door (log-in, reset, look-up), counted by account and by address."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]

    __table_args__ = (Index(None, "kind", "key", "at"),)
