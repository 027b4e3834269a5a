"""A person's calendar: an address nobody can guess, renewed and taken away; own appointments in Danish time."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.courses import actions
from nbe.events.actions import cancel_event
from nbe.events.rules import moments
from nbe.models import CalendarFeed, Event, Participant, User
from nbe.models.states import EventKind, RoleName
from tests.builders import csrf_of, make_screener, make_screening, make_user, sign_in
from tests.courses.making import change, make_team, sign_up
from tests.events.making import new_event, sign

DANISH = ZoneInfo("Europe/Copenhagen")
ADDRESS = re.compile(r'id="kalender-adresse"[^>]*value="([^"]+)"')


def address_of(client: FlaskClient) -> str:
    """The address that the page shows, as a path."""
    page = client.get("/konto/kalender").get_data(as_text=True)
    found = ADDRESS.search(page)
    return found[1].split("localhost", 1)[1] if found else ""


def renew(client: FlaskClient) -> str:
    assert client.post("/konto/kalender", data={"csrf_token": csrf_of(client, "/konto")}).status_code == 303
    return address_of(client)


def read(app: Flask, path: str) -> icalendar.Calendar:
    """What a calendar without a session reads."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    found: icalendar.Calendar = icalendar.Calendar.from_ical(answer.data)
    return found


def summaries(app: Flask, user: User) -> list[str]:
    path = renew(sign_in(app.test_client(), user))
    return sorted(str(event["SUMMARY"]) for event in read(app, path).walk("VEVENT"))


def test_an_address_is_made_renewed_and_taken_away(app: Flask) -> None:
    client = sign_in(app.test_client(), make_user())
    assert address_of(client) == ""
    first = renew(client)
    assert re.fullmatch(r"/kalender/[0-9a-f]{64}\.ics", first)
    assert address_of(client) == first, "it can be seen again"
    assert app.test_client().get(first).status_code == 200
    db.session.rollback()
    feed = db.session.scalars(sa.select(CalendarFeed)).one()
    assert feed.digest not in first and feed.read_at is not None
    second = renew(client)
    assert second != first
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    assert client.post("/konto/kalender/slet", data={"csrf_token": csrf_of(client, "/konto")}).status_code == 303
    assert app.test_client().get(second).status_code == 404


@pytest.mark.parametrize("key", ["0" * 64, "x", "a" * 500])
def test_a_false_key_opens_nothing(sqlite_app: Flask, key: str) -> None:
    renew(sign_in(sqlite_app.test_client(), make_user()))
    assert sqlite_app.test_client().get(f"/kalender/{key}.ics").status_code == 404
    db.session.rollback()
    digest = db.session.scalars(sa.select(CalendarFeed.digest)).one()
    assert sqlite_app.test_client().get(f"/kalender/{digest}.ics").status_code == 404, "what is kept is no key"


def test_who_may_not_sign_in_has_no_calendar(sqlite_app: Flask) -> None:
    user = make_user()
    path = renew(sign_in(sqlite_app.test_client(), user))
    db.session.rollback()
    with writing():
        db.session.get_one(User, user.id).active = False
        db.session.commit()
    assert sqlite_app.test_client().get(path).status_code == 404


