"""Every way in gives a new session, every way out ends it, and a right taken away is gone at the next request."""

from __future__ import annotations

import base64
import datetime as dt
import re
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.accounts import mail
from nbe.core.database import db, writing
from nbe.models import LoginSession, User
from nbe.models.states import RoleName
from tests.builders import PASSWORD, csrf_of, make_user, sign_in
from tests.security.conftest import House

NEW = "ganske ny adgangskode 9"


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("nbe")
    return found.value if found else ""


def is_in(app: Flask, token: str) -> bool:
    """Whether this cookie opens the account, in a browser of its own."""
    client = app.test_client()
    client.set_cookie("nbe", token)
    return client.get("/konto").status_code == 200


def sign_out(client: FlaskClient) -> None:
    assert client.post("/logout", data={"csrf_token": csrf_of(client, "/konto")}).status_code == 302


def change_password(client: FlaskClient) -> None:
    data = {"current": PASSWORD, "password": NEW, "password_confirm": NEW, "csrf_token": csrf_of(client, "/konto")}
    assert client.post("/konto/adgangskode", data=data).status_code == 302


def test_a_new_password_gives_a_new_session_and_ends_all_others(app: Flask) -> None:
    user = make_user()
    here, there = (sign_in(app.test_client(), user) for _ in range(2))
    old = cookie(here)
    change_password(here)
    assert cookie(here) not in ("", old)
    assert here.get("/konto").status_code == 200
    assert not is_in(app, old)
    assert there.get("/konto").status_code == 302


def test_a_password_renewed_by_mail_ends_all_sessions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "deliver", lambda url, message: sent.append(message))
    monkeypatch.setattr(mail.threading.Thread, "start", lambda thread: thread.run())
    app.config["MAIL_URL"] = "smtp://localhost"
    user, thief = make_user(), app.test_client()
    sign_in(thief, user)
    client = app.test_client()
    data = {"email": user.email, "csrf_token": csrf_of(client, "/glemt-adgangskode")}
    client.post("/glemt-adgangskode", data=data)
    link = re.search(r"http://localhost(/glemt-adgangskode/\S+)", sent[0].get_content())
    assert link
    new = {"password": NEW, "password_confirm": NEW, "csrf_token": csrf_of(client, link[1])}
    assert client.post(link[1], data=new).status_code == 302
    assert thief.get("/konto").status_code == 302
    # The link opens once.
    again = app.test_client()
    assert again.get(link[1]).status_code == 302
    assert again.post(link[1], data={**new, "csrf_token": csrf_of(again)}).status_code == 302
    sign_in(app.test_client(), user, NEW)


def test_the_demos_way_in_gives_a_new_session(story_app: Flask) -> None:
    client = story_app.test_client()
    planted = "y" * 43
    client.set_cookie("nbe", planted)
    answer = client.post("/demo-login", data={"role": "leader", "csrf_token": csrf_of(client)})
    assert answer.status_code == 302
    assert cookie(client) not in ("", planted)
    assert not is_in(story_app, planted)
    old = cookie(client)
    sign_out(client)
    assert not is_in(story_app, old)


def test_signing_out_here_leaves_other_browsers_in(app: Flask) -> None:
    user = make_user()
    here, there = (sign_in(app.test_client(), user) for _ in range(2))
    old = cookie(here)
    sign_out(here)
    assert not is_in(app, old)
    assert there.get("/konto").status_code == 200


def test_signing_in_as_somebody_else_ends_the_first_session(app: Flask) -> None:
    first, second = make_user(), make_user()
    client = sign_in(app.test_client(), first)
    old, token = cookie(client), csrf_of(client, "/konto")
    sign_out(client)
    sign_in(client, second)
    assert not is_in(app, old)
    assert client.post("/konto", data={"name": "Nyt", "csrf_token": token}).status_code == 400


