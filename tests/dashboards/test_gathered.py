"""Min dag tells of course days, of attendance not noted and of mails that wait; a screener finds her own first."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from nbe.access.viewers import Viewer
from nbe.core.database import db
from nbe.courses.actions import mark_attendance
from nbe.dashboards.gathered import list_gathered
from nbe.models import CourseDay, Mail, Participant
from nbe.models.gathering_states import MailState, RegistrationState
from nbe.models.states import RoleName, ScreeningState
from tests.builders import make_programme, make_screener, make_user, sign_in
from tests.counting import statements
from tests.courses.making import change, make_team, sign_up
from tests.dashboards.test_visits import day_of, names, visit
from tests.events.making import new_event, sign
from tests.mails.letters import write

LEADER = Viewer(1, RoleName.LEADER, 849)
ALL = Viewer(2, RoleName.ADMINISTRATOR, None)
TODAY = dt.date(2016, 4, 25)
GONE = (dt.date(2016, 4, 18), dt.date(2016, 4, 19))


def test_the_course_days_of_a_month(app: Flask) -> None:
    ours = make_team(kept={849: 3}, name="Vores", days=(dt.date(2016, 5, 25), dt.date(2016, 5, 26)))
    make_team(kept={851: 3}, name="Deres")
    make_team(name="Alles", days=(TODAY, dt.date(2016, 4, 24)))
    sign_up(ours)
    sign_up(ours)
    found = list_gathered(LEADER, 849).days
    assert [(row.title.partition(", ")[2], row.day, row.people) for row in found] == [
        ("Alles", TODAY, 0),
        ("Vores", dt.date(2016, 5, 25), 2),
    ]
    assert len(list_gathered(ALL, None).days) == 4
    assert len(list_gathered(ALL, 851).days) == 3


def test_a_course_day_that_is_over_asks_until_it_is_noted(app: Flask) -> None:
    team = make_team(days=GONE)
    one, _other = sign_up(team).participant, sign_up(team, code=851)
    asked = list_gathered(LEADER, 849).unnoted
    assert [(row.day, row.people, row.team_id) for row in asked] == [(day, 1, team.id) for day in GONE]
    assert [row.people for row in list_gathered(ALL, None).unnoted] == [2, 2]
    assert list_gathered(Viewer(3, RoleName.SCREENER, 849), 849).unnoted == []
    first, last = team_days(team.id)
    change(lambda: mark_attendance(again(one), first, True, user_id=None))
    assert [row.day for row in list_gathered(LEADER, 849).unnoted] == [GONE[1]]
    change(lambda: mark_attendance(again(one), last, False, user_id=None))
    assert list_gathered(LEADER, 849).unnoted == []


def team_days(team_id: int) -> list[CourseDay]:
    return list(db.session.scalars(sa.select(CourseDay).where(CourseDay.team_id == team_id).order_by(CourseDay.number)))


def again(person: Participant) -> Participant:
    return db.session.get_one(Participant, person.id)


def test_an_event_that_is_over_asks_until_somebody_is_noted(app: Flask) -> None:
    event = new_event(dt.date(2016, 4, 12), "Overstået")
    sign(new_event(TODAY, "I dag"))
    sign(new_event(dt.date(2016, 1, 10), "For længst"))
    cancelled = new_event(dt.date(2016, 4, 13), "Aflyst")
    sign(cancelled)
    change(lambda: setattr(db.session.merge(cancelled), "cancelled_on", dt.date(2016, 4, 12)))
    first, _second = sign(event), sign(event, "Bo Prøve")
    assert [(row.title, row.people) for row in list_gathered(LEADER, 849).unnoted] == [("Overstået", 2)]
    change(lambda: setattr(db.session.merge(first), "state", RegistrationState.ABSENT))
    assert list_gathered(LEADER, 849).unnoted == []


def test_the_page_tells_them_and_costs_the_same_for_many(sqlite_app: Flask) -> None:
    team = make_team()
    gone = make_team(days=GONE, name="Hold 2")
    sign_up(team)
    sign_up(gone)
    client = sign_in(sqlite_app.test_client(), make_user())
    write()
    write(municipality_code=851)
    change(lambda: db.session.execute(sa.update(Mail).values(state=MailState.KEPT)))

    def cost() -> int:
        with statements() as sent:
            page = client.get("/min-dag").text
        assert "Kursusdage den næste måned (2)" in page
        assert "Fremmøde mangler (2)" in page and "uden fremmøde" in page
        assert "1 mail venter i Udbakke" in page and 'href="/udbakke"' in page
        return len(sent)

    cost()
    few = cost()
    for _ in range(2):
        sign_up(team)
        sign_up(gone)
    assert cost() == few


def test_a_screener_finds_her_own_and_nothing_that_is_not_hers(sqlite_app: Flask) -> None:
    make_programme()
    user = make_user(RoleName.SCREENER, 849)
    viewer, lead = Viewer(user.id, RoleName.SCREENER, 849), make_screener(user, 849)
    visit("Andres i dag", TODAY)
    visit("Hendes i morgen", dt.date(2016, 4, 26), lead=lead)
    visit("Andres at notere", dt.date(2016, 4, 20))
    visit("Hendes at notere", dt.date(2016, 4, 21), lead=lead)
    visit("Andres skema", dt.date(2016, 4, 18), state=ScreeningState.HELD)
    day = day_of(viewer)
    assert names(day.soon) == ["Hendes i morgen", "Andres i dag"]
    assert (names(day.to_note), names(day.unfilled)) == (["Hendes at notere"], [])
    page = sign_in(sqlite_app.test_client(), user).get("/min-dag").text
    assert page.index("Hendes i morgen") < page.index("Før næste møde")
    for box in ("Overskredet", "Resten af ugen", "Tavse kandidater", "Uden næste skridt", "Fremmøde mangler"):
        assert box not in page
    leader = sign_in(sqlite_app.test_client(), make_user()).get("/min-dag").text
    assert "Overskredet" in leader and leader.index("Før næste møde") < leader.index("Hendes i morgen")
