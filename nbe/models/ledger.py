"""The append-only ledger of moves, its reasons, and the totals kept beside it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.states import OF_BUSINESSES, LedgerKind

_TAKES_BACK = text("reverses_id IS NOT NULL")
_HAS_SUBJECT = text("subject_id IS NOT NULL")
_OF_BUSINESSES = ", ".join(f"'{kind.value}'" for kind in OF_BUSINESSES)


class LedgerRow(Base):
    """One move. Ids, codes and dates only; never changed, never deleted (a trigger refuses).

    A row with `reverses_id` takes another row back and carries that row's day. `subject_id` is the
    screening, measure, pledge, participant or registration the row tells about.
    """

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LedgerKind] = mapped_column(code_type(LedgerKind))
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"))
    subject_id: Mapped[int | None]
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"))
    from_code: Mapped[str | None] = mapped_column(String(24))
    to_code: Mapped[str] = mapped_column(String(24))
    detail: Mapped[str | None] = mapped_column(String(24))
    happened_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger.id"))

    __table_args__ = (
        # A row is taken back once. Without the condition, SQLite would look up here all that take nothing back.
        Index(None, "reverses_id", unique=True, sqlite_where=_TAKES_BACK, postgresql_where=_TAKES_BACK),
        Index(None, "business_id", "id"),
        Index(None, "programme_id", "kind", "municipality_code", "happened_on"),
        Index(None, "municipality_code", "recorded_at", "id"),
        Index(None, "recorded_at", "id"),
        Index(None, "kind", "subject_id", sqlite_where=_HAS_SUBJECT, postgresql_where=_HAS_SUBJECT),
        CheckConstraint(f"business_id IS NOT NULL OR kind NOT IN ({_OF_BUSINESSES})", name="subject"),
    )


class LedgerReason(Base):
    """Why: the written reason of one ledger row; erasure and retention may blank it."""

    __tablename__ = "ledger_reason"

    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class LedgerAmount(Base):
    """What a row of a measure says it saves from that day on: one number for each phase and quantity, in thousandths.

    As unchangeable as the row it belongs to.
    """

    __tablename__ = "ledger_amount"

    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class Total(Base):
    """How much one counted key changed in a municipality in one period.

    `grain` D: one day; W: the week that begins on Monday `starts_on` (the sum of its days).
    `programme_id` is 0 for memberships, which belong to no programme. Counts are whole; savings are
    thousandths of their unit. A figure at day D is the
    weeks before D's week plus the days of that week up to D.
    """

    __tablename__ = "total"

    programme_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grain: Mapped[str] = mapped_column(String(1), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    starts_on: Mapped[dt.date] = mapped_column(primary_key=True)
    municipality_code: Mapped[int] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True, autoincrement=False
    )
    delta: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (CheckConstraint("grain IN ('D', 'W')", name="grain"), {"sqlite_with_rowid": False})
