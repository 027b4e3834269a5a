"""What is read of courses: seats and counts for all, names for one's own municipality, the story's four teams."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from nbe.access import Viewer
from nbe.access.viewers import SYSTEM
from nbe.core.database import db
from nbe.courses import queries
from nbe.models import Programme
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.states import RoleName
from tests.counting import statements
from tests.courses.making import make_team, sign_up

LEADER = Viewer(1, RoleName.LEADER, 849)
PARTNER = Viewer(2, RoleName.PARTNER, 849)


def test_names_are_seen_by_the_own_municipality_alone_and_counts_by_all(app: Flask) -> None:
    team = make_team(2, {849: None, 820: None})
    sign_up(team, "Åse Jammer", 849)
    sign_up(team, "Bo Vest", 820)
    sign_up(team, "Dorthe Vest", 820)
    sign_up(team, "Camilla Jammer", 849)
    rows = queries.list_people(LEADER, team)
    assert [(row.person.name, row.place) for row in rows] == [("Åse Jammer", None), ("Camilla Jammer", 2)]
    assert len(queries.list_people(SYSTEM, team)) == 4
    assert queries.list_people(PARTNER, team) == []
    (row,) = queries.list_team_rows([team])
    assert (row.seated, row.waiting, row.waiting_of(820), row.seats.free) == (2, 2, 1, 0)
    assert row.counts[820] == {P.SIGNED_UP: 1, P.WAITING: 1}
    assert queries.list_courses(PARTNER, team.course.programme) == []


def test_the_statements_are_as_many_for_one_team_as_for_ten(app: Flask) -> None:
    teams = [make_team(2, {849: 1}, course="Kursus maj", name=f"Hold {number}") for number in range(1, 11)]
    for team in teams:
        sign_up(team)
    programme = teams[0].course.programme
    numbers = []
    for some in (teams[:1], teams):
        assert all(team.name for team in some)  # read before they are counted
        with statements() as sent:
            assert sum(row.seated for row in queries.list_team_rows(some)) == len(some)
        numbers.append(len(sent))
    assert numbers[0] == numbers[1] == 2
    assert [team.name for team in queries.list_courses(SYSTEM, programme)[0].teams][-1] == "Hold 10"


def test_the_story_has_its_four_teams(story_app: Flask) -> None:
    programme = db.session.query(Programme).filter_by(year=2016).one()
    (course,) = queries.list_courses(SYSTEM, programme)
    rows = queries.list_team_rows(course.teams)
    assert [(row.team.name, row.seats.total, row.seats.taken) for row in rows] == [
        ("Hold 1", 15, {849: 4, 820: 5, 813: 4}),
        ("Hold 2", 12, {860: 4, 810: 3, 825: 1}),
        ("Hold 3", 15, {851: 6, 840: 3, 846: 4}),
        ("Hold 4", 10, {787: 3, 773: 2}),
    ]
    assert all(row.seats.reserved == row.seats.taken and row.waiting == 0 for row in rows)
    assert [day.held_on for day in rows[0].team.days] == [dt.date(2016, 5, 10), dt.date(2016, 5, 11)]
