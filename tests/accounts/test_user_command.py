"""`flask user add`, as the contract says it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import User
from nbe.models.states import RoleName
from tests.builders import csrf_of, make_user, sign_in

GOOD = "kanin sofa regnvejr 7"


def run(app: Flask, *args: str, stdin: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["user", "add", *args], input=stdin)
    return result.exit_code, result.output


def test_with_a_password(sqlite_app: Flask) -> None:
    code, _ = run(
        sqlite_app, "Ny@Example.dk", "--role", "leader", "--municipality", "0849", "--password-stdin", stdin=f"{GOOD}\n"
    )
    assert code == 0
    db.session.rollback()
    user = db.session.scalars(sa.select(User)).unique().one()
    assert (user.email, user.role, user.municipality_code) == ("ny@example.dk", RoleName.LEADER, 849)
    sign_in(sqlite_app.test_client(), user, GOOD)


def test_without_a_password_a_link_is_printed(sqlite_app: Flask) -> None:
    code, output = run(sqlite_app, "admin@example.dk", "--role", "administrator")
    assert code == 0
    path = re.search(r"http://127\.0\.0\.1:5000(/invitation/\S+)", output)[1]
    client = sqlite_app.test_client()
    data = {"csrf_token": csrf_of(client, path), "password": GOOD, "password_confirm": GOOD}
    assert client.post(path, data={**data, "password": "kort", "password_confirm": "kort"}).status_code == 422
    assert client.post(path, data=data).status_code == 302
    assert client.get(path).status_code == 404  # once only
    db.session.rollback()
    sign_in(client, db.session.scalars(sa.select(User)).unique().one(), GOOD)


@pytest.mark.parametrize(
    "args",
    [
        ("ikke en mail", "--role", "leader", "--municipality", "849"),
        ("a@example.dk", "--role", "konge"),
        ("a@example.dk", "--role", "leader"),
        ("a@example.dk", "--role", "leader", "--municipality", "999"),
        ("a@example.dk", "--role", "leader", "--municipality", "Aalborg"),
        ("taget@example.dk", "--role", "administrator"),
        ("a@example.dk", "--role", "administrator", "--password-stdin"),
    ],
)
def test_refused(sqlite_app: Flask, args: tuple[str, ...]) -> None:
    make_user(email="taget@example.dk")
    code, output = run(sqlite_app, *args, stdin="password1234\n")
    assert code != 0
    assert "Traceback" not in output
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1
