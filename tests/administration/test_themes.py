"""The page of a programme's themes: words, order, in use or not; versions; two at once."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.models import Screening
from nbe.models.states import RoleName
from nbe.screenings.themes import find_themes, retired_texts, texts_now
from tests.builders import csrf_of, make_programme, make_screening, make_user, sign_in

PATH = "/administration/temaer/2016"


def enter(app: Flask) -> FlaskClient:
    make_programme()
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR, None))


def filled(page: TestResponse | str) -> dict[str, Any]:
    """What a browser would send of the form."""
    text = page if isinstance(page, str) else page.get_data(as_text=True)
    form = next(form for form in lxml.html.fromstring(text).forms if form.action == PATH)
    return {name: "" if value == "on" else value for name, value in form.form_values()}  # an empty choice is "on"


def send(client: FlaskClient, data: dict[str, Any]) -> TestResponse:
    return client.post(PATH, data={"csrf_token": csrf_of(client, "/konto"), **data})


def titles() -> list[str]:
    db.session.rollback()
    return [text.title for text in texts_now(make_programme())]


def test_renamed_moved_added_and_taken_out(app: Flask) -> None:
    client = enter(app)
    before = titles()
    data = filled(client.get(PATH)) | {
        "energy-title": "Energi og klima",
        "energy-place": "3",
        "symbiosis-out": "y",
        "ny1-title": "Bygninger",
        "ny1-hint": "Se på taget.",
    }
    assert send(client, data).status_code == 303
    assert titles()[:3] == ["Vand", "Affald og genanvendelse", "Energi og klima"]
    assert titles()[-1] == "Bygninger"
    assert len(titles()) == len(before)
    assert before[-1] not in titles()
    assert find_themes(make_programme()).number == 1  # type: ignore[union-attr]  # nobody has begun


def test_who_has_begun_keeps_the_old_and_a_theme_comes_back_as_the_same(sqlite_app: Flask) -> None:
    screening = make_screening()
    client = enter(sqlite_app)
    assert send(client, filled(client.get(PATH)) | {"energy-out": "y"}).status_code == 303
    assert "Den screening, der er begyndt, beholder sine" in client.get(PATH).get_data(as_text=True)
    db.session.rollback()
    programme = make_programme()
    assert find_themes(programme).number == 2  # type: ignore[union-attr]
    assert [text.code for text in retired_texts(programme)] == ["energy"]
    assert len(db.session.get_one(Screening, screening.id).theme_set.themes) == 12
    back = filled(client.get(PATH)) | {"energy-place": "1"}
    back.pop("energy-out")
    assert send(client, back).status_code == 303
    db.session.rollback()
    assert texts_now(programme)[0].code == "energy"
    assert find_themes(programme).number == 2  # type: ignore[union-attr]  # nobody had begun with it


def test_the_same_again_changes_nothing(sqlite_app: Flask) -> None:
    make_screening()
    client = enter(sqlite_app)
    assert send(client, filled(client.get(PATH))).status_code == 303
    db.session.rollback()
    assert find_themes(make_programme()).number == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"energy-title": " "}, "Skal udfyldes"),
        ({"energy-title": "vand"}, "Der er allerede et tema"),
        ({"ny1-hint": "Uden navn"}, "Skriv, hvad temaet hedder"),
        ({"energy-title": "x" * 121}, "højst 120"),
        ({"energy-place": "nul"}, "Skriv et helt tal"),
    ],
)
def test_what_cannot_be_saved_is_told_at_its_field_and_kept(
    sqlite_app: Flask, typed: dict[str, str], told: str
) -> None:
    client = enter(sqlite_app)
    answer = send(client, filled(client.get(PATH)) | {"water-hint": "Noget nyt"} | typed)
    assert answer.status_code == 422
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    assert told in page.find_class("error-summary")[0].text_content()
    assert "Noget nyt" in answer.get_data(as_text=True)


def test_at_least_one_theme_is_in_use(sqlite_app: Flask) -> None:
    client = enter(sqlite_app)
    data = filled(client.get(PATH))
    answer = send(client, data | {name.replace("-title", "-out"): "y" for name in data if name.endswith("-title")})
    assert answer.status_code == 422
    assert "mellem 1 og 30" in answer.get_data(as_text=True)


def test_the_second_chooses_and_a_theme_she_did_not_know_stays(sqlite_app: Flask) -> None:
    first, second = enter(sqlite_app), enter(sqlite_app)
    stale = filled(second.get(PATH)) | {"energy-hint": "Mit råd", "water-title": "Vandet"}
    ahead = filled(first.get(PATH)) | {"ny1-title": "Bygninger", "water-title": "Vand og spildevand"}
    assert send(first, ahead).status_code == 303
    answer = send(second, stale)
    assert answer.status_code == 409
    for text in ("Mit råd", "Vandet", "Vand og spildevand"):
        assert text in answer.get_data(as_text=True), text
    again = filled(answer.get_data(as_text=True))
    assert send(second, again).status_code == 303
    assert {"Bygninger", "Vand og spildevand"} <= set(titles())
    hints = {text.code: text.hint for text in texts_now(make_programme())}
    assert hints["energy"] == "Mit råd"


def test_a_theme_taken_away_by_the_first_is_not_lost_for_the_second(sqlite_app: Flask) -> None:
    """Before any screening has begun, nothing else remembers it."""
    first, second = enter(sqlite_app), enter(sqlite_app)
    stale = filled(second.get(PATH)) | {"energy-title": "Energien"}
    assert send(first, filled(first.get(PATH)) | {"energy-out": "y"}).status_code == 303
    assert "Energi" not in titles()
    answer = send(second, stale)
    assert answer.status_code == 409
    chosen = filled(answer.get_data(as_text=True)) | {"energy-title": "Energien", "energy-out": ""}
    assert send(second, chosen).status_code == 303
    assert "Energien" in titles()
