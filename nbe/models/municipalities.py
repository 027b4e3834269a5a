"""Municipalities, programme years, and target numbers."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.database import Base

DEFAULT_TARGET = 5


class Municipality(Base):
    """One of the eleven North Jutland municipalities, by its official code."""

    __tablename__ = "municipality"

    code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    sort_key: Mapped[str] = mapped_column(String(200))

    @property
    def full_name(self) -> str:
        """The name as the municipality writes it: "Jammerbugt Kommune"."""
        return str(_("%(name)s Kommune", name=self.name))


class Programme(Base):
    """One year's round of forløb."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    deadline_on: Mapped[dt.date]
    measures_required: Mapped[int] = mapped_column(default=1)  # in a plan, before it can be adopted

    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("measures_required BETWEEN 1 AND 20", name="measures_required"),
    )


class Target(Base):
    """How many suitable businesses one municipality must find in one programme, and by when.

    The number in force at a past date is told by the ledger; this row holds today's.
    """

    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    required: Mapped[int] = mapped_column(default=DEFAULT_TARGET)
    deadline_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    municipality: Mapped[Municipality] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("programme_id", "municipality_code"),
        CheckConstraint("required BETWEEN 0 AND 999", name="required"),
    )
