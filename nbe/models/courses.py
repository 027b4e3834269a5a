"""Courses: their teams and days, the seats of each municipality, and everyone who takes part."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from nbe.core.columns import code_type
from nbe.core.database import Base
from nbe.models.gathering_states import ExchangeState, ParticipantState
from nbe.models.municipalities import Municipality, Programme


class Course(Base):
    """A course of one programme year, held for several teams."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    teams: Mapped[list[Team]] = relationship(back_populates="course", order_by="Team.sort_key")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("programme_id", "title"),)


class Team(Base):
    """A team (hold) of a course. `seats` None: open until a number is set.

    `answer_days`: how long somebody moved up from the waiting list has to answer.
    """

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(200))
    seats: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(300), default="")
    answer_days: Mapped[int] = mapped_column(default=3)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship(back_populates="teams")
    municipalities: Mapped[list[TeamMunicipality]] = relationship(
        back_populates="team", order_by="TeamMunicipality.municipality_code", cascade="all, delete-orphan"
    )
    days: Mapped[list[CourseDay]] = relationship(back_populates="team", order_by="CourseDay.number")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("seats BETWEEN 0 AND 999", name="seats"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days"),
    )


class TeamMunicipality(Base):
    """A municipality that a team serves. `seats`: those kept for it where agreed; None: the team's common ones."""

    __tablename__ = "team_municipality"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True, autoincrement=False)
    municipality_code: Mapped[int] = mapped_column(
        ForeignKey("municipality.code"), primary_key=True, autoincrement=False, index=True
    )
    seats: Mapped[int | None]

    team: Mapped[Team] = relationship(back_populates="municipalities")
    municipality: Mapped[Municipality] = relationship()

    __table_args__ = (CheckConstraint("seats BETWEEN 0 AND 999", name="seats"),)


class CourseDay(Base):
    """One day of a team; `held_on` is None until the day is set, `starts_at` (UTC) until the hour is."""

    __tablename__ = "course_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    number: Mapped[int]
    held_on: Mapped[dt.date | None]
    starts_at: Mapped[dt.datetime | None]
    minutes: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team] = relationship(back_populates="days")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        Index(None, "held_on"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
    )


class Participant(Base):
    """A member of municipal staff on a team or its waiting list. State and day repeat the ledger's last word.

    `place_at` orders the waiting list: first come, first served. `answer_by`: until when somebody moved up keeps
    the seat unanswered. `link_key` makes the person's signed link; renewing it ends the links sent before.
    """

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    municipality_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    name_key: Mapped[str] = mapped_column(String(200))
    state: Mapped[ParticipantState] = mapped_column(code_type(ParticipantState))
    state_since_on: Mapped[dt.date]
    place_at: Mapped[dt.datetime]
    answer_by: Mapped[dt.datetime | None]
    link_key: Mapped[str] = mapped_column(String(36), unique=True)
    certificate_on: Mapped[dt.date | None]
    certificate_number: Mapped[str | None] = mapped_column(String(24), unique=True)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team] = relationship()
    municipality: Mapped[Municipality] = relationship()
    marks: Mapped[list[DayMark]] = relationship(back_populates="participant", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "team_id", "state", "place_at"), Index(None, "team_id", "email"))


class DayMark(Base):
    """A participant on one day: whether signed up for it, and whether there (None: not noted yet)."""

    __tablename__ = "day_mark"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True, autoincrement=False)
    day_id: Mapped[int] = mapped_column(ForeignKey("course_day.id"), primary_key=True, autoincrement=False, index=True)
    is_signed_up: Mapped[bool] = mapped_column(default=True)
    was_there: Mapped[bool | None]

    participant: Mapped[Participant] = relationship(back_populates="marks")
    day: Mapped[CourseDay] = relationship()


class SeatExchange(Base):
    """Seats one municipality does not use, offered to another (or to all: `to_code` None) and taken over or not."""

    __tablename__ = "seat_exchange"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    from_code: Mapped[int] = mapped_column(ForeignKey("municipality.code"), index=True)
    to_code: Mapped[int | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    seats: Mapped[int] = mapped_column(default=1)
    state: Mapped[ExchangeState] = mapped_column(code_type(ExchangeState))
    note: Mapped[str] = mapped_column(String(400), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("to_code IS NULL OR from_code <> to_code", name="two_municipalities"),
        CheckConstraint("seats > 0", name="seats"),
    )
