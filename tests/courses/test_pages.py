"""Pages of courses: seats for all, names for one's own, signing up, leaving with undo, teams, days, exchange."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import icalendar
import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.courses import actions
from nbe.models import Course, Mail, Participant, SeatExchange, Team, User
from nbe.models.gathering_states import ExchangeState
from nbe.models.gathering_states import ParticipantState as P
from nbe.models.states import RoleName
from tests.builders import csrf_of, make_programme, make_user, sign_in
from tests.courses.making import DAYS, change, deliver, make_team, people, seated, sign_up, waiting


def visit(app: Flask, role: RoleName = RoleName.LEADER, code: int = 849) -> FlaskClient:
    user: User = make_user(role, code)
    return sign_in(app.test_client(), user)


def text_of(answer: Any) -> str:
    """What the page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    answer = client.post(path, data={**data, "csrf_token": csrf_of(client, "/kurser")})
    db.session.rollback()  # what the test has read is older than what the page has written
    return answer


def after(client: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303, text_of(answer)[:1500]
    return text_of(client.get(answer.location))


def undo_on(page: str) -> str:
    match = re.search(r'action="(/kursister/\d+/fortryd\?raekke=\d+)"', page)
    assert match
    return match[1]


def test_the_index_shows_seats_and_nobodys_name(sqlite_app: Flask) -> None:
    team = make_team(6, {849: 2, 820: 3}, course="Kursus maj", place="Aabybro")
    sign_up(team, "Åse Hemmelig", 849)
    sign_up(team, "Bo Fremmed", 820)
    client = visit(sqlite_app)
    said = text_of(client.get("/kurser"))
    for part in ("Kursus maj", "Hold 1", "10-05-2016 , 11-05-2016", "Aabybro", "1 af 2", "1 af 3", "2 af 6"):
        assert part in said
    assert "Hemmelig" not in said and "Fremmed" not in said
    assert client.get("/kurser?aar=1999").status_code == 200
    assert visit(sqlite_app, RoleName.PARTNER).get("/kurser").status_code == 403


def test_people_beyond_the_kept_seats_sit_on_common_ones(sqlite_app: Flask) -> None:
    team = make_team(8, {849: 4, 820: None}, course="Kursus maj")
    for _ in range(6):
        sign_up(team, code=849)
    client = visit(sqlite_app)
    for path in ("/kurser", f"/kurser/hold/{team.id}"):
        said = text_of(client.get(path))
        assert "4 af 4 + 2 fælles" in said and "6 af 4" not in said, path
    assert "6 ( 4 af 4 + 2 fælles)" in text_of(client.get("/overblik/kurser-og-arrangementer")).replace("6 (4", "6 ( 4")


def test_without_a_course_the_page_says_what_to_do(sqlite_app: Flask) -> None:
    make_programme()
    assert "Der er ingen kurser endnu" in text_of(visit(sqlite_app).get("/kurser"))


def test_signing_up_says_whether_there_was_a_seat_and_can_be_undone(sqlite_app: Flask) -> None:
    team = make_team(1, {849: None, 820: None})
    client = visit(sqlite_app)
    path = f"/kurser/hold/{team.id}"
    said = after(client, post(client, f"{path}/tilmeld", name="Åse Østergård", email="aase@example.dk"))
    assert "Åse Østergård er tilmeldt Hold 1" in said
    said = after(client, post(client, f"{path}/tilmeld", name="Bo Krogh", email="bo@example.dk", title="Tekniker"))
    assert "Holdet er fuldt: Bo Krogh er sat på venteliste" in said and "nr. 1 i køen" in said
    said = after(client, post(client, f"{path}/tilmeld", name="Bo Krogh", email="bo@example.dk"))
    assert "står allerede på holdet: venteliste" in said
    answer = post(client, f"{path}/tilmeld", name="", email="ikke en adresse")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Skal udfyldes." in page and "Skriv en mailadresse" in page and 'value="ikke en adresse"' in page
    assert (seated(team), waiting(team)) == (["Åse Østergård"], ["Bo Krogh"])
    answer = post(client, f"{path}/tilmeld", name="Camilla Lund")
    page = client.get(answer.location).get_data(as_text=True)
    said = after(client, post(client, undo_on(page)))
    assert "Det er fortrudt" in said and "Camilla" not in said
    assert waiting(team) == ["Bo Krogh"]


def test_who_is_signed_up_by_a_leader_is_told_by_mail_with_his_link(sqlite_app: Flask) -> None:
    team = make_team(1, {849: None})
    client = visit(sqlite_app)
    path = f"/kurser/hold/{team.id}"
    form = next(
        form for form in lxml.html.fromstring(client.get(path).text).forms if "team-sign-up" in form.get("class", "")
    )
    assert form.fields["besked"], "told unless one takes the tick away"
    for number, (email, besked) in enumerate(
        [("a@example.dk", "y"), ("b@example.dk", "y"), ("c@example.dk", ""), ("", "y")]
    ):
        post(client, f"{path}/tilmeld", name=f"Kursist {number}", email=email, **({"besked": besked} if besked else {}))
    mails = {mail.email: mail.text for mail in db.session.scalars(sa.select(Mail))}
    assert set(mails) == {"a@example.dk", "b@example.dk"}
    assert "Du er tilmeldt Hold 1" in mails["a@example.dk"] and "/deltager/" in mails["a@example.dk"]
    assert "Du står på venteliste til Hold 1" in mails["b@example.dk"]


def test_who_leaves_makes_room_and_the_page_says_for_whom(sqlite_app: Flask) -> None:
    team = make_team(1, {849: None, 820: None})
    aase = sign_up(team, "Åse Østergård").participant
    sign_up(team, "Bo Krogh")
    sign_up(team, "Dorthe Fremmed", 820)
    client = visit(sqlite_app)
    answer = post(client, f"/kursister/{aase.id}/afmeld", grund="Syg")
    page = client.get(answer.location).get_data(as_text=True)
    assert "Bo Krogh rykker op fra ventelisten. Mailen ligger i udbakken" in unescape(page)
    assert "har ikke fået besked" in unescape(page) and "skal svare senest" not in unescape(page)
    deliver()
    told = text_of(client.get(f"/kurser/hold/{team.id}"))
    assert "skal svare senest 28-04-2016" in told and "har ikke fået besked" not in told
    bo = people(team)[1]
    said = after(client, post(client, f"/kursister/{bo.id}/afmeld"))
    assert "En fra Vesthimmerlands rykker op fra ventelisten." in said and "Dorthe" not in said
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 2
    said = after(client, post(client, undo_on(page)))
    assert "Det er fortrudt" in said
    assert waiting(team) == ["Åse Østergård"]


def test_other_municipalities_people_do_not_exist(sqlite_app: Flask) -> None:
    team = make_team(5, {849: None, 820: None})
    other = sign_up(team, "Dorthe Fremmed", 820).participant
    client = visit(sqlite_app)
    page = text_of(client.get(f"/kurser/hold/{team.id}"))
    assert "Dorthe" not in page and "Vesthimmerlands" in page
    assert client.get(f"/kursister/{other.id}").status_code == 404
    for step in ("afmeld", "bekraeft", "flyt", "plads", "fortryd", "nyt-link"):
        assert post(client, f"/kursister/{other.id}/{step}").status_code == 404
    assert post(client, f"/kurser/hold/{team.id}/tilmeld", name="Ib", kommune="820").status_code == 422
    every = visit(sqlite_app, RoleName.ADMINISTRATOR).get(f"/kurser/hold/{team.id}")
    assert "Dorthe Fremmed" in text_of(every)


def test_a_person_is_confirmed_moved_corrected_and_gets_a_new_link(sqlite_app: Flask) -> None:
    team = make_team(3, course="Kursus maj")
    other = make_team(1, course="Kursus maj", name="Hold 2")
    person = sign_up(team, "Åse Østergård").participant
    client = visit(sqlite_app)
    path = f"/kursister/{person.id}"
    assert "Åse Østergård er bekræftet" in after(client, post(client, f"{path}/bekraeft"))
    assert "allerede sådan" in after(client, post(client, f"{path}/bekraeft"))
    assert "flyttet til Hold 2" in after(client, post(client, f"{path}/flyt", hold=other.id))
    assert seated(other) == ["Åse Østergård"]
    second = sign_up(team, "Bo Krogh").participant
    answer = post(client, f"/kursister/{second.id}/flyt", hold=other.id)
    assert answer.status_code == 422 and "Hold 2 er fuldt" in text_of(answer)
    page = client.get(path).get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    data = {"name": "Åse Ø. Hansen", "email": "aase@example.dk", "title": "Leder", "version": version[1]}
    assert "Åse Ø. Hansen er gemt" in after(client, post(client, path, **data))
    answer = post(client, path, **{**data, "name": "Åse Jensen"})
    assert answer.status_code == 409 and "Åse Jensen" in text_of(answer)
    db.session.rollback()
    key = db.session.get_one(Participant, person.id).link_key
    assert "Mailen med det nye ligger i udbakken" in after(client, post(client, f"{path}/nyt-link"))
    db.session.rollback()
    assert db.session.get_one(Participant, person.id, populate_existing=True).link_key != key
    assert "Nyt link" in db.session.scalars(sa.select(Mail.subject)).one()


def test_course_team_and_days_are_made_and_changed_by_the_secretariat(sqlite_app: Flask) -> None:
    make_programme()
    client = visit(sqlite_app, RoleName.ADMINISTRATOR)
    answer = post(client, "/kurser/nyt", title="Kursus oktober", description="To dage")
    course = db.session.scalars(sa.select(Course)).one()
    assert answer.location == f"/kurser/{course.id}/hold/nyt"
    assert post(client, "/kurser/nyt", title="kursus  Oktober").status_code == 422
    new = f"/kurser/{course.id}/hold/nyt"
    wrong = post(client, new, name="Hold 1", seats="3", answer_days="3", **{"med-849": "y", "pladser-849": "4"})
    assert wrong.status_code == 422 and "aftalt flere pladser" in text_of(wrong)
    values = {"name": "Hold 1", "seats": "12", "answer_days": "4", "med-849": "y", "pladser-849": "4", "med-820": "y"}
    said = after(client, post(client, new, **values))
    assert "Hold 1 er oprettet" in said
    team = db.session.scalars(sa.select(Team)).one()
    assert {row.municipality_code: row.seats for row in team.municipalities} == {849: 4, 820: None}
    day = {"held_on": "11-10-2016", "begins": "9", "ends": "15.30", "title": "Samtalen"}
    said = after(client, post(client, f"/kurser/hold/{team.id}/dage/ny", **day))
    assert "Tirsdag den 11. oktober 2016 kl. 09:00–15:30" in said
    wrong = post(client, f"/kurser/hold/{team.id}/dage/ny", begins="9", ends="8")
    assert wrong.status_code == 422 and "Skriv datoen" in text_of(wrong)
    first = team.days[0].id
    assert "11-10-2016" in client.get(f"/kurser/dage/{first}").get_data(as_text=True)
    assert "Dag 1 er gemt" in after(client, post(client, f"/kurser/dage/{first}", **{**day, "ends": "16"}))
    assert "Dag 1 er fjernet" in after(client, post(client, f"/kurser/dage/{first}/fjern"))
    edit = f"/kurser/hold/{team.id}/rediger"
    assert "Hold A er gemt" in after(client, post(client, edit, **{**values, "name": "Hold A", "seats": ""}))
    db.session.expire_all()
    assert (team.name, team.seats) == ("Hold A", None)


def test_two_who_change_a_team_choose(sqlite_app: Flask) -> None:
    team = make_team(5, {849: 2})
    client = visit(sqlite_app, RoleName.ADMINISTRATOR)
    path = f"/kurser/hold/{team.id}/rediger"
    base = re.search(r'name="base"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert base
    change(lambda: actions.edit_team(team, user_id=None, municipalities={849: 3}))
    sent = {"name": "Hold 1", "seats": "6", "answer_days": "3", "med-849": "y", "pladser-849": "2"}
    answer = post(client, path, **sent, base=unescape(base[1]))
    assert answer.status_code == 409
    assert "Pladser aftalt til Jammerbugt" in text_of(answer)


@pytest.mark.parametrize("verb", ["overtag", "afslaa", "traek"])
def test_unused_seats_change_hands(sqlite_app: Flask, verb: str) -> None:
    team = make_team(6, {849: 3, 820: 2})
    sign_up(team, "Åse Østergård")
    giver, taker = visit(sqlite_app), visit(sqlite_app, code=820)
    path = f"/kurser/hold/{team.id}"
    answer = post(giver, f"{path}/pladser", modtager="820", antal="3")
    assert answer.status_code == 422 and "2 ubrugte pladser" in text_of(answer)
    said = after(giver, post(giver, f"{path}/pladser", modtager="820", antal="1", note="Vi bruger kun to"))
    assert "Jammerbugt tilbyder 1 plads til Vesthimmerlands" in said
    exchange = db.session.scalars(sa.select(SeatExchange)).one()
    assert "tilbyder" not in text_of(visit(sqlite_app, code=851).get(path))
    assert post(visit(sqlite_app, code=851), f"/pladser/{exchange.id}/overtag").status_code == 404
    who, wrong = (giver, taker) if verb == "traek" else (taker, giver)
    assert post(wrong, f"/pladser/{exchange.id}/{verb}").status_code == 404
    after(who, post(who, f"/pladser/{exchange.id}/{verb}"))
    assert "allerede besvaret" in after(who, post(who, f"/pladser/{exchange.id}/{verb}"))
    db.session.expire_all()
    kept = {row.municipality_code: row.seats for row in team.municipalities}
    assert kept == ({849: 2, 820: 3} if verb == "overtag" else {849: 3, 820: 2})
    assert exchange.state in (ExchangeState.ACCEPTED, ExchangeState.DECLINED, ExchangeState.WITHDRAWN)


def test_seats_taken_over_move_the_waiting_list_up(sqlite_app: Flask) -> None:
    team = make_team(2, {849: 2, 820: None})
    sign_up(team, "Dorthe Vest", 820)
    assert people(team)[0].state is P.WAITING
    giver, taker = visit(sqlite_app), visit(sqlite_app, code=820)
    after(giver, post(giver, f"/kurser/hold/{team.id}/pladser", modtager="", antal="1"))
    exchange = db.session.scalars(sa.select(SeatExchange)).one()
    after(taker, post(taker, f"/pladser/{exchange.id}/overtag"))
    db.session.rollback()
    assert seated(team) == ["Dorthe Vest"]


def test_a_letter_to_the_team_is_shown_before_it_goes_each_with_an_own_link(sqlite_app: Flask) -> None:
    team = make_team(1, {849: None, 820: None})
    sign_up(team, "Åse Østergård")
    sign_up(team, "Bo Krogh")
    sign_up(team, "Dorthe Fremmed", 820)
    client = visit(sqlite_app)
    said = after(client, post(client, f"/kurser/hold/{team.id}/skriv"))
    assert "Åse Østergård" in said and "Bo Krogh" in said and "Dorthe" not in said
    mails = db.session.scalars(sa.select(Mail).order_by(Mail.id)).all()
    assert len({mail.text for mail in mails}) == 2 and all("/deltager/" in mail.text for mail in mails)


def test_who_has_a_seat_is_to_be_told_of_a_day_that_moves(sqlite_app: Flask) -> None:
    client, team = visit(sqlite_app, RoleName.ADMINISTRATOR), make_team(days=(DAYS[0],))
    day, path = {"title": "Første dag"}, f"/kurser/dage/{team.days[0].id}"
    moved = {**day, "held_on": "12-05-2016"}
    assert "Skriv til holdet«" not in after(client, post(client, path, **moved))
    sign_up(team, "Ib")
    assert "Skriv til holdet«" not in after(client, post(client, path, **{**moved, "title": "Nyt navn"}))
    said = after(client, post(client, path, **{**moved, "place": "Et andet sted"}))
    assert "Dag 1 er gemt. 1 har en plads: brug »Skriv til holdet«" in said
    assert "Dag 1 er fjernet. 1 har en plads" in after(client, post(client, f"{path}/fjern"))


def test_an_empty_team_and_course_are_taken_away_and_come_back(sqlite_app: Flask) -> None:
    team = make_team(3, course="Kursus maj")
    person = sign_up(team, "Åse Østergård").participant
    client = visit(sqlite_app, RoleName.ADMINISTRATOR)
    path = f"/kurser/hold/{team.id}"
    assert "folk på holdet" in after(client, post(client, f"{path}/fjern"))
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, person.id), user_id=None))
    course = f"/kurser/{team.course_id}"
    assert "Kurset har hold" in after(client, post(client, f"{course}/fjern"))
    assert "Hold 1 er fjernet" in after(client, post(client, f"{path}/fjern"))
    assert client.get(path).status_code == 404
    assert "Kursus maj er fjernet" in after(client, post(client, f"{course}/fjern"))
    assert "Der er ingen kurser endnu" in text_of(client.get("/kurser"))
    assert "Hold 1 er tilbage" in after(client, post(client, f"{path}/genopret"))
    assert "Kursus maj" in text_of(client.get("/kurser"))
    assert post(client, f"{path}/genopret").status_code == 404


def test_the_days_go_into_a_calendar(sqlite_app: Flask) -> None:
    team = make_team(3, course="Kursus maj", place="Rådhuset")
    start = dt.datetime(2016, 5, 10, 7, tzinfo=dt.UTC)
    change(lambda: actions.edit_day(team.days[0], starts_at=start, minutes=390, title="Samtalen"))
    answer = visit(sqlite_app).get(f"/kurser/hold/{team.id}/kursus.ics")
    first, second = icalendar.Calendar.from_ical(answer.data).events
    begins, ends = first.start.isoformat(), first.end.isoformat()
    assert (begins, ends) == ("2016-05-10T09:00:00+02:00", "2016-05-10T15:30:00+02:00")
    assert str(first["SUMMARY"]) == "Kursus maj, Hold 1: Samtalen" and str(first["LOCATION"]) == "Rådhuset"
    assert second.start == dt.date(2016, 5, 11)
