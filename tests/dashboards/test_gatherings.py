"""Kurser og arrangementer as people see them."""

from __future__ import annotations

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import Participant, Registration
from nbe.models.states import RoleName
from tests.builders import make_programme, make_user, sign_in
from tests.counting import statements
from tests.courses.making import make_team, sign_up
from tests.events.making import HELD, new_event, sign

PATH = "/overblik/kurser-og-arrangementer"


def page(app: Flask, role: RoleName = RoleName.ADMINISTRATOR, query: str = "") -> str:
    answer = sign_in(app.test_client(), make_user(role)).get(PATH + query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(text: str, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their heading."""
    (table,) = lxml.html.fromstring(text).xpath(f"//table[caption='{caption}']")
    return {
        " ".join(row.xpath("string(th)").split()): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in table.xpath(".//tr[td]")
    }


@pytest.mark.parametrize("role", list(RoleName))
def test_the_story(story_app: Flask, role: RoleName) -> None:
    text = page(story_app, role)
    matrix = rows(text, "Kursister og pladser efter hold og kommune")
    assert matrix["Jammerbugt"] == ["4 af 4", "–", "–", "–", "4"]
    assert matrix["Aalborg"] == ["–", "–", "6 af 6", "–", "6"]
    assert matrix["Pladser på holdet"][:4] == ["15", "12", "15", "10"]
    assert matrix["Ledige pladser"][:4] == ["2", "4", "2", "5"]
    event = rows(text, "Arrangementer med tilmeldte")["Temamøde: affald som ressource"]
    assert event[:4] == ["26-01-2016", "10", "6 (60 %)", "8"]
    assert ("/arrangementer/" in text.partition("Arrangementer med tilmeldte")[2]) == (role is not RoleName.PARTNER)
    assert ("/kurser/hold/" in text) == (role is not RoleName.PARTNER)
    people = [*db.session.scalars(sa.select(Participant.name)), *db.session.scalars(sa.select(Registration.name))]
    assert people and not [name for name in people if name in text]


def test_one_municipality_and_an_earlier_day(story_app: Flask) -> None:
    text = page(story_app, query="?kommune=849&pr=2016-01-25")
    assert next(iter(rows(text, "Kursister og pladser efter hold og kommune"))) == "Jammerbugt"
    assert rows(text, "Arrangementer med tilmeldte")["Temamøde: affald som ressource"][1:4] == ["3", "2 (67 %)", "0"]
    assert "/overblik/diagrammer/events.json?aar=2016&amp;pr=2016-01-25&amp;kommune=849" in text


def test_before_there_is_anything(sqlite_app: Flask) -> None:
    assert "Indlæs et regneark" in page(sqlite_app)
    make_programme()
    text = page(sqlite_app)
    assert "Der er ingen hold i 2016." in text and "Ingen har tilmeldt sig et arrangement i 2016." in text


def test_a_team_of_nobodys_own_seats(sqlite_app: Flask) -> None:
    team = make_team(seats=None)
    sign_up(team, code=849)
    matrix = rows(page(sqlite_app), "Kursister og pladser efter hold og kommune")
    assert (matrix["Jammerbugt"], matrix["Morsø"]) == (["1", "1"], ["0", "0"])
    assert matrix["Ledige pladser"][0] == "åbent"


def test_the_statements_do_not_grow(sqlite_app: Flask) -> None:
    team, event = make_team(seats=50), new_event(HELD)
    client = sign_in(sqlite_app.test_client(), make_user(RoleName.ADMINISTRATOR))
    counts = []
    for size in (1, 8):
        for _ in range(size):
            sign_up(team)
            sign(event, f"Person {size}{_}")
        client.get(PATH)
        with statements() as sent:
            client.get(PATH)
        counts.append(len(sent))
    assert counts[0] == counts[1]
