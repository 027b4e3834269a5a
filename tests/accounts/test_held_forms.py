"""A form sent after the session ran out asks for the password and then goes on, once."""

from __future__ import annotations

import datetime as dt
import html
import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.models import HeldForm, User
from nbe.models.states import RoleName
from tests.accounts.test_signing_in import Clock
from tests.accounts.test_signing_in import hands as hands
from tests.builders import PASSWORD, csrf_of, make_user, sign_in

TYPED = "Bodil Ærø\n<b>&amp; co</b>"
STORED = "Bodil Ærø\n<b>&amp; co</b>"


def name_of(user_id: int) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(User.name).where(User.id == user_id)).one()


def hidden(page: str, name: str) -> str:
    """A hidden field of the log-in form; the head of the page has forms of its own."""
    return html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[-1])


def fields_of(page: str) -> dict[str, str]:
    form = page[page.index("data-send-on") :]
    form = form[: form.index("</form>")]
    found = {n: html.unescape(v) for n, v in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}
    found |= {
        n: html.unescape(v) for n, v in re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', form, re.S)
    }
    return found


def send_late(client: FlaskClient, hands: Clock, user: User, **wait: float) -> tuple[str, dict[str, str]]:
    sign_in(client, user)
    token = csrf_of(client, "/konto")
    hands.go(**wait)
    data = {"name": "Bodil Ærø", "once": "o" * 24, "csrf_token": token}
    return token, data


@pytest.mark.parametrize("wait", [{"minutes": 31}, {"hours": 4, "minutes": 29}])
def test_it_goes_on_and_is_saved_once(client: FlaskClient, hands: Clock, wait: dict[str, float]) -> None:
    user = make_user()
    before, user_id = user.name, user.id
    _, data = send_late(client, hands, user, **wait)
    answer = client.post("/konto", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'name="password"' in page
    assert name_of(user_id) == before
    held = db.session.scalars(sa.select(HeldForm)).one()
    assert "Bodil" not in str(held.fields)
    signed_in = client.post(
        "/login",
        data={
            "email": user.email,
            "password": PASSWORD,
            "csrf_token": hidden(page, "csrf_token"),
            "next": hidden(page, "next"),
        },
    )
    assert signed_in.status_code == 302
    assert name_of(user_id) == before
    page = client.get(signed_in.location).get_data(as_text=True)
    assert "Fortsæt" in page
    assert 'action="/konto"' in page
    fields = fields_of(page)
    assert fields["name"] == "Bodil Ærø"
    assert fields["once"] == "o" * 24
    assert client.post("/konto", data=fields).status_code == 302
    assert name_of(user_id) == "Bodil Ærø"
    # The same form once more changes nothing, whatever it says.
    assert client.post("/konto", data={**fields, "name": "Nogen anden"}).status_code == 302
    assert name_of(user_id) == "Bodil Ærø"


def test_after_four_hours_it_is_refused(client: FlaskClient, hands: Clock) -> None:
    user = make_user()
    _, data = send_late(client, hands, user, hours=4, minutes=31)
    assert client.post("/konto", data=data).status_code == 400
    assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_lines_and_signs_come_through(client: FlaskClient, hands: Clock) -> None:
    user = make_user()
    _, data = send_late(client, hands, user, minutes=40)
    page = client.post("/konto", data={**data, "name": TYPED, "note": "\n to\r\n\r\ntre"}).get_data(as_text=True)
    login = {"email": user.email, "password": PASSWORD}
    login |= {"csrf_token": hidden(page, "csrf_token"), "next": hidden(page, "next")}
    page = client.get(client.post("/login", data=login).location).get_data(as_text=True)
    assert fields_of(page)["name"] == STORED
    assert fields_of(page)["note"] == "\n to\r\n\r\ntre"


def test_somebody_else_does_not_get_it(client: FlaskClient, hands: Clock) -> None:
    user, other = make_user(), make_user()
    before, user_id = user.name, user.id
    _, data = send_late(client, hands, user, minutes=40)
    page = client.post("/konto", data=data).get_data(as_text=True)
    login = {"email": other.email, "password": PASSWORD}
    login |= {"csrf_token": hidden(page, "csrf_token"), "next": hidden(page, "next")}
    gone_on = client.get(client.post("/login", data=login).location)
    assert gone_on.status_code == 302
    assert "Bodil" not in client.get("/konto").get_data(as_text=True)
    assert client.get("/login/fortsaet").status_code == 302
    # The stranger's pages have a secret of their own: the first one's form is refused.
    assert client.post("/konto", data=data).status_code == 400
    assert name_of(user_id) == before


def test_a_forged_form_is_not_held(client: FlaskClient, hands: Clock) -> None:
    _, data = send_late(client, hands, make_user(), minutes=40)
    assert client.post("/konto", data={**data, "csrf_token": ""}).status_code == 400
    assert client.post("/konto", data=data, headers={"Origin": "https://evil.example"}).status_code == 400
    assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_a_page_opened_elsewhere_meanwhile_loses_nothing(client: FlaskClient, hands: Clock) -> None:
    """The log-in page was shown in another tab before the form was sent."""
    user = make_user()
    user_id = user.id
    _, data = send_late(client, hands, user, minutes=40)
    assert client.get("/konto").status_code == 302
    csrf_of(client)
    assert client.post("/konto", data=data).status_code == 401
    # And signing in over there makes the old page good again.
    sign_in(client, user)
    assert client.post("/konto", data=data).status_code == 302
    assert name_of(user_id) == "Bodil Ærø"


def test_files_and_passwords_are_not_held_and_that_is_said(client: FlaskClient, hands: Clock) -> None:
    _, data = send_late(client, hands, make_user(RoleName.ADMINISTRATOR), minutes=40)
    upload = {**data, "file": (io.BytesIO(b"x"), "liste.csv")}
    answer = client.post("/konto", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 401
    assert "Filen er ikke gemt" in answer.get_data(as_text=True)
    answer = client.post("/konto/adgangskode", data={**data, "password": "hemmelig nok til det"})
    assert answer.status_code == 401
    assert "hemmelig" not in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_old_ones_are_swept(client: FlaskClient, hands: Clock) -> None:
    from nbe.accounts.sessions import sweep

    _, data = send_late(client, hands, make_user(), minutes=40)
    client.post("/konto", data=data)
    hands.moment += dt.timedelta(hours=5)
    db.session.rollback()
    sweep()
    assert db.session.scalars(sa.select(HeldForm)).all() == []
