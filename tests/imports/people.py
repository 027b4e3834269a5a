"""A year of teams and events with somebody in every state, and what an instance tells of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db, writing
from nbe.courses import actions as courses
from nbe.courses.actions import add_day, make_course, make_team, mark_day
from nbe.events import actions as events
from nbe.events.actions import Person
from nbe.models import Course, Event, Participant, Programme, Registration, Team
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.gathering_states import RegistrationState as R
from nbe.models.states import EventKind
from tests.builders import make_business, make_member, make_programme

HELD, SOON = dt.date(2016, 1, 26), dt.date(2016, 5, 12)
PAST = (dt.date(2016, 4, 12), dt.date(2016, 4, 13))
AHEAD = (dt.date(2016, 5, 10), dt.date(2016, 5, 11))
SIGNED = dt.date(2016, 3, 7)


def person_on(team: Team, name: str, code: int = 849, **values: Any) -> Participant:
    more = {"happened_on": SIGNED, "email": f"{name.split()[0].lower()}@example.dk", **values}
    return courses.sign_up_person(team, name=name, municipality_code=code, user_id=None, **more).participant


def a_team_that_has_been(course: Course) -> None:
    """One of every outcome, one not noted on the last day, one who waits though a seat was given up, one who left."""
    team = make_team(course, "Hold 1", 6, municipalities={849: 4, 820: None})
    first, last = (add_day(team, day) for day in PAST)
    anna, bo, carl, dorte, erik = (person_on(team, name) for name in ("Anna Å", "Bo", "Carl", "Dorte", "Erik"))
    gone, _waits = person_on(team, "Hans", code=820), person_on(team, "Gerda", code=820, title="Tekniker")
    courses.confirm_seat(dorte, user_id=None)
    courses.cancel_seat(gone, user_id=None, reason="Syg")
    courses.set_days(bo, {last.id: False})
    courses.set_days(erik, {first.id: False})
    mark_day(first, {anna.id: True, bo.id: True, carl.id: False, dorte.id: True}, user_id=None)
    mark_day(last, {anna.id: True, carl.id: False}, user_id=None)
    courses.issue_certificate(anna, user_id=None, on=dt.date(2016, 4, 20))


def a_team_to_come(course: Course) -> None:
    """Full; two wait in the order they came; one comes on the first day alone, one has confirmed, one has left."""
    team = make_team(course, "Hold 2", 2, municipalities={849: None, 820: None})
    _first, last = (add_day(team, day) for day in AHEAD)
    half, sure = person_on(team, "Ida"), person_on(team, "Jens", email="", happened_on=dt.date(2016, 4, 1))
    courses.set_days(half, {last.id: False})
    courses.confirm_seat(sure, user_id=None)
    for name in ("Åse", "Kaj", "Bente"):
        person_on(team, name, code=820)
    courses.cancel_seat(db.session.scalars(sa.select(Participant).where(Participant.name == "Kaj")).one(), user_id=None)


def other_teams(programme: Programme) -> None:
    """Teams by the same name, of courses whose names no sheet can bear."""
    title = "Kursus [om] vand/luft: prøver, målinger og rapporter"
    for number, course in enumerate((title, f"{title} 2", "Aften")):
        team = make_team(make_course(programme, course), "Hold 1" if number < 2 else "Morgenhold")
        add_day(team, None)
        person_on(team, "=1+1" if number else "Åse", email="", title="-")


def people_of_events(firm: Any, unit: Any, plain: Any) -> None:
    """One of every state; more there than there were seats; one who waits though a seat was given up after the day;
    three events by one name on one day; one that is full with two who wait; one that was cancelled."""

    def event(title: str, held_on: dt.date, **values: Any) -> Event:
        return events.make_event({"kind": EventKind.THEME_MEETING, "title": title, "held_on": held_on, **values})

    def enter(at: Event, name: str, state: R = R.SIGNED_UP, day: dt.date | None = None, **values: Any) -> Registration:
        one = Person(name, **{"municipality_code": 849, "email": f"{name.lower()}@example.dk", **values})
        return events.sign_up(at, one, user_id=None, day=day, state=state)[0]

    def move(one: Registration, to: R, day: dt.date | None = None) -> None:
        events.move_registration(one, to, day, user_id=None)

    of_firm = {"business_id": firm.id}
    held = event("Temamøde: affald", HELD, seats=3, municipality_code=849)
    came = enter(held, "Anna", day=dt.date(2016, 1, 5), note="Vegetar", **of_firm)
    away = enter(held, "Bo", day=dt.date(2016, 1, 6), email="", business_id=unit.id, municipality_code=820)
    enter(held, "Gitte", day=dt.date(2016, 1, 6))
    waits, late = (
        enter(held, name, day=dt.date(2016, 1, 7), organisation="Åby Fjernvarme") for name in ("Åge", "Carl")
    )
    move(came, R.ATTENDED)
    move(away, R.ABSENT)
    move(late, R.DECLINED, dt.date(2016, 1, 20))
    enter(held, "Dorte", R.ATTENDED, HELD)
    enter(held, "Nina", R.ATTENDED, dt.date(2016, 4, 20))
    move(enter(held, "Olga", R.ATTENDED, HELD), R.SIGNED_UP, HELD)
    enter(held, "Anna", R.INVITED, HELD, municipality_code=820, organisation="Løgstør Havn")
    enter(held, "Erik", R.INVITED, dt.date(2016, 1, 3))
    enter(held, "Lis", R.INVITED, dt.date(2016, 1, 3), business_id=plain.id)
    sorry = enter(held, "Fie", R.INVITED, dt.date(2016, 1, 3))
    move(sorry, R.DECLINED, dt.date(2016, 1, 9))
    coffee = event("Kaffe", HELD, seats=1)
    regrets, stays = enter(coffee, "Ida", day=HELD), enter(coffee, "Kaj", day=HELD)
    move(regrets, R.DECLINED)
    assert (waits.state, stays.state) == (R.WAITING, R.WAITING)
    full = event("Netværksmøde", SOON, kind=EventKind.GET_TOGETHER, seats=1)
    for name in ("Ida", "Åse", "Bente"):
        enter(full, name, day=dt.date(2016, 4, 4), **of_firm)
    for number in range(2):
        enter(event("Netværksmøde", SOON, municipality_code=820), f"Tvilling{number}")
    gone = event("Aflyst møde", SOON)
    enter(gone, "Gerda")
    events.cancel_event(gone, user_id=None)


def make_world() -> None:
    programme = make_programme()
    firm, plain = make_business("Støberiet A/S"), make_business("Enhed uden nummer")
    unit = make_business("Enheden", 820, cvr=plain.cvr, p_number="1012345678")
    make_member(firm)
    with writing():
        course = make_course(programme, "Kursus maj")
        a_team_that_has_been(course)
        a_team_to_come(course)
        other_teams(programme)
        people_of_events(firm, unit, plain)
        db.session.commit()


def on_teams() -> list[Any]:
    """All who are shown on teams, with all that is told of them; those who wait in their order."""
    db.session.rollback()
    found: list[Any] = []
    people = sa.select(Participant).join(Team).join(Course).where(Participant.is_hidden.is_(False))
    for one in db.session.scalars(people.order_by(Course.title, Team.name, Participant.place_at, Participant.id)):
        team = one.team
        kept = [(row.municipality_code, row.seats) for row in team.municipalities]
        days = courses.marks_of(team.id, [one.id])[one.id]
        told = [] if one.state is P.CANCELLED else [(day.number, day.held_on, days[day.id]) for day in team.days]
        where = (team.course.title, team.name, team.seats, kept)
        who = (one.municipality_code, one.name, one.email, one.title)
        found.append((where, who, one.state, one.state_since_on, one.certificate_on, told))
    return sorted(
        found, key=lambda row: (row[0][:2], row[2] is not P.WAITING, row[1] if row[2] is not P.WAITING else ())
    )


def at_events() -> list[Any]:
    """All who are shown at events that were not cancelled."""
    db.session.rollback()
    people = sa.select(Registration).join(Event).where(
        Registration.is_hidden.is_(False), Event.cancelled_on.is_(None)
    )  # fmt: skip
    found = []
    for one in db.session.scalars(people.order_by(Event.id, Registration.place_at, Registration.id)):
        event = one.event
        where = (event.held_on, event.title, event.kind, event.municipality_code, event.seats)
        business = (one.business.cvr, one.business.p_number) if one.business else ()
        who = (one.name, one.email, one.municipality_code, business, one.organisation, one.note)
        found.append((where, who, one.state, one.state_since_on))
    return sorted(
        found, key=lambda row: (str(row[0]), row[2] is not R.WAITING, row[1] if row[2] is not R.WAITING else ())
    )
