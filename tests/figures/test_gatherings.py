"""Figures of courses and events: seats, participants, and the three counts of events; on any day and as known then."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.courses import actions
from nbe.events.actions import move_registration
from nbe.figures import ALL, Narrowing, compute
from nbe.figures.checking import find_differences
from nbe.figures.declared import GATHERING_FIGURES
from nbe.figures.gatherings import read_events, read_teams
from nbe.figures.rows import Asked
from nbe.models import Participant, Programme, Registration
from nbe.models.gathering_states import ParticipantState, RegistrationState
from tests.builders import make_business, make_member, make_programme
from tests.courses.making import change, make_team, sign_up
from tests.events.making import HELD, new_event, sign

TODAY = dt.date(2016, 4, 25)
P, R = ParticipantState, RegistrationState


def values(code: int | None = 849, as_of: dt.date = TODAY, **asked: object) -> dict:
    return dict(compute(make_programme(), as_of, **asked).values[code])


def kinds(code: int | None = 849) -> str:
    return compute(make_programme(), TODAY).seat_kinds[code]


def moved(registration_id: int, to: RegistrationState, day: dt.date) -> None:
    change(lambda: move_registration(db.session.get_one(Registration, registration_id), to, day, user_id=None))


def told(key: str, as_of: dt.date = TODAY) -> list:
    figures = compute(make_programme(), as_of)
    return [figures.value(key, code) for code in (849, 851, ALL)]


def test_seats_are_those_agreed_else_those_free(app: Flask) -> None:
    assert told("seats") == [None, None, None]
    team = make_team(seats=10, kept={849: 4, 820: None})
    assert told("seats") == [4, None, 10]
    assert [kinds(code) for code in (849, 820, 851)] == ["agreed", "free", "none"]
    assert values(820)["seats"] == 6  # the common ones
    sign_up(team, code=820)
    sign_up(team, code=849)
    assert (values(820)["seats"], values(849)["seats"]) == (5, 4)
    assert told("participants") == [1, 0, 2]
    make_team(seats=7, kept={849: None}, name="Hold 2")
    assert (values(849)["seats"], kinds(849)) == (4 + 7, "both")
    open_for_all = make_team(seats=None, name="Hold 3")
    assert values(851)["seats"] is None  # no number has been set
    sign_up(open_for_all, code=851)
    assert told("participants") == [1, 1, 3]


def test_participants_by_state_and_day(app: Flask) -> None:
    team = make_team(seats=2, days=(dt.date(2016, 4, 10), dt.date(2016, 4, 11)))
    day = dt.date(2016, 3, 1)
    people = [sign_up(team, happened_on=day).participant.id for _ in range(3)]
    assert told("participants") == [2, 0, 2]
    assert values()["participants_waiting"] == 1
    assert values(as_of=dt.date(2016, 2, 29))["participants"] == 0
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, people[0]), user_id=None))
    assert values()["participants_cancelled"] == 1
    assert list(find_differences()) == []


def test_signed_up_of_these_members_and_of_these_came(app: Flask) -> None:
    event = new_event(HELD)
    member, later, never = make_business(), make_business(municipality=851), make_business()
    make_member(member, dt.date(2016, 1, 10))
    make_member(later, dt.date(2016, 2, 10))
    day = dt.date(2016, 1, 15)
    first = sign(event, "Anne", member, day)
    sign(event, "Bo", later, day)
    sign(event, "Carl", never, day, R.INVITED)
    gone = sign(event, "Dorte", never, day)
    sign(event, "Else", None, day)
    moved(first.id, R.ATTENDED, HELD)
    moved(gone.id, R.DECLINED, dt.date(2016, 1, 20))
    assert told("signed_up") == [2, 1, 3]
    assert told("signed_up_members") == [1, 0, 1]  # who became a member later was none that day
    assert told("attended") == [1, 0, 1]
    assert told("percent_members") == [50.0, 0.0, 33.3]
    assert told("signed_up", dt.date(2016, 1, 19)) == [3, 1, 4]
    assert told("attended", dt.date(2016, 1, 25)) == [0, 0, 0]
    assert told("signed_up", dt.date(2016, 1, 14)) == [0, 0, 0]
    assert told("percent_members", dt.date(2016, 1, 14)) == [None, None, None]
    (line,) = read_events(Asked(make_programme().id, TODAY))
    assert (line.signed_up, line.members, line.came, line.new_members) == (3, 1, 1, 1)
    (line,) = read_events(Asked(make_programme().id, dt.date(2016, 2, 9)))
    assert line.new_members == 0
    (line,) = read_events(Asked(make_programme().id, TODAY, 849))
    assert (line.signed_up, line.new_members) == (2, 0)
    assert list(find_differences()) == []


def test_as_known_then(app: Flask) -> None:
    team, event = make_team(), new_event(HELD)
    business = make_business()
    sign_up(team)
    sign(event, "Anne", business, dt.date(2016, 1, 15))
    then = clock.now()
    keys = [figure.key for figure in GATHERING_FIGURES]
    known = compute(make_programme(), TODAY, known_at=then)
    now = compute(make_programme(), TODAY)
    assert [known.value(key, 849) for key in keys] == [now.value(key, 849) for key in keys]
    make_member(business, dt.date(2016, 1, 10))
    sign(event, "Bo", None, dt.date(2016, 1, 15))
    again = compute(make_programme(), TODAY, known_at=then)
    assert [again.value(key, 849) for key in keys if key != "seats"] == [
        known.value(key, 849) for key in keys if key != "seats"
    ]
    assert (known.value("signed_up_members"), values()["signed_up_members"]) == (0, 1)


def test_people_are_of_no_industry(app: Flask) -> None:
    sign_up(make_team())
    part = values(narrowing=Narrowing(industry="10"))
    assert {part[figure.key] for figure in GATHERING_FIGURES} == {None}


def test_the_check_finds_people_who_stand_elsewhere(app: Flask) -> None:
    participant, registration = sign_up(make_team()).participant, sign(new_event(HELD))
    assert list(find_differences()) == []
    ids = participant.id, registration.id
    db.session.rollback()
    with writing():
        for statement in (
            sa.update(Participant).values(state=P.ABSENT),
            sa.update(Registration).values(municipality_code=851),
        ):
            db.session.execute(statement, execution_options={"unaudited": True})
        db.session.commit()
    assert list(find_differences()) == [
        f"participant {ids[0]}: the ledger says signed_up, the record absent",
        f"registration {ids[1]}: the ledger says municipality 849, the record 851",
    ]


def test_teams_and_people_of_the_story(story_app: Flask) -> None:
    programme = db.session.query(Programme).filter_by(year=2016).one()
    teams = {team.name: team for team in read_teams(Asked(programme.id, TODAY))}
    assert [team.seats.total for team in teams.values()] == [15, 12, 15, 10]
    assert dict(teams["Hold 1"].seats.taken) == {849: 4, 820: 5, 813: 4}
    assert [team.seats.free for team in teams.values()] == [2, 4, 2, 5]
    assert teams["Hold 4"].seats_for(849) is None
