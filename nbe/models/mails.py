"""Mails: what is written to many, each person's copy with its outcome, and who wants no more of them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.gathering_states import MailState


class Mailing(Base):
    """One letter to one or many, shown with its recipients before it goes.

    `is_service`: what a person needs to know of a seat or sign-up of his own; it has no way to unsubscribe.
    `subject_kind` and `subject_id`: the team or event it is about ("team", "event").
    """

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    is_service: Mapped[bool] = mapped_column(default=False)
    municipality_code: Mapped[int | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(20), default="")
    subject_id: Mapped[int | None]
    approved_at: Mapped[dt.datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    mails: Mapped[list[Mail]] = relationship(back_populates="mailing", order_by="Mail.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "subject_kind", "subject_id"), Index(None, "created_at", "id"))


class Mail(Base):
    """One person's copy. `key` names what it is for and to whom, so that it is never written twice.

    A draft's text is only its link; the words are the mailing's until it is sent. `claimed_until`: a job that took it
    up and died loses it then. `sent_at`: when its text was handed over; with state "sending" nobody knows how it ended.
    `outcome` is a code, and what the server said. `attachment` is a calendar file.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    state: Mapped[MailState] = mapped_column(code_type(MailState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[dt.datetime | None]
    claimed_until: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    outcome: Mapped[str] = mapped_column(String(400), default="")
    attachment_name: Mapped[str] = mapped_column(String(120), default="")
    attachment: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[dt.datetime]

    mailing: Mapped[Mailing] = relationship(back_populates="mails")

    __table_args__ = (Index(None, "mailing_id", "state"), Index(None, "state", "next_try_at"))


class Unsubscription(Base):
    """A mail address that wants no more invitations; what concerns a seat of its own still comes."""

    __tablename__ = "unsubscription"

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    at: Mapped[dt.datetime]


class CalendarFeed(Base):
    """The secret address of a person's calendar: only the digest of its key is kept. Renewed, the old one is dead."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]

    __table_args__ = (UniqueConstraint("user_id"),)
