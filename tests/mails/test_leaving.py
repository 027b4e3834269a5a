"""No more letters, and letters again: by the page, by the mail program, and by nobody else."""

from __future__ import annotations

import lxml.html
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.core.links import sign
from nbe.mails.letters import unsubscribe_address
from nbe.models import Unsubscription
from tests.mails.letters import write

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def gone() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Unsubscription.email)))


def path_for(email: str) -> str:
    return "/frameld/" + unsubscribe_address(write(to_email=email, is_service=False)).rsplit("/", 1)[1]


def press(client: FlaskClient, path: str, action: str) -> int:
    page = lxml.html.fromstring(client.get(path).get_data(as_text=True))
    form = next(form for form in page.forms if form.action == action)
    return client.post(action, data=dict(form.form_values())).status_code


def test_by_the_page_and_regretted(app: Flask) -> None:
    client, path = app.test_client(), path_for("Åse@Example.dk")
    first = client.get(path)
    assert first.status_code == 200 and gone() == []  # looking is not leaving
    assert client.head(path).status_code == 200 and gone() == []
    assert press(client, path, path) == 303
    assert gone() == ["åse@example.dk"]
    page = client.get(path).get_data(as_text=True)
    assert "får ikke flere breve" in page
    assert press(client, path, f"{path}/fortryd") == 303
    assert gone() == []


def test_by_the_mail_program_without_a_session(app: Flask) -> None:
    """RFC 8058: a POST with one field, no cookie, no redirect; asked twice it is done once."""
    path = path_for("a@example.dk")
    for _ in range(2):
        answer = app.test_client().post(path, data=ONE_CLICK)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert gone() == ["a@example.dk"]
    as_form_data = app.test_client().post(path_for("b@example.dk"), data=ONE_CLICK, content_type="multipart/form-data")
    assert as_form_data.status_code == 200
    assert sorted(gone()) == ["a@example.dk", "b@example.dk"]


def test_nobody_else_gets_past_the_forgery_check(sqlite_app: Flask) -> None:
    client, path = sqlite_app.test_client(), path_for("a@example.dk")
    assert client.post(path).status_code == 400
    assert client.post(path, data={"List-Unsubscribe": "Ja"}).status_code == 400
    assert client.post(f"{path}/fortryd", data=ONE_CLICK).status_code == 400
    for token in ("falsk", sign("unsubscribe", "999999"), sign("svar", "1"), sign("unsubscribe", "æ"), path[9:-1]):
        assert client.post(f"/frameld/{token}", data=ONE_CLICK).status_code == 400
        assert client.get(f"/frameld/{token}").status_code == 404
    assert gone() == []


def test_the_address_tells_nobody_whose_it_is(sqlite_app: Flask) -> None:
    import base64

    token = path_for("kanarie@example.dk")[9:]
    assert "kanarie" not in base64.urlsafe_b64decode(token.split(".")[0] + "==").decode("latin-1")
