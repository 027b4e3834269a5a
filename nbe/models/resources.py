"""Who can screen, and the hours promised for the forløb of a municipality, its own people's and those lent to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import Scaled, code_type
from nbe.core.database import Base
from nbe.models.accounts import User
from nbe.models.municipalities import Municipality
from nbe.models.states import HourTask, LoanState

# Hours of one forløb, until a programme says otherwise: 30 in all.
DEFAULT_HOURS: dict[HourTask, int] = {
    HourTask.PREPARATION: 4,
    HourTask.VISIT: 6,
    HourTask.REPORT: 8,
    HourTask.FEEDBACK: 2,
    HourTask.PLAN: 6,
    HourTask.FOLLOW_UP: 4,
}


class Screener(Base):
    """Somebody of a municipality's staff who can screen. `trained_on`: the day a course made it so."""

    __tablename__ = "screener"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    trained_on: Mapped[dt.date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    user: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class HourNorm(Base):
    """Hours of one task of a forløb in one programme; absent rows mean DEFAULT_HOURS."""

    __tablename__ = "hour_norm"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    task: Mapped[HourTask] = mapped_column(code_type(HourTask))
    hours: Mapped[Decimal] = mapped_column(Scaled(2))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("programme_id", "task"), CheckConstraint("hours >= 0", name="hours"))


class Pledge(Base):
    """Hours one person has been promised for in one month, for one municipality's forløb; told by the ledger."""

    __tablename__ = "pledge"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    screener_id: Mapped[int] = mapped_column(ForeignKey("screener.id"), index=True)
    month_on: Mapped[dt.date]
    hours: Mapped[Decimal] = mapped_column(Scaled(2))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    screener: Mapped[Screener] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("programme_id", "municipality_code", "screener_id", "month_on"),
        CheckConstraint("hours >= 0", name="hours"),
    )


class Loan(Base):
    """A screener lent by one municipality to another: offered or asked for, accepted or not.

    `hours_taken`: of the hours lent, those her own municipality had been promised; they go back when the loan ends.
    """

    __tablename__ = "loan"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    lender_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    borrower_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    screener_id: Mapped[int | None] = mapped_column(ForeignKey("screener.id"), index=True)
    month_on: Mapped[dt.date]
    hours: Mapped[Decimal] = mapped_column(Scaled(2))
    hours_taken: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))
    state: Mapped[LoanState] = mapped_column(code_type(LoanState))
    note: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    screener: Mapped[Screener | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("lender_code <> borrower_code", name="two_municipalities"),
        CheckConstraint("hours > 0", name="hours"),
        Index(None, "programme_id", "state"),
    )
