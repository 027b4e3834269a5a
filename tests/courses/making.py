"""Courses, teams and people for the tests, committed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeVar

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.courses import actions
from nbe.courses.actions import SignedUp
from nbe.models import Mail, Participant, Team
from nbe.models.gathering_states import SEATED, MailState, ParticipantState
from tests.builders import make_programme

T = TypeVar("T")
_numbers = count(1)
DAYS = (dt.date(2016, 5, 10), dt.date(2016, 5, 11))
S = ParticipantState


def change(work: Callable[[], T]) -> T:
    """Do something in a transaction of its own, as a page does."""
    db.session.rollback()
    with writing():
        try:
            done = work()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    return done


def make_team(
    seats: int | None = 3,
    kept: Mapping[int, int | None] | None = None,
    days: tuple[dt.date, ...] = DAYS,
    course: str = "",
    name: str = "Hold 1",
    **columns: Any,
) -> Team:
    """A team of a course of 2016 with its days; `course` names one to be shared."""
    programme = make_programme()

    def work() -> Team:
        title = course or f"Prøvekursus {next(_numbers)}"
        found = actions.find_course(programme, title) or actions.make_course(programme, title)
        team = actions.make_team(found, name, seats, municipalities=kept, **columns)
        for day in days:
            actions.add_day(team, day)
        return team

    return change(work)


def sign_up(team: Team, name: str = "", code: int = 849, **values: Any) -> SignedUp:
    """One person on a team; with a mail unless told otherwise."""
    name = name or f"Kursist {next(_numbers)}"
    values.setdefault("email", f"{name.replace(' ', '.').lower()}@example.dk")
    return change(
        lambda: actions.sign_up_person(team, name=name, municipality_code=code, **{"user_id": None, **values})
    )


def people(team: Team) -> list[Participant]:
    """Everybody on the team, in the order they came."""
    statement = sa.select(Participant).where(Participant.team_id == team.id, Participant.is_hidden.is_(False))
    return list(db.session.scalars(statement.order_by(Participant.place_at, Participant.id)))


def seated(team: Team) -> list[str]:
    """The names of those with a seat."""
    return [person.name for person in people(team) if person.state in SEATED]


def waiting(team: Team) -> list[str]:
    """The names of the waiting list, in order."""
    return [person.name for person in people(team) if person.state is S.WAITING]


def mails_to(person: Participant) -> list[Mail]:
    """The mails written to a participant, the first first."""
    return list(db.session.scalars(sa.select(Mail).where(Mail.participant_id == person.id).order_by(Mail.id)))


def deliver(at: dt.datetime | None = None) -> None:
    """Every mail written so far has gone, now or at a moment."""
    waits = Mail.state.in_((MailState.KEPT, MailState.QUEUED))
    values = {"state": MailState.SENT, "sent_at": at or clock.now()}
    change(lambda: db.session.execute(sa.update(Mail).where(waits).values(values)))
