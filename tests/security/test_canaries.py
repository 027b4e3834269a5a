"""Canaries of another municipality are seen in none of all answers, and a partner sees his own in lists only."""

from __future__ import annotations

import re

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db
from nbe.models import Municipality
from nbe.models.states import RoleName
from tests.builders import make_user, sign_in
from tests.security.conftest import House
from tests.security.reading import Reading, finds, link_pattern, read_everything
from tests.security.world import LISTED_TEXTS, PRIVATE_TEXTS, canaries


@pytest.mark.parametrize("who", ["leader A", "screener A", "partner A", "anonymous"])
def test_the_other_municipality_is_in_no_answer(house: House, who: str) -> None:
    before = _kept(house)
    about = "ab" if who == "partner A" else "b"
    readings = read_everything(house, who, *about)
    assert len(readings) > 30
    assert [r.path for r in readings if r.status >= 500] == []
    seen = {kind: finds(readings, canary) for kind, canary in canaries("b").items()}
    assert {kind: paths for kind, paths in seen.items() if paths} == {}
    # An address that names such a thing is told back to who wrote it (the way back after the log-in).
    led = [r.path for r in readings if "851" not in r.path and link_pattern("b").search(_links_of(r.text))]
    assert led == []
    if who == "partner A":
        check_what_a_partner_sees(readings)
    assert _kept(house) == before, "reading has changed something"


def check_what_a_partner_sees(readings: list[Reading]) -> None:
    """Name and town in lists of the own municipality; no people, no notes, no numbers, and no way to open one."""
    names = canaries("a")
    for kind in LISTED_TEXTS:
        assert finds(readings, names[kind]), f"the partner's own list does not show {kind}"
    hidden = {kind: finds(readings, names[kind]) for kind in (*PRIVATE_TEXTS, "phone", "contactphone", "cvr")}
    assert {kind: paths for kind, paths in hidden.items() if paths} == {}
    assert [r.path for r in readings if "849" not in r.path and link_pattern("a").search(_links_of(r.text))] == []


def test_the_canaries_are_alive(house: House) -> None:
    """Who may see them does, so that the silence above means something."""
    readings = read_everything(house, "leader B")
    assert {kind for kind, canary in canaries("b").items() if not finds(readings, canary)} == set()
    assert any(link_pattern("b").search(_links_of(r.text)) for r in readings if "851" not in r.path)


def _links_of(text: str) -> str:
    return " ".join(re.findall(r'(?:href|action|src|value|data-[a-z-]+)="([^"]*)"', text))


def _kept(house: House) -> list[str]:
    """The rows that only a change may touch."""
    with house.app.app_context():
        db.session.remove()
    passing = ('"trail"', '"attempt"', '"login_session"')
    return [
        line for line in house.dump().splitlines() if not line.startswith(tuple(f"INSERT INTO {t}" for t in passing))
    ]


SPLITS = ("Kilde", "Branche", "Årsag")


def _small_cells(page: str) -> list[tuple[str, str]]:
    """(table, cell) for each 1 or 2 in the tables of splits, told by their first heading."""
    found = []
    for table in lxml.html.fromstring(page).xpath("//main//table"):
        name = table.xpath("string(.//th)").strip()
        cells = [cell.text_content().strip() for cell in table.xpath(".//td")]
        found += [(name, cell) for cell in cells if name in SPLITS and cell in ("1", "2")]
    return found


def test_small_parts_are_hidden_from_a_partner(story_app: Flask) -> None:
    def sees(role: RoleName) -> list[tuple[str, str]]:
        client = sign_in(story_app.test_client(), make_user(role, 849))
        codes = db.session.scalars(sa.select(Municipality.code)).all()
        return [cell for code in codes for cell in _small_cells(client.get(f"/kommuner/{code}").get_data(as_text=True))]

    assert {label for label, _ in sees(RoleName.ADMINISTRATOR)} == set(SPLITS)
    assert sees(RoleName.PARTNER) == []
