"""Businesses with their contacts, memberships and activities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.core.text import fold, name_key, sort_key
from nbe.models.municipalities import Municipality
from nbe.models.states import ActivityKind, ActivityOutcome, MembershipState


class Business(Base):
    """One production unit: CVR number, optionally P-number. The municipality is the unit's.

    Hidden rows came with an import that was undone; a merged row points at the one that stays.
    Neither is shown in lists or counted.
    """

    __tablename__ = "business"

    id: Mapped[int] = mapped_column(primary_key=True)
    cvr: Mapped[str] = mapped_column(String(8))
    p_number: Mapped[str] = mapped_column(String(10), default="")
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(400))
    search_text: Mapped[str] = mapped_column(Text, default="")
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    town: Mapped[str] = mapped_column(String(100), default="")
    industry_code: Mapped[str] = mapped_column(String(6), default="")
    industry_version: Mapped[str] = mapped_column(String(4), default="")
    employees: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    case_number: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_ad_protected: Mapped[bool] = mapped_column(default=False)
    is_sole_trader: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    ceased_on: Mapped[dt.date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"), index=True)
    last_activity_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    contacts: Mapped[list[Contact]] = relationship(back_populates="business", order_by="Contact.id")
    membership: Mapped[Membership | None] = relationship(back_populates="business")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("cvr", "p_number"),
        Index(None, "municipality_code", "sort_key", "id"),
        Index(None, "sort_key", "id"),
        Index(None, "municipality_code", "industry_code"),
        Index(None, "municipality_code", "last_activity_on"),
        CheckConstraint("length(cvr) = 8", name="cvr_length"),
        CheckConstraint("employees IS NULL OR employees >= 0", name="employees"),
    )


class Contact(Base):
    """A person at a business, with role and the period in which it holds."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship(back_populates="contacts")

    __mapper_args__ = {"version_id_col": version}


class Membership(Base):
    """The business in the network; its moves stand in the ledger."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"), unique=True)
    state: Mapped[MembershipState] = mapped_column(code_type(MembershipState))
    since_on: Mapped[dt.date]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship(back_populates="membership")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "state", "business_id"),)


class Activity(Base):
    """A call, visit, mail or note, with the next step agreed."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"))
    candidacy_id: Mapped[int | None] = mapped_column(ForeignKey("candidacy.id"), index=True)
    kind: Mapped[ActivityKind] = mapped_column(code_type(ActivityKind))
    outcome: Mapped[ActivityOutcome | None] = mapped_column(code_type(ActivityOutcome))
    happened_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_step_on: Mapped[dt.date | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    created_at: Mapped[dt.datetime]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "business_id", "happened_on"), Index(None, "happened_on"))


def business_texts(name: str, cvr: str, p_number: str = "", town: str = "", phone: str = "") -> dict[str, str]:
    """The columns by which a business is sorted, searched and compared; bulk writers add them to their rows."""
    digits = "".join(c for c in phone if c.isdigit())
    words = fold(" ".join(part for part in (name, cvr, p_number, town, digits) if part))
    return {"name_key": name_key(name)[:200], "sort_key": sort_key(name)[:400], "search_text": words}


def contact_texts(name: str, email: str = "", phone: str = "") -> dict[str, str]:
    """The column by which a contact is searched; bulk writers add it to their rows."""
    digits = "".join(c for c in phone if c.isdigit())
    return {"search_text": fold(" ".join(part for part in (name, email, digits) if part))}


@event.listens_for(Business, "before_insert")
@event.listens_for(Business, "before_update")
def _hold_business_texts(mapper: Any, connection: Any, row: Business) -> None:
    texts = business_texts(row.name, row.cvr, row.p_number or "", row.town or "", row.phone or "")
    for column, value in texts.items():
        setattr(row, column, value)


@event.listens_for(Contact, "before_insert")
@event.listens_for(Contact, "before_update")
def _hold_contact_texts(mapper: Any, connection: Any, row: Contact) -> None:
    row.search_text = contact_texts(row.name, row.email or "", row.phone or "")["search_text"]
