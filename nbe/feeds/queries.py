"""A person's appointments: screenings she is at, her days of a course, events of hers and of her municipality.

For whoever leads the work of a municipality also its visits, and the days of teams with people from it.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import joinedload

from nbe.access import Permission, Viewer
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.calendars import Entry
from nbe.core.database import db
from nbe.courses.calendar import entry_of as entry_of_day
from nbe.events.calendar import entry_of
from nbe.feeds.actions import digest_of
from nbe.models import (
    Business,
    CalendarFeed,
    Course,
    CourseDay,
    Event,
    Participant,
    Registration,
    Screener,
    Screening,
    ScreeningPerson,
    Team,
    User,
)
from nbe.models.gathering_states import REGISTERED, SEATED
from nbe.models.states import EventKind
from nbe.screenings.appointments.letter import appointment_of

BACK = dt.timedelta(days=370)  # what is older is not told again
MOST = 1000


def find_feed(user_id: int | None) -> CalendarFeed | None:
    """The feed of a person, if she has one."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.user_id == user_id))


def find_reader(key: str) -> tuple[CalendarFeed, User] | None:
    """Whose calendar a key opens; None for a dead key, and for somebody who may not sign in any more."""
    if not 0 < len(key) <= 100:
        return None
    statement = (
        sa.select(CalendarFeed, User)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.digest == digest_of(key), User.active.is_(True))
    )
    found = db.session.execute(statement).unique().one_or_none()
    return (found[0], found[1]) if found is not None else None


def entries_for(user: User) -> list[Entry]:
    """All appointments of a person from a year back on, in Danish, by time."""
    viewer = Viewer(user.id, user.role, user.municipality_code, user.name)
    with force_locale("da"):
        entries = [*_screenings(viewer), *_course_days(viewer, user), *_events(viewer, user)]
    return entries[:MOST]


def leads(viewer: Viewer) -> int | None:
    """The municipality whose work the viewer leads: whose people she signs up, and no other's."""
    return viewer.municipality_code if viewer.scope(Permission.PARTICIPANTS_WRITE) is Scope.OWN else None


def works_with_events(viewer: Viewer) -> bool:
    """Whether the network's and her municipality's events are hers to know of."""
    return viewer.scope(Permission.EVENTS_READ) is not Scope.NONE


def _first_day() -> dt.date:
    return clock.today() - BACK


def _screenings(viewer: Viewer) -> list[Entry]:
    is_there = (
        sa.select(ScreeningPerson.screening_id)
        .join(Screener, Screener.id == ScreeningPerson.screener_id)
        .where(ScreeningPerson.screening_id == Screening.id, Screener.user_id == viewer.user_id)
        .exists()
    )
    code = leads(viewer)
    statement = (
        sa.select(Screening)
        .join(Business, Business.id == Screening.business_id)
        .where(
            is_there if code is None else sa.or_(is_there, Business.municipality_code == code),
            Screening.is_hidden.is_(False),
            Business.is_hidden.is_(False),
            Screening.starts_at >= clock.end_of_day(_first_day()),
        )
        .options(joinedload(Screening.business))
        .order_by(Screening.starts_at, Screening.id)
    )
    return [appointment_of(visit, f"/screeninger/{visit.id}") for visit in db.session.scalars(statement).unique()]


def _course_days(viewer: Viewer, user: User) -> list[Entry]:
    """The days of the teams in which a person with this mail has a seat, or people of the municipality she leads."""
    who, code = sa.func.lower(Participant.email) == user.email.lower(), leads(viewer)
    statement = (
        sa.select(CourseDay)
        .join(Team, Team.id == CourseDay.team_id)
        .join(Course, Course.id == Team.course_id)
        .join(Participant, Participant.team_id == Team.id)
        .where(
            who if code is None else sa.or_(who, Participant.municipality_code == code),
            Participant.state.in_(SEATED),
            *(model.is_hidden.is_(False) for model in (Participant, Team, Course)),
            CourseDay.held_on >= _first_day(),
        )
        .options(joinedload(CourseDay.team).joinedload(Team.course))
        .order_by(CourseDay.held_on, CourseDay.id)
        .distinct()
    )
    may_open = viewer.scope(Permission.COURSES_READ) is not Scope.NONE
    days = db.session.scalars(statement).unique()
    told = [entry_of_day(day, f"/kurser/hold/{day.team_id}" if may_open else "") for day in days]
    return [entry for entry in told if entry]


def _events(viewer: Viewer, user: User) -> list[Entry]:
    """Those one is signed up for; for who works with events, the own municipality's and the network's as well.

    Meetings of the coordination group are everybody's who works here.
    """
    own = (
        sa.select(Registration.id)
        .where(
            Registration.event_id == Event.id,
            sa.func.lower(Registration.email) == user.email.lower(),
            Registration.state.in_(REGISTERED),
            Registration.is_hidden.is_(False),
        )
        .exists()
    )
    mine = [own, Event.kind == EventKind.COORDINATION_MEETING]
    is_at_work = works_with_events(viewer)
    if is_at_work:
        mine += [Event.municipality_code.is_(None), Event.municipality_code == viewer.municipality_code]
    statement = sa.select(Event).where(Event.is_hidden.is_(False), Event.held_on >= _first_day(), sa.or_(*mine))
    return [
        entry_of(event, f"/arrangementer/{event.id}" if is_at_work else "")
        for event in db.session.scalars(statement.order_by(Event.held_on, Event.id).limit(MOST))
    ]
