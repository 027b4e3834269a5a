"""Guessing is hopeless, locks nobody out for long, and no answer tells whether an address has an account."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.accounts import forms, guessing
from nbe.core.database import db, writing
from nbe.models import User
from nbe.models.states import RoleName
from tests.accounts.test_signing_in import Clock
from tests.accounts.test_signing_in import hands as hands
from tests.builders import PASSWORD, csrf_of, make_user
from tests.sizes import size

HERE, THERE = "192.0.2.10", "198.51.100.20"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the service has made people wait; nobody really does."""
    waited: list[float] = []
    monkeypatch.setattr(guessing.time, "sleep", waited.append)
    return waited


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tries whose password was looked at."""
    seen: list[str] = []
    validate = forms.LoginForm.validate

    def note(form: forms.LoginForm, **kwargs: object) -> bool:
        seen.append(str(form.email.data))
        return bool(validate(form, **kwargs))

    monkeypatch.setattr(forms.LoginForm, "validate", note)
    return seen


def guess(
    client: FlaskClient, email: str, password: str = "gæt gæt gæt gæt", place: str = HERE, **headers: str
) -> TestResponse:
    token = client.__dict__.setdefault("token", "") or csrf_of(client)  # one page is enough for many guesses
    client.__dict__["token"] = token
    data = {"email": email, "password": password, "csrf_token": token}
    return client.post("/login", data=data, headers=headers, environ_overrides={"REMOTE_ADDR": place})


def test_slowed_by_the_tenth_refused_by_the_twentieth(app: Flask, waits: list[float], judged: list[str]) -> None:
    user, client = make_user(), app.test_client()
    answers = [guess(client, user.email) for _ in range(25)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:19] == [200] * 19
    assert set(statuses[19:]) == {429}
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60 + 1
    assert len(judged) == 19
    assert len(waits) == 10  # the tenth to the nineteenth
    # The right password does not help any more, and nothing tells that it was the right one.
    right = guess(client, user.email, PASSWORD)
    assert (right.status_code, len(judged)) == (429, 19)
    assert "For mange forsøg" in right.text


def test_many_guesses_from_many_places_at_one_account(sqlite_app: Flask, waits: list[float], judged: list[str]) -> None:
    user, client, tries = make_user(), sqlite_app.test_client(), size(10_000)
    statuses = [
        guess(client, user.email, place=f"10.{n // 65536}.{n // 256 % 256}.{n % 256}").status_code for n in range(tries)
    ]
    assert statuses.count(429) == tries - len(judged)
    assert len(judged) <= 40


def test_many_accounts_from_one_place(sqlite_app: Flask, waits: list[float], judged: list[str]) -> None:
    client, tries = sqlite_app.test_client(), size(10_000)
    for n in range(tries):
        guess(
            client,
            f"nogen{n}@example.dk",
            **{"X-Forwarded-For": f"203.0.113.{n % 256}", "Forwarded": f"for=203.0.113.{n}"},
        )
    assert len(judged) <= 40


def test_the_right_person_is_in_again_within_a_quarter(
    app: Flask, hands: Clock, waits: list[float], judged: list[str]
) -> None:
    user, client = make_user(), app.test_client()
    for _ in range(30):
        guess(client, user.email)
        hands.go(seconds=1)
    assert guess(client, user.email, PASSWORD).status_code == 429
    hands.go(minutes=15)
    assert guess(client, user.email, PASSWORD).status_code == 302


def test_a_stranger_locks_nobody_out_of_a_known_place(sqlite_app: Flask, waits: list[float]) -> None:
    user, client = make_user(), sqlite_app.test_client()
    assert guess(client, user.email, PASSWORD, HERE).status_code == 302
    stranger = sqlite_app.test_client()
    for _ in range(25):
        guess(stranger, user.email, place=THERE)
    assert guess(stranger, user.email, PASSWORD, THERE).status_code == 429
    assert guess(sqlite_app.test_client(), user.email, PASSWORD, HERE).status_code == 302


def test_the_count_stands_in_the_database(app: Flask, db_url: str, waits: list[float]) -> None:
    """Two processes count as one."""
    from tests.conftest import build

    user = make_user()
    clients = [app.test_client(), build(db_url).test_client()]
    statuses = [guess(clients[n % 2], user.email).status_code for n in range(22)]
    assert statuses.count(200) == 19


def test_letters_and_blanks_make_no_other_account(sqlite_app: Flask, waits: list[float], judged: list[str]) -> None:
    user, client = make_user(email="vibeke@example.dk"), sqlite_app.test_client()
    for n in range(30):
        guess(client, ["vibeke@example.dk", "VIBEKE@example.dk", " Vibeke@Example.dk "][n % 3])
    assert len(judged) == 19
    assert user.id


def masked(answer: TestResponse) -> tuple[int, str]:
    """An answer without what is new in each: tokens, numbers, and the address that was typed."""
    text = re.sub(r'(csrf_token|once)" value="[^"]*"', "", answer.text)
    text = re.sub(r"[\w.]+@example\.dk", "(mail)", text)
    return answer.status_code, f"{text} {answer.location} {sorted(answer.headers.keys())}"


@pytest.fixture
def accounts(sqlite_app: Flask) -> list[str]:
    """Addresses: nobody's, somebody's, somebody's without a password, somebody's who is shut out."""
    somebody, invited, shut = make_user(), make_user(RoleName.PARTNER), make_user()
    with writing():
        db.session.get_one(User, invited.id).password = None
        db.session.get_one(User, shut.id).active = False
        db.session.commit()
    return ["nobody@example.dk", somebody.email, invited.email, shut.email]


def test_a_log_in_tells_nothing(sqlite_app: Flask, accounts: list[str]) -> None:
    answers = {masked(guess(sqlite_app.test_client(), email)) for email in accounts}
    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 200
    assert "passer ikke" in text


def test_a_reset_tells_nothing(sqlite_app: Flask, accounts: list[str]) -> None:
    answers = set()
    for email in accounts:
        client = sqlite_app.test_client()
        token = csrf_of(client, "/glemt-adgangskode")
        answer = client.post("/glemt-adgangskode", data={"email": email, "csrf_token": token})
        follow = client.get(answer.location or "/glemt-adgangskode")
        answers.add((masked(answer), masked(follow)))
    assert len(answers) == 1
    assert "Hvis der er en bruger med den mailadresse" in str(answers)


def test_reset_requests_are_counted(sqlite_app: Flask, hands: Clock) -> None:
    user, client = make_user(), sqlite_app.test_client()

    def ask(email: str) -> int:
        data = {"email": email, "csrf_token": csrf_of(client, "/glemt-adgangskode")}
        return client.post("/glemt-adgangskode", data=data).status_code

    assert [ask(user.email) for _ in range(7)] == [200] * 5 + [429] * 2
    assert [ask("nobody@example.dk") for _ in range(7)] == [200] * 5 + [429] * 2
    hands.moment += dt.timedelta(minutes=15)
    assert ask(user.email) == 200


@pytest.mark.parametrize("kind", ["invitation", "glemt-adgangskode"])
def test_false_and_old_links_look_alike(sqlite_app: Flask, hands: Clock, kind: str) -> None:
    from flask_security.recoverable import generate_reset_password_token

    from nbe.accounts.actions import invitation_token

    user = make_user()
    with sqlite_app.test_request_context():
        good = invitation_token(user) if kind == "invitation" else generate_reset_password_token(user)
    swapped = good[:-3] + good[-3:].swapcase() + "x"
    answers = set()
    for token in ("falsk", swapped, good[:-5], "a.b.c"):
        status, text = masked(sqlite_app.test_client().get(f"/{kind}/{token}"))
        answers.add((status, text.replace(token, "")))
    assert len(answers) == 1
    assert answers.pop()[0] in (302, 404)
