"""What the service remembers about its own working: changes, reads, forms, imports, settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.states import ImportState, RowOutcome


class Change(Base):
    """The audit of plain fields: one row per changed record, before and after."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int]
    business_id: Mapped[int | None] = mapped_column(index=True)
    municipality_code: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    operation: Mapped[str] = mapped_column(String(1))
    version: Mapped[int | None]
    diff: Mapped[dict[str, Any]]

    __table_args__ = (
        Index(None, "entity", "entity_id", "id"),
        Index(None, "municipality_code", "at", "id"),
        Index(None, "at", "id"),
    )


class Trail(Base):
    """Who read, searched, exported, signed in or was refused; deleted by retention only."""

    __tablename__ = "trail"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any] | None]

    __table_args__ = (Index(None, "subject", "subject_id"),)


class Submission(Base):
    """A form or request that has been carried out, by its token; sent again, it gives the same answer."""

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(String(1000))
    content_type: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(index=True)


class Setting(Base):
    """A number or word the administrator may change."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))


class ImportRun(Base):
    """One spreadsheet on its way in: the file, how its columns were read, and what came of it."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    municipality_code: Mapped[int | None] = mapped_column(ForeignKey("municipality.code"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    programme_year: Mapped[int]
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    mapping: Mapped[dict[str, Any] | None]
    state: Mapped[ImportState] = mapped_column(code_type(ImportState))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any] | None]
    message: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One row of an import: what was done with it, and what was wrong with it."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    sheet: Mapped[str] = mapped_column(String(100))
    row_number: Mapped[int]
    outcome: Mapped[RowOutcome] = mapped_column(code_type(RowOutcome))
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"), index=True)
    messages: Mapped[list[Any]]
    cells: Mapped[list[Any]]

    __table_args__ = (UniqueConstraint("import_id", "sheet", "row_number"),)


class ImportMark(Base):
    """What a spreadsheet last said about a business in a programme, so that the same word twice changes nothing."""

    __tablename__ = "import_mark"

    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    signature: Mapped[str] = mapped_column(String(200))


class HeadingChoice(Base):
    """Which field a column heading was mapped to by hand, remembered for the next file."""

    __tablename__ = "heading_choice"

    heading: Mapped[str] = mapped_column(String(200), primary_key=True)
    municipality_code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    field: Mapped[str] = mapped_column(String(40))