def test_a_cookie_is_worth_nothing_without_its_row(app: Flask) -> None:
    client = sign_in(app.test_client(), make_user())
    token = cookie(client)
    for other in (token[:-1], token + "x", token.swapcase(), f" {token}", "", "a" * 5000, "æ", "../x", "' OR 1=1 --"):
        assert not is_in(app, other)
    db.session.rollback()
    with writing():
        db.session.execute(sa.delete(LoginSession))
        db.session.commit()
    assert not is_in(app, token)


def test_there_is_no_way_past_the_session_table(app: Flask) -> None:
    """No token in header or address, no remembering cookie, no basic authentication."""
    user = make_user()
    token = user.get_auth_token()
    client = app.test_client()
    basic = {"Authorization": "Basic " + base64.b64encode(f"{user.email}:{PASSWORD}".encode()).decode()}
    for headers in ({"Authentication-Token": token}, {"Authorization": f"Bearer {token}"}, basic):
        assert client.get("/konto", headers=headers).status_code == 302
    assert client.get(f"/konto?auth_token={token}").status_code == 302
    signed_in = sign_in(app.test_client(), user)
    assert signed_in.get_cookie("remember_token") is None


CHANGES: dict[str, dict[str, object]] = {
    "role": {"role": "partner"},
    "municipality": {"municipality_code": 851},
    "access": {"active": "0"},
}


@pytest.mark.parametrize("what", list(CHANGES))
def test_what_the_administrator_takes_away_is_gone_at_the_next_request(house: House, what: str) -> None:
    user_id = house.world.users["leader A"]
    tokens = {house.world.cookies["leader A"]}
    leader = house.client("leader A")
    assert leader.get("/virksomheder/849001").status_code == 200
    csrf = house.token("leader A")
    form = {"name": "L", "role": "leader", "municipality_code": 849, "active": "1", "version": _version(house, user_id)}
    answer = house.send("admin", "POST", f"/administration/brugere/{user_id}", data=form | CHANGES[what])
    assert answer.status_code in (302, 303), answer.text[:500]
    assert leader.get("/virksomheder/849001").status_code == 302
    assert leader.post("/konto", data={"name": "Ny", "csrf_token": csrf}).status_code in (400, 401)
    assert not any(is_in(house.app, token) for token in tokens)
    if what != "access":  # and a new log-in has the new right only
        with house.app.app_context():
            again = sign_in(house.app.test_client(), db.session.get_one(User, user_id))
        assert again.get("/virksomheder/849001").status_code == (403 if what == "role" else 404)


def _version(house: House, user_id: int) -> int:
    with house.app.app_context():
        return db.session.get_one(User, user_id).version


@pytest.mark.parametrize(("role", "hours"), [(RoleName.LEADER, 12), (RoleName.ADMINISTRATOR, 8)])
def test_how_long_a_session_lasts_is_shown(sqlite_app: Flask, role: RoleName, hours: int) -> None:
    page = sign_in(sqlite_app.test_client(), make_user(role)).get("/konto").text
    assert "efter 30 minutter uden brug" in page
    assert f"senest {hours} timer efter" in page


def test_the_table_keeps_neither_cookie_nor_secret_of_one_who_left(app: Flask) -> None:
    client = sign_in(app.test_client(), make_user())
    token = cookie(client)
    sign_out(client)
    db.session.rollback()
    (row,) = db.session.scalars(sa.select(LoginSession).where(LoginSession.ended_at.is_not(None)))
    assert row.data == {}
    assert token not in str(row.token_hash)


def test_an_ended_row_is_never_woken(app: Flask) -> None:
    client = sign_in(app.test_client(), make_user())
    token = cookie(client)
    db.session.rollback()
    with writing():
        row = db.session.scalars(sa.select(LoginSession)).one()
        row.ended_at = row.created_at + dt.timedelta(seconds=1)
        db.session.commit()
    for _ in range(2):
        assert not is_in(app, token)
