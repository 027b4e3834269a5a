"""Events: gatherings of businesses and of the coordination group, their programme, and who is asked and comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core import clock
from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.businesses import Business, Contact
from nbe.models.gathering_states import RegistrationState
from nbe.models.municipalities import Municipality
from nbe.models.states import EventKind


def hour(minutes: int | None) -> str:
    """Minutes after midnight as a Danish clock shows them: 16.00."""
    return "" if minutes is None else f"{minutes // 60:02d}.{minutes % 60:02d}"


def programme_text(lines: Iterable[Any]) -> str:
    """The lines of a programme as they are typed: "16.00 Velkomst v/ Anne Jensen"."""
    return "\n".join(
        " ".join(part for part in (hour(line.begins), line.title, f"v/ {line.speaker}" if line.speaker else "") if part)
        for line in lines
    )


class Event(Base):
    """A gathering; it belongs to the programme of its year. `municipality_code` None: the network's own.

    `starts_at` (UTC) is None until the hour is set; `seats` None: no limit.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(code_type(EventKind))
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[dt.date]
    starts_at: Mapped[dt.datetime | None]
    minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    municipality_code: Mapped[int | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    seats: Mapped[int | None]
    sign_up_until: Mapped[dt.date | None]
    cancelled_on: Mapped[dt.date | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    link_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality | None] = relationship()
    items: Mapped[list[EventItem]] = relationship(
        back_populates="event", order_by="EventItem.position", cascade="all, delete-orphan"
    )

    @property
    def program(self) -> str:
        """Its programme as it is typed."""
        return programme_text(self.items)

    @property
    def begins(self) -> dt.time | None:
        """The hour on a Danish clock."""
        return clock.danish(self.starts_at).time() if self.starts_at else None

    @property
    def ends_at(self) -> dt.datetime | None:
        """When it is over, in UTC."""
        return self.starts_at + dt.timedelta(minutes=self.minutes) if self.starts_at and self.minutes else None

    @property
    def ends(self) -> dt.time | None:
        """The hour at which it is over, on a Danish clock."""
        return clock.danish(self.ends_at).time() if self.ends_at else None

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "kind", "held_on"),
        Index(None, "held_on"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("seats BETWEEN 0 AND 9999", name="seats"),
    )


class EventItem(Base):
    """One line of an event's programme; `begins` is minutes after midnight on a Danish clock."""

    __tablename__ = "event_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    begins: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str] = mapped_column(String(200), default="")

    event: Mapped[Event] = relationship(back_populates="items")

    __table_args__ = (CheckConstraint("begins BETWEEN 0 AND 1439", name="begins"),)


class Registration(Base):
    """A person asked to an event or signed up for it. State and day repeat the ledger's last word.

    `municipality_code` is the business's, or told by the person who comes for no business. `place_at` orders the
    waiting list. `link_key` makes the person's signed link.
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    name_key: Mapped[str] = mapped_column(String(200))
    state: Mapped[RegistrationState] = mapped_column(code_type(RegistrationState))
    state_since_on: Mapped[dt.date]
    place_at: Mapped[dt.datetime]
    link_key: Mapped[str] = mapped_column(String(36), unique=True)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    business: Mapped[Business | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "event_id", "state", "place_at"), Index(None, "event_id", "email"))
