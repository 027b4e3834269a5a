"""What is told after a form is sent: mistakes, and what was done; each form is sent empty and as it stands."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from nbe.core.database import db
from nbe.imports.messages import sentence
from tests.builders import csrf_of
from tests.language.seen import DANISH, ENGLISH, read, strange, written_by_people
from tests.language.walk import known_places, sign_in_as, walk

WRONG = {"da": ENGLISH, "en": DANISH}
DOORS = re.compile(r"^/(logout|sprog|demo-login|login|import)\b")
HIDDEN = {"csrf_token", "once_token", "version"}


def forms_on(pages: dict[str, str]) -> dict[tuple[str, ...], tuple[str, dict[str, Any]]]:
    """Each kind of form once -> where it goes, and what a browser would send."""
    found: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = {}
    for address, page in pages.items():
        for form in lxml.html.fromstring(page).forms:
            action = form.get("action") or address
            if form.method != "POST" or DOORS.match(action):
                continue
            fields = dict(form.form_values())
            for select in form.xpath(".//select[@name]"):
                options = [value for value in select.value_options if value]
                fields[select.name] = fields.get(select.name) or (options[0] if options else "")
            for button in form.xpath(".//button[@name and @value]"):
                fields.setdefault(button.get("name"), button.get("value"))
            kind = (re.sub(r"\d+", "0", action.split("?")[0]), *sorted(fields))
            found.setdefault(kind, (action, fields))
    return found


def told(client: FlaskClient, action: str, fields: dict[str, Any]) -> tuple[int, str]:
    """The status of an answer, and the page that one ends on."""
    fields = {**fields, "csrf_token": csrf_of(client, "/konto")}
    answer = client.post(action, data=fields)
    if answer.status_code in (302, 303):
        return answer.status_code, client.get(answer.location).get_data(as_text=True)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_what_is_told_after_sending(story: Flask, role: str, language: str) -> None:
    client = sign_in_as(story, role, language)
    starts = ["/administration"] if role == "administrator" else ["/start", *known_places()]
    pages = walk(story, client, starts, within="/administration" if role == "administrator" else "/")
    known = written_by_people()  # before it is changed by what is sent
    odd: dict[str, list[str]] = {}
    statuses = []
    for action, fields in forms_on(pages).values():
        for sent in ({name: value if name in HIDDEN else "" for name, value in fields.items()}, fields):
            status, page = told(client, action, sent)
            statuses.append(status)
            assert status in (200, 302, 303, 404, 409, 422), (action, sent, page[-2000:])
            said, texts = read(page)
            assert said == language, action
            odd[action] = odd.get(action, []) + texts
    assert statuses.count(422) >= 5
    assert statuses.count(303) >= 5
    db.session.rollback()
    known = [*known, *written_by_people()]
    strangers = {action: sorted(set(strange(texts, WRONG[language], known))) for action, texts in odd.items()}
    assert {action: texts for action, texts in strangers.items() if texts} == {}


@pytest.mark.parametrize(
    ("code", "params", "english"),
    [
        (
            "backwards",
            {"stage": "Aftale indgået"},
            "The candidate is further along (Agreement made) and has not been moved back",
        ),
        ("reopens", {"reason": "ikke egnet"}, "The candidate is closed (not suitable) and has not been reopened"),
        ("membership_backwards", {"state": "udmeldt"}, "The business stands as left and has not been changed"),
        ("moved", {"old": "Bruttoliste", "new": "Lukket (takket nej)"}, "Longlist → Closed (declined)"),
        ("changed", {"old": "Egnet", "new": "Lukket"}, "Egnet becomes Lukket"),
    ],
)
def test_remarks_on_rows_name_stages_in_the_readers_language(
    story: Flask, code: str, params: dict[str, str], english: str
) -> None:
    """Names kept with the row are words of the service; what a cell held stays as it was."""
    with story.test_request_context(), force_locale("en"):
        assert sentence(code, params) == english
