"""Reading courses: teams with their seats for everybody who may see courses, people for those who may see them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import selectinload

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.access.permissions import Scope
from nbe.core.database import db
from nbe.courses.actions import rows_of_participant
from nbe.courses.rules import Seats
from nbe.ledger import telling
from nbe.models import (
    Course,
    CourseDay,
    Municipality,
    Participant,
    Programme,
    SeatExchange,
    Team,
    TeamMunicipality,
)
from nbe.models.gathering_states import SEATED, ExchangeState, ParticipantState
from nbe.models.states import LedgerKind

READ = Permission.COURSES_READ
READ_PEOPLE, WRITE_PEOPLE = Permission.PARTICIPANTS_READ, Permission.PARTICIPANTS_WRITE
Counts = dict[ParticipantState, int]
R = TypeVar("R", Course, Team)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its seats and, by municipality, how many stand where."""

    team: Team
    seats: Seats
    served: tuple[int, ...]  # empty: all eleven
    counts: dict[int, Counts] = field(default_factory=dict)

    @property
    def seated(self) -> int:
        """How many hold a seat."""
        return sum(self.seats.taken.values())

    @property
    def waiting(self) -> int:
        """How many are on the waiting list."""
        return sum(counts.get(ParticipantState.WAITING, 0) for counts in self.counts.values())

    def waiting_of(self, code: int) -> int:
        """How many of a municipality are on the waiting list."""
        return self.counts.get(code, {}).get(ParticipantState.WAITING, 0)

    def is_for(self, code: int) -> bool:
        """Whether a municipality's people may come."""
        return not self.served or code in self.served

    def concerns(self, code: int) -> bool:
        """Whether a municipality has anything to do with the team."""
        return code in self.served or bool(self.seats.taken.get(code)) or bool(self.waiting_of(code))


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A participant on the team's page; `place`: his number in the waiting list, all municipalities counted."""

    person: Participant
    place: int | None


def find_course(viewer: Viewer, course_id: int, permission: Permission = READ, *, for_update: bool = False) -> Course:
    """The course, or 404."""
    return find_visible(viewer, Course, course_id, permission, for_update=for_update)


def find_team(viewer: Viewer, team_id: int, permission: Permission = READ, *, for_update: bool = False) -> Team:
    """The team, or 404."""
    return find_visible(viewer, Team, team_id, permission, for_update=for_update)


def find_removed(model: type[R], row_id: int) -> R:
    """A course or team that was taken away, or 404."""
    row = db.session.get(model, row_id) if 0 < row_id < 2**31 else None
    if row is None or not row.is_hidden:
        abort(404)
    return row


def find_participant(viewer: Viewer, participant_id: int, permission: Permission = READ_PEOPLE) -> Participant:
    """The participant, or 404. Not held: the actions hold the team first."""
    return find_visible(viewer, Participant, participant_id, permission)


def list_courses(viewer: Viewer, programme: Programme) -> list[Course]:
    """The courses of a programme, the first made first, with teams and days."""
    statement = (
        visible(viewer, Course, READ)
        .where(Course.programme_id == programme.id)
        .options(selectinload(Course.teams).selectinload(Team.days))
        .order_by(Course.id)
    )
    return list(db.session.scalars(statement))


def list_team_rows(teams: Iterable[Team]) -> list[TeamRow]:
    """Seats and counts of these teams, hidden ones left out; two statements, however many they are."""
    shown = [team for team in teams if not team.is_hidden]
    ids = [team.id for team in shown]
    kept: dict[int, dict[int, int | None]] = defaultdict(dict)
    statement = sa.select(TeamMunicipality).where(TeamMunicipality.team_id.in_(ids))
    for row in db.session.scalars(statement):
        kept[row.team_id][row.municipality_code] = row.seats
    counts: dict[int, dict[int, Counts]] = defaultdict(lambda: defaultdict(dict))
    people = (
        sa.select(Participant.team_id, Participant.municipality_code, Participant.state, sa.func.count())
        .where(Participant.team_id.in_(ids), Participant.is_hidden.is_(False))
        .group_by(Participant.team_id, Participant.municipality_code, Participant.state)
    )
    for team_id, code, state, n in db.session.execute(people):
        counts[team_id][code][state] = n
    return [_row(team, kept[team.id], dict(counts[team.id])) for team in shown]


