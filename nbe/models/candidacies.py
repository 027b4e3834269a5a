"""Candidacies: a business in one programme, its stage, and the assessment of its suitability."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.businesses import Business
from nbe.models.municipalities import Programme
from nbe.models.states import CloseReason, CriterionAnswer, Source, Stage, Verdict


class Candidacy(Base):
    """A business in one programme. Stage, verdict and their dates repeat the ledger's last word."""

    __tablename__ = "candidacy"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    stage: Mapped[Stage] = mapped_column(code_type(Stage))
    stage_since_on: Mapped[dt.date]
    close_reason: Mapped[CloseReason | None] = mapped_column(code_type(CloseReason))
    postponed_to_year: Mapped[int | None]
    verdict: Mapped[Verdict | None] = mapped_column(code_type(Verdict))
    verdict_on: Mapped[dt.date | None]
    source: Mapped[Source | None] = mapped_column(code_type(Source))
    screening_on: Mapped[dt.date | None]
    screener_name: Mapped[str] = mapped_column(String(120), default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_step_on: Mapped[dt.date | None]
    last_activity_on: Mapped[dt.date | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship()
    programme: Mapped[Programme] = relationship()
    assessment: Mapped[Assessment | None] = relationship(back_populates="candidacy")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("business_id", "programme_id"),
        Index(None, "programme_id", "stage"),
        Index(None, "programme_id", "next_step_on"),
        CheckConstraint("(stage = 'closed') = (close_reason IS NOT NULL)", name="close_reason_set"),
    )


class Criterion(Base):
    """One question of the suitability assessment; a weight, and a place in the list."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    weight: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 9", name="weight"),)


class Assessment(Base):
    """The criteria answered for one candidacy. The verdict is a person's, never computed."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    updated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    candidacy: Mapped[Candidacy] = relationship(back_populates="assessment")
    answers: Mapped[list[AssessmentAnswer]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class AssessmentAnswer(Base):
    """The answer to one criterion."""

    __tablename__ = "assessment_answer"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    answer: Mapped[CriterionAnswer] = mapped_column(code_type(CriterionAnswer))
