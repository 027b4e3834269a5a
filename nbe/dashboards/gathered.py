"""What courses, events and letters ask for on Min dag: course days to come, attendance not noted, mails that wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, visible
from nbe.core import clock
from nbe.core.database import db
from nbe.events.nearby import AHEAD
from nbe.mails.queries import count_outbox
from nbe.models import Course, CourseDay, DayMark, Event, Participant, Registration, Team, TeamMunicipality
from nbe.models.gathering_states import REGISTERED, SEATED, ParticipantState, RegistrationState

ASKED_FOR = dt.timedelta(days=90)  # later nobody remembers who was there
SHOWN = 15
_TO_BE_NOTED = tuple(state for state in SEATED if state is not ParticipantState.CERTIFIED)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A day of a team, or an event (`team_id` None), with how many people of those the viewer sees."""

    id: int
    title: str
    day: dt.date
    place: str
    people: int
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Course days within a month; days and events that are over with nobody's attendance noted; mails kept."""

    days: list[Gathering]
    unnoted: list[Gathering]
    kept_mails: int


def list_gathered(viewer: Viewer, code: int | None) -> Gathered:
    """Of one municipality (None: of all, for those who see all). Four statements at most."""
    unnoted = [*_unnoted_days(viewer, code), *_unnoted_events(viewer, code)]
    return Gathered(
        _days_to_come(viewer, code),
        sorted(unnoted, key=lambda gathering: gathering.day),
        count_outbox(viewer) if viewer.may(Permission.MAILS_WRITE) else 0,
    )


def _of(statement: sa.Select[Any], column: Any, code: int | None) -> sa.Select[Any]:
    return statement if code is None else statement.where(column == code)


def _days_to_come(viewer: Viewer, code: int | None) -> list[Gathering]:
    """The days of teams that serve the municipality, or that people of it are on."""
    today = clock.today()
    people = visible(viewer, Participant, Permission.PARTICIPANTS_READ).where(
        Participant.team_id == Team.id, Participant.state.in_(SEATED)
    )
    own = _of(people, Participant.municipality_code, code)
    count = own.with_only_columns(sa.func.count(Participant.id)).correlate(Team).scalar_subquery()
    statement: Any = (
        visible(viewer, Team, Permission.COURSES_READ)
        .join(Course, Course.id == Team.course_id)
        .join(CourseDay, CourseDay.team_id == Team.id)
        .where(Course.is_hidden.is_(False), CourseDay.held_on.between(today, today + AHEAD))
    )
    if code is not None:
        served = sa.select(TeamMunicipality.team_id).where(TeamMunicipality.team_id == Team.id)
        here = served.where(TeamMunicipality.municipality_code == code)
        statement = statement.where(sa.or_(~served.exists(), here.exists(), count > 0))
    return _read(statement, count)


def _unnoted_days(viewer: Viewer, code: int | None) -> list[Gathering]:
    """The days that are over, and of whose people somebody has neither been there nor stayed away."""
    if not viewer.may(Permission.PARTICIPANTS_WRITE):
        return []
    today = clock.today()
    of_day = sa.and_(DayMark.participant_id == Participant.id, DayMark.day_id == CourseDay.id)
    statement: Any = (
        visible(viewer, Participant, Permission.PARTICIPANTS_WRITE)
        .join(Team, Team.id == Participant.team_id)
        .join(Course, Course.id == Team.course_id)
        .join(CourseDay, CourseDay.team_id == Team.id)
        .outerjoin(DayMark, of_day)
        .where(
            Team.is_hidden.is_(False),
            Course.is_hidden.is_(False),
            CourseDay.held_on.between(today - ASKED_FOR, today - dt.timedelta(days=1)),
            Participant.state.in_(_TO_BE_NOTED),
            sa.or_(DayMark.day_id.is_(None), sa.and_(DayMark.is_signed_up, DayMark.was_there.is_(None))),
        )
        .group_by(CourseDay.id, CourseDay.held_on, CourseDay.place, Team.id, Team.name, Team.place, Course.title)
    )
    return _read(_of(statement, Participant.municipality_code, code), sa.func.count(Participant.id))


def _read(statement: Any, count: Any) -> list[Gathering]:
    columns = (CourseDay.id, CourseDay.held_on, CourseDay.place, Team.id, Team.name, Team.place, Course.title, count)
    shown = statement.with_only_columns(*columns, maintain_column_froms=True)
    found = db.session.execute(shown.order_by(CourseDay.held_on, CourseDay.id).limit(SHOWN)).all()
    return [
        Gathering(day_id, f"{course}, {team}", day, own_place or place, people, team_id)
        for day_id, day, own_place, team_id, team, place, course, people in found
    ]


def _unnoted_events(viewer: Viewer, code: int | None) -> list[Gathering]:
    """The events that are over with people signed up of whom nobody has come or stayed away."""
    if not viewer.may(Permission.REGISTRATIONS_WRITE):
        return []
    today = clock.today()
    statement: Any = (
        visible(viewer, Registration, Permission.REGISTRATIONS_WRITE)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Event.is_hidden.is_(False),
            Event.cancelled_on.is_(None),
            Event.held_on.between(today - ASKED_FOR, today - dt.timedelta(days=1)),
            Registration.state.in_(REGISTERED),
        )
        .group_by(Event.id, Event.title, Event.held_on, Event.place)
        .having(sa.func.min(sa.case((Registration.state == RegistrationState.SIGNED_UP, 1), else_=0)) == 1)
    )
    count = sa.func.count(Registration.id)
    shown = _of(statement, Registration.municipality_code, code).with_only_columns(
        Event.id, Event.title, Event.held_on, Event.place, count, maintain_column_froms=True
    )
    return [Gathering(*row) for row in db.session.execute(shown.order_by(Event.held_on, Event.id).limit(SHOWN))]
