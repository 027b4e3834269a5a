"""People answer for themselves by a link, without a log-in; nothing is told of who or what was known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db, writing
from nbe.core.links import sign as signed
from nbe.events.counts import count_people
from nbe.events.letters import answer_path, open_path
from nbe.events.rules import Counts
from nbe.models import Event, Mail, Registration
from nbe.models.gathering_states import MailState, RegistrationState
from tests.builders import csrf_of, make_business, make_member
from tests.events.making import HELD, new_event, sign
from tests.events.test_pages import errors, text_of

S = RegistrationState


def post(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, path), **data})


def states(event: Event) -> list[RegistrationState]:
    db.session.rollback()
    ordered = sa.select(Registration.state).where(Registration.is_hidden.is_(False)).order_by(Registration.id)
    return list(db.session.scalars(ordered.where(Registration.event_id == event.id)))


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.id)))


def test_yes_no_and_yes_again(app: Flask) -> None:
    event = new_event(place="Rådhuset", seats=2)
    one = sign(event, "Anne Prøve", state=S.INVITED)
    client, path = app.test_client(), answer_path(one)
    shown = text_of(client.get(path))
    assert "Til Anne Prøve" in shown and "Temamøde om varme" in shown and "Sådan bruger vi dine oplysninger" in shown
    assert post(client, path, {"svar": "ja", "note": "Vegetar"}).status_code == 303
    assert states(event) == [S.SIGNED_UP]
    assert "Du er tilmeldt." in text_of(client.get(path))
    told = mails()
    assert [mail.subject for mail in told] == ["Du er tilmeldt: Temamøde om varme"]
    assert path in told[0].text and told[0].attachment_name == "arrangement.ics"
    assert b"SUMMARY:Temam" in (told[0].attachment or b"")
    assert post(client, path, {"svar": "ja", "note": "Glutenfri"}).status_code == 303
    assert len(mails()) == 1, "the same answer is not told again"
    assert db.session.scalars(sa.select(Registration.note)).one() == "Glutenfri"
    assert post(client, path, {"svar": "nej"}).status_code == 303
    assert states(event) == [S.DECLINED]
    assert [mail.state for mail in mails()] == [MailState.STOPPED, MailState.KEPT], "the seat is no more to be told of"
    assert post(client, path, {"svar": "ja"}).status_code == 303
    assert states(event) == [S.SIGNED_UP]
    assert len(mails()) == 3


def test_the_seat_of_who_says_no_goes_to_who_waits(app: Flask) -> None:
    event = new_event(seats=1)
    first, second = sign(event, "Anne Prøve"), sign(event, "Bo Prøve")
    client = app.test_client()
    assert "nummer 1 på ventelisten" in text_of(client.get(answer_path(second)))
    assert post(client, answer_path(first), {"svar": "nej"}).status_code == 303
    assert states(event) == [S.DECLINED, S.SIGNED_UP]
    assert sorted((mail.email, mail.subject.split(":")[0]) for mail in mails()) == [
        ("anne@example.dk", "Afbud modtaget"),
        ("bo@example.dk", "Du har fået en plads"),
    ]


@pytest.mark.parametrize("kind", ["tilmelding", "unsubscribe"])
def test_a_link_for_something_else_or_changed_opens_nothing(sqlite_app: Flask, kind: str) -> None:
    one = sign(new_event())
    client = sqlite_app.test_client()
    for token in (signed(kind, one.link_key), answer_path(one).removeprefix("/svar/")[:-1], one.link_key):
        assert client.get(f"/svar/{token}").status_code == 404
        assert client.get(f"/svar/{token}/arrangement.ics").status_code == 404


def test_after_the_deadline_one_may_only_say_no(sqlite_app: Flask) -> None:
    event = new_event(sign_up_until=dt.date(2016, 4, 24))
    one, client = sign(event, state=S.INVITED), sqlite_app.test_client()
    answer = post(client, answer_path(one), {"svar": "ja", "note": "Ældre"})
    assert answer.status_code == 422
    assert "lukket for tilmelding" in errors(answer) and 'value="Ældre"' in answer.get_data(as_text=True)
    assert post(client, answer_path(one), {"svar": "nej"}).status_code == 303
    assert states(event) == [S.DECLINED]
    assert "Vælg ja eller nej" in errors(post(client, answer_path(one), {}))


def test_what_is_held_stands(sqlite_app: Flask) -> None:
    one = sign(new_event(HELD), day=dt.date(2016, 1, 20))
    client = sqlite_app.test_client()
    assert "kan ikke svares mere" in text_of(client.get(answer_path(one)))
    data = {"svar": "nej", "csrf_token": csrf_of(client)}
    assert client.post(answer_path(one), data=data).status_code == 422


TYPED = {
    "name": "Ida Ny", "email": "ida@example.dk", "organisation": "Ny Smedje", "municipality_code": "849",
}  # fmt: skip


def test_anybody_with_the_open_link_signs_up(app: Flask) -> None:
    event, business = new_event(), make_business()
    make_member(business)
    client, path = app.test_client(), open_path(event)
    assert "Tilmeld dig" in text_of(client.get(path))
    assert post(client, path, TYPED | {"cvr": f"DK {business.cvr}"}).location == f"{path}/tak"
    assert post(client, path, TYPED | {"name": "Bo Uden", "email": "bo@example.dk"}).location == f"{path}/tak"
    db.session.rollback()
    assert count_people([event.id])[event.id] == Counts(signed_up=2, members=1)
    of_business = db.session.scalars(sa.select(Registration.business_id).order_by(Registration.id)).all()
    assert of_business == [business.id, None]
    assert {mail.subject for mail in mails()} == {"Du er tilmeldt: Temamøde om varme"}
    assert "Projektlederen sender dig besked" in text_of(client.get(f"{path}/tak"))
    app.config["MAIL_URL"] = "smtp://localhost:1"
    assert "Du får en mail" in text_of(client.get(f"{path}/tak"))


def test_nothing_is_told_of_what_was_known(sqlite_app: Flask) -> None:
    """The same answer whoever signs up: known or not, twice, with a number that is held elsewhere or nowhere."""
    event, here, there = new_event(seats=2), make_business(), make_business(municipality=851)
    sign(event, "Ida Ny", here, email="ida@example.dk")
    client, path = sqlite_app.test_client(), open_path(event)
    seen = set()
    for changes in (
        {"cvr": here.cvr}, {"cvr": there.cvr}, {"cvr": "13585628"}, {}, {"name": "Bo Ny", "email": "bo@example.dk"},
    ):  # fmt: skip
        answer = post(client, path, TYPED | changes)
        thanks = client.get(answer.location)
        seen.add((answer.status_code, answer.location, text_of(thanks)))
    assert len(seen) == 1
    db.session.rollback()
    assert count_people([event.id])[event.id].signed_up == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Dit navn: Skal udfyldes."),
        ({"email": "ida"}, "Skriv en mailadresse"),
        ({"cvr": "13585627"}, "kontrolcifret passer ikke"),
        ({"municipality_code": ""}, "Kommune"),
        ({"municipality_code": "101"}, "Vælg en af mulighederne."),
        ({"note": "010180-1234"}, "CPR-nummer"),
    ],
)
def test_bad_input_keeps_what_was_typed(sqlite_app: Flask, wrong: dict[str, str], said: str) -> None:
    client, path = sqlite_app.test_client(), open_path(new_event())
    answer = post(client, path, TYPED | wrong)
    assert answer.status_code == 422 and said in errors(answer)
    assert 'value="Ny Smedje"' in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Registration)).all() == []


def test_many_sign_ups_from_one_address_are_slowed(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbe.events.answer_routes.TRIES", 2)
    event = new_event()
    client, path = sqlite_app.test_client(), open_path(event)
    people = [TYPED | {"name": f"Person {n}", "email": f"p{n}@example.dk"} for n in range(3)]
    assert [post(client, path, one).status_code for one in people] == [303, 303, 429]
    assert len(states(event)) == 2


def test_a_closed_or_full_event_says_so(sqlite_app: Flask) -> None:
    event = new_event(seats=1)
    client, path = sqlite_app.test_client(), open_path(event)
    sign(event)
    assert "Alle pladser er taget" in text_of(client.get(path))
    assert post(client, path, TYPED).status_code == 303
    assert states(event)[-1] is S.WAITING
    assert mails()[-1].subject.startswith("På venteliste")
    db.session.rollback()
    with writing():
        db.session.get_one(Event, event.id).sign_up_until = dt.date(2016, 4, 1)
        db.session.commit()
    assert "Der er lukket for tilmelding." in text_of(client.get(path))
    data = TYPED | {"csrf_token": csrf_of(client), "name": "Sen Person"}
    assert client.post(path, data=data).status_code == 422


def test_a_leader_finds_the_open_link_on_the_page(sqlite_app: Flask) -> None:
    from tests.events.test_pages import enter

    event = new_event(municipality_code=849)
    shown = enter(sqlite_app).get(f"/arrangementer/{event.id}").get_data(as_text=True)
    assert open_path(event) in shown
    other = enter(sqlite_app, code=851).get(f"/arrangementer/{event.id}").get_data(as_text=True)
    assert open_path(event) not in other
