"""Signing in and out: sessions live in the table, get a new id at log-in, and die when they should."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.models import LoginSession, User
from nbe.models.states import RoleName
from tests.builders import PASSWORD, csrf_of, make_user, sign_in

HOME = "/konto"


class Clock:
    """The real clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
        monkeypatch.setattr(clock, "real_now", lambda: self.moment)

    def go(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("nbe")
    return found.value if found else ""


def rows() -> list[LoginSession]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(LoginSession).order_by(LoginSession.created_at)))


def test_the_form_has_the_promised_fields(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    form = page[page.index('action="/login"') :]
    form = form[: form.index("</form>")]
    names = {part.split('"')[0] for part in form.split('name="')[1:]}
    assert names == {"email", "password", "csrf_token"}


def test_signing_in_gives_a_new_session_and_out_ends_it(client: FlaskClient) -> None:
    user = make_user()
    token = csrf_of(client)
    before = cookie(client)
    assert before
    assert rows() == []  # nobody is remembered before there is something to remember
    sign_in(client, user)
    inside = cookie(client)
    assert inside not in ("", before)
    assert client.get(HOME).status_code == 200
    (row,) = rows()
    assert row.user_id == user.id
    assert inside not in row.token_hash
    # The form's token from before the log-in is no longer good.
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400
    out = client.post("/logout", data={"csrf_token": csrf_of(client, HOME)})
    assert out.status_code == 302
    assert rows()[0].ended_at is not None
    assert client.get(HOME).status_code == 302
    client.set_cookie("nbe", inside)
    assert client.get(HOME).status_code == 302
    assert client.get("/logout").status_code == 405


def test_a_planted_session_is_not_taken_over(client: FlaskClient) -> None:
    planted = "x" * 43
    client.set_cookie("nbe", planted)
    sign_in(client, make_user())
    assert cookie(client) != planted
    thief = client.application.test_client()
    thief.set_cookie("nbe", planted)
    assert thief.get(HOME).status_code == 302


def test_the_cookie_is_marked(sqlite_app: Flask, sqlite_url: str) -> None:
    from tests.conftest import build

    answer = sqlite_app.test_client().get("/login")
    mark = answer.headers["Set-Cookie"]
    assert mark.startswith("nbe=")
    assert "HttpOnly" in mark
    assert "SameSite=Lax" in mark
    production = build(sqlite_url, NBE_ENV="production", TRUSTED_HOSTS="nbe.example.dk")
    mark = production.test_client().get("/login", base_url="https://nbe.example.dk").headers["Set-Cookie"]
    assert mark.startswith("__Host-nbe=")
    assert "Secure" in mark
    assert "Path=/" in mark
    assert "Domain" not in mark


@pytest.mark.parametrize(("seconds", "status"), [(30 * 60 - 1, 200), (30 * 60, 302), (30 * 60 + 1, 302)])
def test_idle(client: FlaskClient, hands: Clock, seconds: int, status: int) -> None:
    sign_in(client, make_user())
    hands.go(minutes=5)
    assert client.get(HOME).status_code == 200
    hands.go(seconds=seconds)
    assert client.get(HOME).status_code == status


@pytest.mark.parametrize(
    ("role", "hours"), [(RoleName.LEADER, 12), (RoleName.PARTNER, 12), (RoleName.ADMINISTRATOR, 8)]
)
def test_the_longest_session(client: FlaskClient, hands: Clock, role: RoleName, hours: int) -> None:
    sign_in(client, make_user(role))
    start = hands.moment
    while hands.moment < start + dt.timedelta(hours=hours) - dt.timedelta(minutes=20):
        hands.go(minutes=20)
        assert client.get(HOME).status_code == 200
    hands.moment = start + dt.timedelta(hours=hours, seconds=-1)
    assert client.get(HOME).status_code == 200
    hands.go(seconds=1)
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("what", ["role", "municipality", "active", "password"])
def test_a_right_taken_away_is_gone_at_the_next_request(app: Flask, what: str) -> None:
    from nbe.accounts import actions

    user = make_user()
    clients = [sign_in(app.test_client(), user) for _ in range(3)]
    user_id = user.id
    db.session.rollback()
    with writing():
        user = db.session.get_one(User, user_id)
        values = {"name": user.name, "role": user.role, "municipality_code": user.municipality_code, "active": True}
        if what == "password":
            actions.set_password(user, "x")
        elif what == "role":
            actions.change_user(user, **{**values, "role": RoleName.PARTNER})
        elif what == "municipality":
            actions.change_user(user, **{**values, "municipality_code": 851})
        else:
            actions.change_user(user, **{**values, "active": False})
        db.session.commit()
    for client in clients:
        assert client.get(HOME).status_code == 302
        assert client.post("/konto", data={"name": "Ny"}).status_code in (400, 401)


def test_a_closed_account_cannot_sign_in(client: FlaskClient) -> None:
    user = make_user()
    db.session.rollback()
    with writing():
        user.active = False
        db.session.commit()
    data = {"email": user.email, "password": PASSWORD, "csrf_token": csrf_of(client)}
    answer = client.post("/login", data=data)
    assert answer.status_code == 200
    assert "passer ikke" in answer.get_data(as_text=True)
    assert client.get(HOME).status_code == 302


def test_a_request_costs_two_statements_for_the_session(client: FlaskClient) -> None:
    sign_in(client, make_user())
    client.get("/rettigheder")
    with db.engine.connect():
        pass
    seen: list[str] = []
    engine = db.engine

    def count(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", count)
    try:
        client.get("/rettigheder")
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", count)
    assert engine is not None
    own = [s for s in seen if "login_session" in s or ("FROM" in s and "user" in s)]
    assert len(own) <= 2, own


def test_the_time_of_the_last_request_waits_for_nobody(sqlite_app: Flask, hands: Clock) -> None:
    import time

    client = sign_in(sqlite_app.test_client(), make_user())
    hands.go(minutes=3)
    with writing(), db.engine.connect() as other:
        other.execute(sa.text("UPDATE role SET name = name"))
        start = time.perf_counter()
        assert client.get("/rettigheder").status_code == 200
        assert time.perf_counter() - start < 1.5
        other.rollback()
