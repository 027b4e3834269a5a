"""Answering and signing up by signed link: no log-in, nobody else's name, and looking changes nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.core.links import sign
from nbe.courses import actions, letters
from nbe.mails.rules import explain
from nbe.models import LedgerReason, Mail, Participant
from nbe.models.gathering_states import MailState
from nbe.models.gathering_states import ParticipantState as P
from tests.builders import csrf_of
from tests.courses.making import change, deliver, mails_to, make_team, people, seated, sign_up, waiting
from tests.courses.test_pages import text_of


def path_of(person: Participant) -> str:
    return re.sub(r"^https?://[^/]+", "", letters.link_of(db.session.get_one(Participant, person.id)))


def answer(client: FlaskClient, path: str, said: str, **more: Any) -> Any:
    reply = client.post(path, data={"svar": said, "csrf_token": csrf_of(client), **more})
    db.session.rollback()
    return reply


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def test_a_person_confirms_and_leaves_and_nobody_elses_name_is_shown(client: FlaskClient) -> None:
    team = make_team(1)
    aase, bo = sign_up(team, "Åse Østergård").participant, sign_up(team, "Bo Krogh").participant
    path = path_of(aase)
    page = text_of(client.get(path))
    assert "Åse Østergård" in page and "Du er tilmeldt" in page and "Bo" not in page
    assert "Tirsdag den 10. maj 2016" in page
    assert client.get(f"{path}/kursus.ics").mimetype == "text/calendar"
    assert answer(client, path, "bekraeft").status_code == 303
    page = text_of(client.get(path))
    assert "Din plads er bekræftet" in page
    assert "Du er nr. 1 på ventelisten" in text_of(client.get(path_of(bo)))
    answer(client, path, "afmeld")
    page = text_of(client.get(path))
    assert "Du er meldt fra." in page and "Bo" not in page
    assert seated(team) == ["Bo Krogh"]
    said = db.session.scalars(sa.select(LedgerReason.text)).all()
    assert said == ["Svaret gennem linket i mailen"] * 2


def test_looking_and_nonsense_change_nothing(client: FlaskClient) -> None:
    team = make_team(1)
    aase = sign_up(team, "Åse Østergård").participant
    path = path_of(aase)
    before = len(actions.rows_of_participant(aase))
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert answer(client, path, "noget").status_code == 303
    assert client.post(path, data={"svar": "afmeld"}).status_code == 400  # no token of the page
    assert len(actions.rows_of_participant(aase)) == before


def test_an_offer_is_taken_or_passed_on(client: FlaskClient) -> None:
    team = make_team(1)
    aase, bo, camilla = (sign_up(team, name).participant for name in ("Åse Østergård", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, aase.id), user_id=None))
    (mail,) = mails_to(bo)
    link = re.search(r"https?://[^/]+(/deltager/\S+)", mail.text)
    assert link
    page = text_of(client.get(link[1]))
    assert "Der er en plads til dig." in page and "skal svare senest 28-04-2016" in page
    answer(client, link[1], "afmeld")
    assert seated(team) == ["Camilla Lund"]
    answer(client, path_of(camilla), "bekraeft")
    assert db.session.get_one(Participant, camilla.id).state is P.CONFIRMED


def test_an_offer_passed_on_cannot_be_taken(client: FlaskClient) -> None:
    team = make_team(1)
    aase, bo, _camilla = (sign_up(team, name).participant for name in ("Åse Østergård", "Bo Krogh", "Camilla Lund"))
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, aase.id), user_id=None))
    deliver()
    client.application.config["NBE_TODAY"] = "2016-05-02"
    path = path_of(bo)
    assert "Svarfristen er udløbet" in text_of(client.get(path))
    answer(client, path, "bekraeft")
    assert "Pladsen er givet videre" in text_of(client.get(path))


def test_a_link_is_dead_when_it_is_renewed_false_or_over(client: FlaskClient) -> None:
    team = make_team(1)
    aase = sign_up(team, "Åse Østergård").participant
    old = path_of(aase)
    assert "Nyt link er på vej" in text_of(answer(client, old, "nyt-link"))
    (mail,) = mails_to(aase)
    new = re.search(r"https?://[^/]+(/deltager/\S+)", mail.text)
    assert new and new[1] != old
    assert client.get(new[1]).status_code == 200
    for dead in (old, old[:-1] + ("a" if old[-1] != "a" else "b"), "/deltager/" + sign("team", "1-849")):
        reply = client.get(dead)
        assert reply.status_code == 404 and "Linket virker ikke mere" in text_of(reply)
        assert "Åse" not in text_of(reply)
        assert answer(client, dead, "afmeld").status_code == 404
    client.application.config["NBE_TODAY"] = (dt.date(2016, 5, 11) + dt.timedelta(days=61)).isoformat()
    assert client.get(new[1]).status_code == 404


def test_signing_up_by_the_link_of_a_municipality(client: FlaskClient) -> None:
    team = make_team(1, {849: None, 820: None})
    path = re.sub(r"^https?://[^/]+", "", letters.team_link(team, 849))
    page = text_of(client.get(path))
    assert "Hold 1" in page and "Jammerbugt Kommune" in page
    client.application.config["MAIL_URL"] = "smtp://localhost:1"
    data = {"name": "Åse Østergård", "email": "aase@example.dk", "title": "Tekniker"}
    assert answer(client, path, "", name="", email="x").status_code == 422
    first = answer(client, path, "", **data)
    again = answer(client, path, "", **data)
    assert text_of(first) == text_of(again) and "aase@example.dk" in text_of(first)
    second = answer(client, path, "", name="Bo Krogh", email="bo@example.dk")
    assert text_of(second).replace("bo@", "aase@") == text_of(first)
    assert (seated(team), waiting(team)) == (["Åse Østergård"], ["Bo Krogh"])
    texts = [mail.text for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))]
    assert len(texts) == 2
    assert "Du er tilmeldt" in texts[0] and "venteliste" in texts[1]
    files = [mail.attachment_name for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))]
    assert files == ["kursus.ics", ""]
    assert db.session.scalars(sa.select(Participant.municipality_code)).all() == [849, 849]


def test_the_link_of_a_municipality_ends_with_the_course_and_is_for_that_one_alone(client: FlaskClient) -> None:
    team = make_team(5, {849: None})
    path = re.sub(r"^https?://[^/]+", "", letters.team_link(team, 849))
    elsewhere = re.sub(r"^https?://[^/]+", "", letters.team_link(team, 851))
    assert client.get(elsewhere).status_code == 404
    for bad in ("/hold/x", "/hold/" + sign("team", "x-849"), "/hold/" + sign("team", f"{team.id}-999")):
        assert client.get(bad).status_code == 404
    client.application.config["NBE_TODAY"] = "2016-05-10"
    assert client.get(path).status_code == 404
    assert answer(client, path, "", name="Sent Ude", email="sent@example.dk").status_code == 404


def test_thirty_an_hour_from_one_address(client: FlaskClient) -> None:
    team = make_team(None)
    path = re.sub(r"^https?://[^/]+", "", letters.team_link(team, 849))
    codes = [answer(client, path, "", name=f"Prøve {n}", email=f"p{n}@example.dk").status_code for n in range(31)]
    assert codes == [200] * 30 + [429]


def test_without_a_mail_server_nobody_is_promised_a_mail(client: FlaskClient) -> None:
    team = make_team(1, {849: None})
    path = re.sub(r"^https?://[^/]+", "", letters.team_link(team, 849))
    said = text_of(answer(client, path, "", name="Åse Østergård", email="aase@example.dk"))
    assert "Projektlederen sender dig besked" in said and "Vi har sendt" not in said and "mail" not in said
    said = text_of(answer(client, path_of(people(team)[0]), "nyt-link"))
    assert "Projektlederen sender dig et nyt link" in said and "Vi har sendt" not in said


def test_what_has_been_overtaken_is_not_sent(client: FlaskClient) -> None:
    """Signed up and waiting, moved up, a new link, gone: of what lies in the outbox only what holds goes out."""
    team = make_team(1)
    aase = sign_up(team, "Åse Østergård", sends_receipt=True).participant
    bo = sign_up(team, "Bo Krogh", sends_receipt=True).participant

    def still(person: Participant) -> list[str]:
        db.session.rollback()
        return [mail.subject for mail in mails_to(person) if mail.state is MailState.KEPT]

    assert still(bo) == ["Din tilmelding til kurset"]
    change(lambda: actions.cancel_seat(db.session.get_one(Participant, aase.id), user_id=None))
    assert (still(aase), still(bo)) == ([], ["Der er en plads til dig på kurset"])
    assert explain(mails_to(bo)[0].outcome)[0] == "Skal ikke sendes: tilmeldingen er ændret siden."
    answer(client, path_of(bo), "nyt-link")
    assert still(bo) == ["Der er en plads til dig på kurset"]
    assert path_of(db.session.get_one(Participant, bo.id)) in mails_to(bo)[-1].text
    answer(client, path_of(db.session.get_one(Participant, bo.id)), "afmeld")
    assert still(bo) == []
    sign_up(team, "Bo Krogh", sends_receipt=True)
    assert still(bo) == ["Din tilmelding til kurset"]
