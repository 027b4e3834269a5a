"""Screenings on site: the themes asked about, the visit with its people, the answers as typed, files and reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.businesses import Business, Contact
from nbe.models.candidacies import Candidacy
from nbe.models.resources import Screener
from nbe.models.states import EditOutcome, Relevance, ReportState, ScreeningRole, ScreeningState


class ThemeSet(Base):
    """One version of the themes of a programme. A screening keeps the version it began with."""

    __tablename__ = "theme_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int] = mapped_column(default=1)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]

    themes: Mapped[list[Theme]] = relationship(back_populates="theme_set", order_by="Theme.position")

    __table_args__ = (UniqueConstraint("programme_id", "number"),)


class Theme(Base):
    """One theme of a version; `code` is the same in every version, so that screenings can be compared."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_set_id: Mapped[int] = mapped_column(ForeignKey("theme_set.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(String(600), default="")
    position: Mapped[int] = mapped_column(default=0)

    theme_set: Mapped[ThemeSet] = relationship(back_populates="themes")

    __table_args__ = (UniqueConstraint("theme_set_id", "code"),)


class Screening(Base):
    """One visit to a candidate, the first or a later one. Its state repeats the ledger's last word."""

    __tablename__ = "screening"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    theme_set_id: Mapped[int] = mapped_column(ForeignKey("theme_set.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[ScreeningState] = mapped_column(code_type(ScreeningState))
    state_since_on: Mapped[dt.date]
    starts_at: Mapped[dt.datetime]
    minutes: Mapped[int] = mapped_column(default=180)
    place: Mapped[str] = mapped_column(String(300), default="")
    to_prepare: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    held_on: Mapped[dt.date | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship()
    candidacy: Mapped[Candidacy] = relationship()
    theme_set: Mapped[ThemeSet] = relationship()
    people: Mapped[list[ScreeningPerson]] = relationship(back_populates="screening", order_by="ScreeningPerson.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("candidacy_id", "number"),
        Index(None, "programme_id", "state"),
        Index(None, "starts_at"),
        CheckConstraint("minutes BETWEEN 15 AND 1440", name="minutes"),
    )


class ScreeningPerson(Base):
    """Somebody at the visit: a screener who leads, is second or observes, or one of the business's people."""

    __tablename__ = "screening_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screening.id"), index=True)
    role: Mapped[ScreeningRole] = mapped_column(code_type(ScreeningRole))
    screener_id: Mapped[int | None] = mapped_column(ForeignKey("screener.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")

    screening: Mapped[Screening] = relationship(back_populates="people")
    screener: Mapped[Screener | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    @property
    def shown_name(self) -> str:
        """What the person is called now; the name alone where nobody known stands behind it."""
        known = self.screener or self.contact
        return known.name if known is not None else self.name


class ThemeAnswer(Base):
    """What was seen under one theme. Potential 0–3; None: not judged."""

    __tablename__ = "theme_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screening.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    relevance: Mapped[Relevance] = mapped_column(code_type(Relevance))
    why_not: Mapped[str] = mapped_column(Text, default="")
    does_already: Mapped[str] = mapped_column(Text, default="")
    observation: Mapped[str] = mapped_column(Text, default="")
    potential: Mapped[int | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    theme: Mapped[Theme] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("screening_id", "theme_id"),
        CheckConstraint("potential BETWEEN 0 AND 3", name="potential"),
    )


class ScreeningEdit(Base):
    """One thing typed on one device, in the order of that device; the latest applied one of a field is its revision.

    `base_id`: the edit that the device had last seen on the field. Device and number make it count once.
    """

    __tablename__ = "screening_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screening.id"))
    device: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text, default="")
    base_id: Mapped[int | None]
    outcome: Mapped[EditOutcome] = mapped_column(code_type(EditOutcome))
    message: Mapped[str] = mapped_column(String(300), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("screening_id", "device", "number"),
        Index(None, "screening_id", "subject", "field", "id"),
    )


class ScreeningFile(Base):
    """A photo or file of a visit; its bytes lie in the files folder under `key`, without location data."""

    __tablename__ = "screening_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screening.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    caption: Mapped[str] = mapped_column(String(300), default="")
    is_confidential: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Report(Base):
    """One version of a screening's report. Handed over it is locked: `frozen` is what it said, word for word."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screening.id"))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = mapped_column(code_type(ReportState))
    introduction: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    confidential_note: Mapped[str] = mapped_column(Text, default="")
    correction_reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reader_note: Mapped[str] = mapped_column(Text, default="")
    approved_on: Mapped[dt.date | None]
    handed_over_on: Mapped[dt.date | None]
    handed_over_to: Mapped[str] = mapped_column(String(200), default="")
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    frozen: Mapped[dict[str, Any] | None]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    screening: Mapped[Screening] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("screening_id", "number"),)
