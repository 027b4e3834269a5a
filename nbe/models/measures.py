"""Measures: what is proposed at a screening, decided in a plan and carried out, with the savings kept apart."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import Scaled, code_type
from nbe.core.database import Base
from nbe.models.businesses import Business, Contact
from nbe.models.candidacies import Candidacy
from nbe.models.screenings import Theme
from nbe.models.states import MeasureState, Quantity, SavingPhase

AMOUNT = 3  # decimals of an amount
FACTOR = 6  # decimals of an emission factor


class EmissionFactor(Base):
    """kg CO₂e per unit of a quantity, with its year and source. Never changed: another year is another row."""

    __tablename__ = "emission_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    quantity: Mapped[Quantity] = mapped_column(code_type(Quantity))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    kg_per_unit: Mapped[Decimal] = mapped_column(Scaled(FACTOR))
    year: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("quantity", "code", "year"),)


class Measure(Base):
    """One proposal or line of the action plan. Its state repeats the ledger's last word."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    screening_id: Mapped[int | None] = mapped_column(ForeignKey("screening.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MeasureState] = mapped_column(code_type(MeasureState))
    state_since_on: Mapped[dt.date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[dt.date | None]
    is_in_plan: Mapped[bool] = mapped_column(default=False)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship()
    candidacy: Mapped[Candidacy] = relationship()
    theme: Mapped[Theme | None] = relationship()
    owner: Mapped[Contact | None] = relationship()
    savings: Mapped[list[Saving]] = relationship(back_populates="measure", order_by="Saving.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "programme_id", "state"), Index(None, "due_on"))


class Saving(Base):
    """How much of one quantity a measure saves a year in one phase, or costs once (investment).

    `amount` None and not `is_not_measured`: nothing told yet. The emission factor stands beside the CO₂e it gave.
    `evidence` says what documents a realised amount.
    """

    __tablename__ = "saving"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    phase: Mapped[SavingPhase] = mapped_column(code_type(SavingPhase))
    quantity: Mapped[Quantity] = mapped_column(code_type(Quantity))
    amount: Mapped[Decimal | None] = mapped_column(Scaled(AMOUNT))
    is_not_measured: Mapped[bool] = mapped_column(default=False)
    baseline: Mapped[Decimal | None] = mapped_column(Scaled(AMOUNT))
    evidence: Mapped[str] = mapped_column(Text, default="")
    factor_id: Mapped[int | None] = mapped_column(ForeignKey("emission_factor.id"), index=True)
    factor_kg: Mapped[Decimal | None] = mapped_column(Scaled(FACTOR))
    factor_year: Mapped[int | None]
    factor_source: Mapped[str] = mapped_column(String(300), default="")
    co2e_kg: Mapped[Decimal | None] = mapped_column(Scaled(AMOUNT))
    version: Mapped[int] = mapped_column(default=1)

    measure: Mapped[Measure] = relationship(back_populates="savings")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("measure_id", "phase", "quantity"),
        CheckConstraint("NOT is_not_measured OR amount IS NULL", name="one_state"),
    )


class ActionPlan(Base):
    """The plan agreed with a candidate: the day it was adopted, and what was agreed in words."""

    __tablename__ = "action_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), unique=True)
    adopted_on: Mapped[dt.date | None]
    adopted_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    candidacy: Mapped[Candidacy] = relationship()

    __mapper_args__ = {"version_id_col": version}


class FollowUp(Base):
    """A look at how the plan goes, so many months after it was adopted."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    months: Mapped[int]
    due_on: Mapped[dt.date]
    held_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("candidacy_id", "months"), Index(None, "due_on"))
