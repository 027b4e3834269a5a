"""Board and table: the figure and its list have the same number of rows, in the same number of statements."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from nbe.access import SYSTEM, Viewer
from nbe.core.database import db
from nbe.figures import FIGURES, compute
from nbe.ledger.queries import differences
from nbe.models.states import RoleName, Stage, Verdict
from nbe.pipeline.board import build_board
from nbe.pipeline.filters import read_filter
from nbe.pipeline.queries import count_candidates, list_candidates
from nbe.targets.queries import find_programme
from tests.builders import make_business, make_candidacy
from tests.businesses.visits import Visitor, plain
from tests.counting import statements

JAMMERBUGT = Viewer(None, RoleName.LEADER, 849)
PARTNER = Viewer(None, RoleName.PARTNER, 849)
DAYS = ("2016-01-22", "2016-03-01", "2016-04-24", "")


def asked(query: str):
    from urllib.parse import parse_qsl

    chosen = read_filter(MultiDict(parse_qsl(query.partition("?")[2])))
    assert chosen is not None
    return chosen


@pytest.mark.parametrize("day", DAYS)
def test_every_figure_opens_as_many_rows_as_it_says(story_app: Flask, day: str) -> None:
    """Walk every figure × municipality; the list's own rows are counted, not its total."""
    programme = find_programme(2016)
    assert programme
    as_of = dt.date.fromisoformat(day) if day else dt.date(2016, 4, 25)
    figures = compute(programme, as_of, None)
    checked = 0
    for figure in FIGURES:
        for code in (*figures.codes, None):
            href = figures.link(figure, SYSTEM, code, today=dt.date(2016, 4, 25))
            if not href or not href.startswith("/kandidater"):
                continue
            page = list_candidates(SYSTEM, asked(href))
            rows, number = list(page.rows), 2
            while len(rows) < page.total and number < 9:
                rows += list_candidates(SYSTEM, asked(href), number).rows
                number += 1
            assert len(rows) == page.total == figures.value(figure.key, code), (figure.key, code, href)
            checked += 1
    assert checked > 250


def test_the_board_adds_up(story_app: Flask) -> None:
    columns = {column.stage: column for column in build_board(JAMMERBUGT, asked("?aar=2016"))}
    assert columns[Stage.LONGLIST].target == 5
    assert columns[Stage.SUITABLE].reached == 3
    assert columns[Stage.SCREENED].reached == 1
    assert columns[Stage.CLOSED].count == 6 and not columns[Stage.CLOSED].cards
    shown = sum(len(column.cards) for column in columns.values())
    assert shown == sum(c.count for s, c in columns.items() if s is not Stage.CLOSED) == 7
    narrowed = build_board(JAMMERBUGT, asked("?aar=2016&tavs=1"))
    assert sum(column.count for column in narrowed) == sum(len(column.cards) for column in narrowed) == 2


@pytest.mark.parametrize(
    "query",
    [
        "?tavs=1",
        "?uden_skridt=1",
        "?mangler=vurdering",
        "?q=hotel",
        "?kilde=outreach",
        "?branche=10",
        "?trin=egnede&q=a",
        "?vurderet=1",
        "?aarsag=not_suitable",
        "?vurderet=1&trin=lukkede",
        "?pr=2016-03-01&q=a",
        "?pr=2016-03-01&vurderet=1",
    ],
)
def test_narrower_filters_count_what_they_show(story_app: Flask, query: str) -> None:
    chosen = asked(query)
    page = list_candidates(SYSTEM, chosen)
    assert len(page.rows) == min(page.total, 50) and page.total == count_candidates(SYSTEM, chosen)
    assert page.total > 0 or "mangler" in query


def test_orders(story_app: Flask) -> None:
    steps = [row.next_step_on for row in list_candidates(SYSTEM, asked("?orden=skridt")).rows]
    known = [day for day in steps if day]
    assert known == sorted(known) and steps[: len(known)] == known
    stages = [row.stage.position for row in list_candidates(SYSTEM, asked("?orden=trin")).rows]
    assert stages == sorted(stages)
    assert read_filter(MultiDict({"orden": "navn; drop table"})).order == "navn"  # type: ignore[union-attr]