def _row(team: Team, kept: dict[int, int | None], counts: dict[int, Counts]) -> TeamRow:
    reserved = {code: n for code, n in kept.items() if n is not None}
    taken = {code: sum(n for state, n in of_code.items() if state in SEATED) for code, of_code in counts.items()}
    return TeamRow(team, Seats(team.seats, reserved, taken), tuple(sorted(kept)), counts)


def list_people(viewer: Viewer, team: Team) -> list[PersonRow]:
    """The participants that the viewer may see by name: seated by name, then waiting in their order, then gone.

    All at once: a team has at most 999 seats, and a page shows a part.
    """
    line = {person_id: number for number, person_id in enumerate(_line(team), 1)}
    statement = visible(viewer, Participant, READ_PEOPLE).where(Participant.team_id == team.id)
    rows = [PersonRow(person, line.get(person.id)) for person in db.session.scalars(statement)]
    return sorted(rows, key=_order)


def _order(row: PersonRow) -> tuple[int, int, str, int]:
    person = row.person
    if row.place is not None:
        return 1, row.place, "", person.id
    return (0 if person.state in SEATED else 2), 0, person.name_key, person.id


def _line(team: Team) -> Sequence[int]:
    statement = sa.select(Participant.id).where(
        Participant.team_id == team.id,
        Participant.state == ParticipantState.WAITING,
        Participant.is_hidden.is_(False),
    )
    return db.session.scalars(statement.order_by(Participant.place_at, Participant.id)).all()


def may_see_names(viewer: Viewer, code: int) -> bool:
    """Whether a municipality's participants are shown to the viewer by name."""
    return viewer.may(READ_PEOPLE, code)


def municipalities_of(viewer: Viewer, permission: Permission = WRITE_PEOPLE) -> list[Municipality]:
    """The municipalities whose people the viewer may sign up."""
    scope = viewer.scope(permission)
    if scope is Scope.NONE:
        return []
    statement = sa.select(Municipality).order_by(Municipality.sort_key)
    if scope is Scope.OWN:
        statement = statement.where(Municipality.code == viewer.municipality_code)
    return list(db.session.scalars(statement))


def list_days(team: Team) -> list[CourseDay]:
    """The days of a team in their order."""
    return list(db.session.scalars(sa.select(CourseDay).where(CourseDay.team_id == team.id).order_by(CourseDay.number)))


def list_exchanges(viewer: Viewer, team: Team) -> list[SeatExchange]:
    """The offers of unused seats of a team that the viewer's municipality is part of; the open ones first."""
    statement = visible(viewer, SeatExchange, READ_PEOPLE).where(SeatExchange.team_id == team.id)
    found = db.session.scalars(statement.order_by(SeatExchange.id.desc()).limit(20))
    return sorted(found, key=lambda exchange: exchange.state is not ExchangeState.OFFERED)


def find_exchange(viewer: Viewer, exchange_id: int) -> SeatExchange:
    """The offer, or 404."""
    return find_visible(viewer, SeatExchange, exchange_id, WRITE_PEOPLE)


def find_day(viewer: Viewer, day_id: int, permission: Permission = READ) -> CourseDay:
    """The day of a team, or 404."""
    if not 0 < day_id < 2**31:
        abort(404)
    teams = visible(viewer, Team, permission).with_only_columns(Team.id)
    day = db.session.scalar(sa.select(CourseDay).where(CourseDay.id == day_id, CourseDay.team_id.in_(teams)))
    if day is None:
        abort(404)
    return day


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One row of the ledger about a participant, for his page."""

    id: int
    day: dt.date
    text: str
    note: str
    by: str


def list_told(participant: Participant) -> list[ToldRow]:
    """What holds of a participant's way, the latest first."""
    standing = {row.id for row in rows_of_participant(participant)}
    return [
        ToldRow(row.id, row.day, str(ParticipantState(row.to_code).label), row.note, row.by)
        for row in telling.list_told(LedgerKind.PARTICIPANT, participant.id, standing)
        if not row.is_undone
    ]
