"""The participants of a programme's teams on a day: what the ledger says of each, as the figures count them.

The rows come from the same rows of the ledger as the totals, so that a figure and its list agree. What was noted on
the days of the team, and the certificate, are as known now, up to that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer
from nbe.businesses.queries import municipality_names, narrowed
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page, page_of
from nbe.core.text import fold, sort_key
from nbe.courses.filters import ParticipantFilter
from nbe.ledger.queries import subjects_at
from nbe.models import Course, CourseDay, DayMark, Participant, Programme, Team
from nbe.models.gathering_states import ParticipantState
from nbe.models.states import LedgerKind

PEOPLE = Permission.PARTICIPANTS_READ


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """A team as a list names it; `days` it has."""

    id: int
    name: str
    course_id: int
    course: str
    days: int
    is_hidden: bool

    @property
    def title(self) -> str:
        """Course and team."""
        return f"{self.course}, {self.name}"


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant in a list. Without a name where it is not open to the viewer.

    `came`: days he was at; None while nothing has been noted.
    """

    id: int
    name: str
    municipality_name: str
    team: ListedTeam | None
    state: ParticipantState
    since_on: dt.date
    came: int | None
    certificate_on: dt.date | None
    is_open_to_viewer: bool


def list_teams(programme: Programme) -> dict[int, ListedTeam]:
    """The teams of a programme by id, in their order. One statement."""
    days = sa.select(sa.func.count()).where(CourseDay.team_id == Team.id).scalar_subquery()
    statement = (
        sa.select(Team.id, Team.name, Course.id, Course.title, days, sa.or_(Team.is_hidden, Course.is_hidden))
        .join(Course, Course.id == Team.course_id)
        .where(Course.programme_id == programme.id)
        .order_by(Course.id, Team.sort_key, Team.id)
    )
    return {row[0]: ListedTeam(*row) for row in db.session.execute(statement)}


def _selected(viewer: Viewer, chosen: ParticipantFilter, teams: Mapping[int, ListedTeam]) -> sa.Select[Any]:
    """What the ledger says of each; its `detail` names the team."""
    told = subjects_at(LedgerKind.PARTICIPANT, chosen.programme.id, chosen.day)
    columns = (
        told.c.to_code, told.c.happened_on, told.c.detail, told.c.municipality_code, Participant.id, Participant.name,
        Participant.title, Participant.certificate_on, Participant.municipality_code.label("present_code"),
        Participant.is_hidden,
    )  # fmt: skip
    statement = sa.select(*columns).select_from(told).join(Participant, Participant.id == told.c.subject_id)
    statement = narrowed(viewer, statement, told.c.municipality_code, chosen.municipality_code, PEOPLE)
    if chosen.team_id is not None:
        statement = statement.where(told.c.detail == str(chosen.team_id))
    if chosen.course_id is not None:
        of_course = [str(team.id) for team in teams.values() if team.course_id == chosen.course_id]
        statement = statement.where(told.c.detail.in_(of_course))
    if chosen.states:
        statement = statement.where(told.c.to_code.in_([state.value for state in chosen.states]))
    return statement


def list_participants(
    viewer: Viewer, chosen: ParticipantFilter, number: int = 1, size: int | None = PAGE_SIZE
) -> Page[ParticipantRow]:
    """One page in Danish order of the names; all rows when `size` is None.

    Found and sorted here: it is the people of one year's courses, and neither database orders names as Danes do.
    """
    teams = list_teams(chosen.programme)
    words = fold(chosen.search).split()
    found = []
    for row in db.session.execute(_selected(viewer, chosen, teams)):
        is_open = not row.is_hidden and viewer.may(PEOPLE, row.present_code)
        text = fold(f"{row.name} {row.title}") if is_open and words else ""
        if all(word in text for word in words):
            found.append((sort_key(row.name) if is_open else "", row.id, is_open, row))
    found.sort(key=lambda one: one[:2])
    page = page_of(found, number, size)
    came, names = _days_came([one[1] for one in page.rows], chosen.day), municipality_names()
    rows = [_row(row, chosen.day, teams, came, names, is_open=is_open) for _key, _id, is_open, row in page.rows]
    return Page(rows, page.number, page.total, page.size)


def _row(
    row: Any,
    day: dt.date,
    teams: Mapping[int, ListedTeam],
    came: Mapping[int, int],
    names: Mapping[int, str],
    *,
    is_open: bool,
) -> ParticipantRow:
    certificate = row.certificate_on
    return ParticipantRow(
        id=row.id,
        name=row.name if is_open else "",
        municipality_name=names[row.municipality_code],
        team=teams.get(int(row.detail or 0)),
        state=ParticipantState(row.to_code),
        since_on=row.happened_on,
        came=came.get(row.id),
        certificate_on=certificate if certificate and certificate <= day else None,
        is_open_to_viewer=is_open,
    )


def _days_came(ids: Sequence[int], day: dt.date) -> dict[int, int]:
    """Participant -> days he was at, of those noted that were held by the day."""
    found: dict[int, int] = {}
    for part in chunks(ids):
        statement = (
            sa.select(DayMark.participant_id, sa.func.sum(sa.case((DayMark.was_there.is_(True), 1), else_=0)))
            .join(CourseDay, CourseDay.id == DayMark.day_id)
            .where(DayMark.participant_id.in_(part), DayMark.was_there.is_not(None), CourseDay.held_on <= day)
            .group_by(DayMark.participant_id)
        )
        found.update({person_id: int(n) for person_id, n in db.session.execute(statement)})
    return found


def team_choices(teams: Iterable[ListedTeam]) -> list[tuple[int, str]]:
    """The teams to choose among."""
    return [(team.id, team.title) for team in teams if not team.is_hidden]


def course_choices(teams: Iterable[ListedTeam]) -> list[tuple[int, str]]:
    """The courses to choose among."""
    return list({team.course_id: team.course for team in teams if not team.is_hidden}.items())