def test_the_same_statements_for_one_row_and_for_fifty(app: Flask) -> None:
    make_candidacy(make_business(), Stage.CONTACTED)
    leader = Visitor(app)
    sent = {}
    for size in (1, 60):
        for place in range(size - 1):
            make_candidacy(make_business(), list(Stage)[place % 12])
        for path in ("/kandidater", "/kandidater?visning=tabel", "/kandidater/ny", "/min-dag"):
            leader.get(path)
            with statements() as found:
                leader.get(path)
            sent.setdefault(path, []).append(len(found))
    assert all(few == many for few, many in sent.values()), sent


def test_a_partner_sees_name_town_industry_and_stage_alone(app: Flask) -> None:
    business = make_business("Skjult Telefon ApS", phone="98123456", town="Brovst")
    candidacy = make_candidacy(business, Stage.SUITABLE)
    candidacy.next_step = "Hemmelig aftale"
    db.session.commit()
    elsewhere = make_candidacy(make_business("Fremmed Nabo A/S", municipality=851), Stage.SUITABLE)
    partner = Visitor(app, RoleName.PARTNER)
    for path in ("/kandidater", "/kandidater?visning=tabel", "/kandidater?visning=tabel&kommune=851"):
        text = partner.get(path)
        assert ("Skjult Telefon" in text) == ("851" not in path)
        assert "Hemmelig" not in text and "98123456" not in text and "Fremmed" not in text
        assert f"/kandidater/{candidacy.id}" not in text and "Flyt til" not in plain(text)
    for path in (f"/kandidater/{candidacy.id}", f"/kandidater/{candidacy.id}/vurdering", "/kandidater/ny", "/min-dag"):
        partner.get(path, 403)
    leader = Visitor(app)
    leader.get(f"/kandidater/{elsewhere.id}", 404)
    leader.get(f"/kandidater/{candidacy.id}")


def test_a_partner_cannot_ask_for_more_than_he_sees(story_app: Flask) -> None:
    """The closing reason, the source and the verdict are neither shown to him nor found by a filter."""
    partner, leader = Visitor(story_app, RoleName.PARTNER), Visitor(story_app)
    closed = plain(partner.get("/kandidater?trin=lukkede"))
    assert "6 rækker" in closed and "Ikke egnet" not in closed
    assert "Ikke egnet" in plain(leader.get("/kandidater?trin=lukkede"))
    everything = plain(partner.get("/kandidater?visning=tabel"))
    for asked_for in (
        "kilde=outreach",
        "vurderet=1",
        "tavs=1",
        "uden_skridt=1",
        "mangler=vurdering",
        "aarsag=declined",
    ):
        assert "7 rækker" in plain(partner.get(f"/kandidater?visning=tabel&{asked_for}")), asked_for
    assert "7 rækker" in everything and "Kilde" not in everything
    page = partner.get("/kommuner/849")
    assert "aarsag=" not in page and "vurderet=" not in page and "kilde=" not in page
    assert "aarsag=" in leader.get("/kommuner/849")


def test_past_lists_tell_where_it_stood_then(app: Flask) -> None:
    from nbe.pipeline.actions import move_to_stage
    from nbe.pipeline.rules import Wish

    candidacy = make_candidacy(make_business("Langsom A/S"), Stage.CONTACTED, dt.date(2016, 2, 1), verdict=None)
    move_to_stage(candidacy, Wish(Stage.SUITABLE, dt.date(2016, 3, 1)), user_id=None)
    db.session.commit()
    leader = Visitor(app)
    before = plain(leader.get("/kandidater?pr=2016-02-29"))
    assert "Kontaktet" in before[before.index("By Branche Trin") :] and "29. februar 2016" in before
    for of_today in ("Næste skridt", "Seneste aktivitet", "Tavs", "Intet næste skridt", "Vurdering mangler"):
        assert of_today not in before, of_today
    assert "Seneste aktivitet" not in plain(leader.get("/virksomheder?pr=2016-02-29"))
    after = plain(leader.get("/kandidater?visning=tabel"))
    assert "Vurdering mangler" in after[after.index("Ansvarlig") :]
    assert not differences() and Verdict.SUITABLE is not candidacy.verdict
    assert re.search(r"0 rækker|Ingen kandidater", plain(leader.get("/kandidater?pr=2016-01-31")))
