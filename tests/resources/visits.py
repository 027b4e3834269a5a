"""Visiting the pages of hours as somebody with a role: forms as a browser sends them, and what a page says."""

from __future__ import annotations

import html
import re
from typing import Any

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.models.states import RoleName
from tests.builders import csrf_of, make_user, sign_in

PAGE = "/ressourcer/2016/849"


def enter(app: Flask, role: RoleName = RoleName.LEADER, code: int | None = 849) -> FlaskClient:
    """Somebody signed in."""
    return sign_in(app.test_client(), make_user(role, code))


def form_of(client: FlaskClient, path: str, action: str = "") -> dict[str, Any]:
    """What a browser would send of the form that goes to `action`, as the page fills it in."""
    return filled(client.get(path).get_data(as_text=True), action or path)


def filled(page: str, action: str) -> dict[str, Any]:
    """The same of a page at hand, without the token by which it counts once."""
    form = next(f for f in lxml.html.fromstring(page).forms if (f.action or "").split("?")[0] == action)
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "once"}


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    """Post a form."""
    return client.post(path, data={"csrf_token": csrf_of(client, "/konto"), **data})


def words(client: FlaskClient, path: str = "/ressourcer") -> str:
    """The words of a page, with single blanks."""
    return text_of(client.get(path).get_data(as_text=True))


def text_of(page: str) -> str:
    """The words of a page at hand, in its main part."""
    main = lxml.html.fromstring(page).xpath("//main")[0]
    return " ".join(main.text_content().split())


def undo_of(client: FlaskClient, path: str) -> str:
    """Where the button "Fortryd" of the last action's message leads."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'<form action="([^"]+)"', page[page.index('class="flashes"') :])
    assert found
    return html.unescape(found[1])