def test_one_sees_ones_own(app: Flask) -> None:
    leader, other = make_user(), make_user(municipality=851)
    partner = make_user(RoleName.PARTNER)
    new_event(title="Netværkets")
    new_event(title="Vores", municipality_code=849)
    new_event(title="Deres", municipality_code=851)
    new_event(title="Gammelt", held_on=dt.date(2015, 4, 1))
    new_event(title="Koordination", kind=EventKind.COORDINATION_MEETING, held_on=dt.date(2016, 6, 1))
    sign(new_event(title="Gæst", municipality_code=851), "Pia Partner", email=partner.email.upper())
    screener = make_screener(make_user(RoleName.SCREENER))
    visit = make_screening(lead=screener)
    ours = f"Bæredygtighedsscreening: {visit.business.name}"
    assert summaries(app, leader) == sorted(["Koordination", "Netværkets", "Vores", ours])
    assert summaries(app, other) == ["Deres", "Gæst", "Koordination", "Netværkets"]
    assert summaries(app, partner) == ["Gæst", "Koordination"]
    user = db.session.get_one(User, screener.user_id)
    path = renew(sign_in(app.test_client(), user))
    (told,) = [e for e in read(app, path).walk("VEVENT") if visit.business.name in e["SUMMARY"]]
    answer = sign_in(app.test_client(), user).get(f"/screeninger/{visit.id}/kalender.ics")
    (file,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    for part in ("UID", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "URL"):
        assert told[part] == file[part], f"{part}: one appointment, however it came into the calendar"
    assert "DESCRIPTION" in file and "DESCRIPTION" not in told, "no names of people in a feed"


def test_the_night_of_change_is_right(app: Flask) -> None:
    """01.30 to 03.30 on the nights the clock is changed: an hour, and three."""
    for day, hours in ((dt.date(2017, 3, 26), 1), (dt.date(2016, 10, 30), 3)):
        starts_at, minutes = moments(day, dt.time(1, 30), dt.time(3, 30))
        new_event(day, title=f"Natten {hours}", starts_at=starts_at, minutes=minutes)
    path = renew(sign_in(app.test_client(), make_user()))
    calendar = read(app, path)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]
    found = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    for name, hours in (("Natten 1", 1), ("Natten 3", 3)):
        start, end = found[name]["DTSTART"].dt, found[name]["DTEND"].dt
        assert (start.hour, start.minute, end.hour, end.minute) == (1, 30, 3, 30)
        assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=hours)


def test_what_is_called_off_is_taken_out(app: Flask) -> None:
    event = new_event()
    path = renew(sign_in(app.test_client(), make_user()))
    before = next(iter(read(app, path).walk("VEVENT")))
    db.session.rollback()
    with writing():
        cancel_event(db.session.get_one(Event, event.id), user_id=None)
        db.session.commit()
    after = next(iter(read(app, path).walk("VEVENT")))
    assert after["UID"] == before["UID"] and after["STATUS"] == "CANCELLED"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_leader_sees_the_course_days_and_visits_of_her_municipality(app: Flask) -> None:
    leader, other, admin = make_user(), make_user(municipality=851), make_user(RoleName.ADMINISTRATOR)
    business = make_screening().business.name
    sign_up(make_team(3, course="Kursus maj"), code=849)
    away = make_team(3, course="Kursus juni")
    sign_up(away, code=851)
    gone = sign_up(away, code=849).participant
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, gone.id), user_id=None))
    assert summaries(app, leader) == [
        f"Bæredygtighedsscreening: {business}",
        "Kursus maj, Hold 1",
        "Kursus maj, Hold 1",
    ]
    assert summaries(app, other) == ["Kursus juni, Hold 1", "Kursus juni, Hold 1"]
    assert summaries(app, admin) == []


@pytest.mark.parametrize(
    ("role", "said", "unsaid"),
    [
        (RoleName.LEADER, ("kommunens besøg", "hvor kommunen har folk", "din kommunes arrangementer"), "koordinerings"),
        (RoleName.SCREENER, ("besøg, du selv er med på", "hold, du selv har en plads på"), "kommunens besøg"),
        (RoleName.ADMINISTRATOR, ("netværkets arrangementer, og dem",), "din kommunes"),
        (RoleName.PARTNER, ("koordineringsmøder, og arrangementer, du selv",), "din kommunes arrangementer"),
    ],
)
def test_the_page_says_what_the_calendar_holds(
    sqlite_app: Flask, role: RoleName, said: tuple[str, ...], unsaid: str
) -> None:
    page = sign_in(sqlite_app.test_client(), make_user(role)).get("/konto/kalender").get_data(as_text=True)
    assert all(words in page for words in said) and unsaid not in page
