"""Visiting pages of businesses as a signed-in person."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.models.states import RoleName
from tests.builders import csrf_of, make_user, sign_in


class Visitor:
    """A signed-in person: pages as text, forms with what every form carries."""

    def __init__(self, app: Flask, role: RoleName = RoleName.LEADER, municipality: int = 849) -> None:
        self.user_id = make_user(role, municipality).id
        from nbe.core.database import db
        from nbe.models import User

        user = db.session.get(User, self.user_id)
        assert user
        self.name = user.name
        self.client: FlaskClient = sign_in(app.test_client(), user)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": csrf_of(self.client, "/soeg"), **fields})

    def sends(self, path: str, status: int = 303, **fields: Any) -> str:
        answer = self.post(path, **fields)
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True)[:3000])
        return answer.get_data(as_text=True)


def plain(page: str) -> str:
    """The text of a page, tags left out."""
    import html

    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def filled(page: str) -> dict[str, str]:
    """name -> value of the text fields of a page."""
    import html

    inputs = re.findall(r"<input\b[^>]*>", page)
    found = {}
    for tag in inputs:
        name, value = re.search(r'\bname="([^"]*)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name and value:
            found[name[1]] = html.unescape(value[1])
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = html.unescape(text).strip()
    return found
