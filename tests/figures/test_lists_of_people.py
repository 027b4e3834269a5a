"""The lists of people at courses and events: each figure opens as many rows as it says, for those who may see them."""

from __future__ import annotations

import datetime as dt
import html
import re
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from nbe.access import SYSTEM, Viewer
from nbe.businesses.actions import update_business
from nbe.core import clock
from nbe.core.database import db
from nbe.courses import actions as courses
from nbe.courses.filters import read_filter
from nbe.courses.listing import list_participants
from nbe.events.actions import move_registration
from nbe.events.actions import sign_up as sign_up_for
from nbe.events.filters import read_sign_up_filter
from nbe.events.listing import list_sign_ups
from nbe.figures import ALL, compute
from nbe.figures.checking import find_differences
from nbe.figures.declared import GATHERING_FIGURES
from nbe.models import Business, Registration
from nbe.models.gathering_states import RegistrationState
from nbe.models.states import RoleName, Stage
from nbe.targets.queries import find_programme
from tests.builders import make_business, make_candidacy, make_member, make_programme
from tests.businesses.visits import Visitor, plain
from tests.counting import statements
from tests.courses.making import change, make_team
from tests.events.making import HELD, new_event, person, sign

TODAY = dt.date(2016, 4, 25)
DAYS = (dt.date(2016, 1, 12), dt.date(2016, 1, 26), dt.date(2016, 3, 20), TODAY)
JAMMERBUGT = Viewer(None, RoleName.LEADER, 849)
LISTS = ("/kurser/kursister", "/arrangementer/tilmeldinger")
PAGE = "/overblik/kurser-og-arrangementer"
LINK = re.compile(
    r'<a class="figure-link" href="((?:/kurser/kursister|/arrangementer/tilmeldinger)\?[^"]*)">([^<]*)</a>'
)


def rows_of(viewer: Viewer, href: str) -> list:
    """The rows behind an address, all of them."""
    path, _mark, query = href.partition("?")
    asked = MultiDict(parse_qsl(query))
    if path == LISTS[0]:
        people = read_filter(asked)
        assert people
        return list_participants(viewer, people, size=None).rows
    sign_ups = read_sign_up_filter(asked)
    assert sign_ups
    return list_sign_ups(viewer, sign_ups, size=None).rows


def test_every_figure_opens_as_many_rows_as_it_says(story_app: Flask) -> None:
    """Every figure × municipality × day, for the secretariat and for a leader, who may open her own alone."""
    programme = find_programme(2016)
    assert programme
    told = set()
    for viewer in (SYSTEM, JAMMERBUGT):
        for day in DAYS:
            figures = compute(programme, day, figures=GATHERING_FIGURES)
            for figure in (one for one in GATHERING_FIGURES if one.page in LISTS):
                for code in (*figures.codes, ALL):
                    href = figures.link(figure, viewer, code, today=TODAY)
                    assert (href is not None) == (viewer is SYSTEM or code == 849), (figure.key, code)
                    if href is not None:
                        rows = rows_of(viewer, href)
                        assert len(rows) == figures.value(figure.key, code), (figure.key, code, href)
                        assert all(row.is_open_to_viewer and row.name for row in rows)
                        told |= {figure.key} if rows else set()
    assert {"participants", "participants_signed_up", "participants_confirmed"} <= told
    assert {"signed_up", "signed_up_members", "attended"} <= told


@pytest.mark.parametrize("role", [RoleName.ADMINISTRATOR, RoleName.LEADER])
def test_every_link_opens_as_many_rows_as_it_says(story_app: Flask, role: RoleName) -> None:
    """As people follow them: what stands on the pages, the list's own count, and the rows of its CSV."""
    visitor, opened = Visitor(story_app, role), set()
    for address in (PAGE, f"{PAGE}?kommune=849", f"{PAGE}?pr=2016-01-25", "/kommuner/849"):
        for href, number in LINK.findall(visitor.get(address)):
            # The secretariat has a hundred: one of each kind with somebody in it is enough here.
            kind = re.sub(r"kommune=\d+", "kommune", html.unescape(href)) if role is RoleName.ADMINISTRATOR else href
            if kind in opened or (role is RoleName.ADMINISTRATOR and number == "0"):
                continue
            opened.add(kind)
            text = plain(visitor.get(html.unescape(href)))
            shown = re.search(r"(\d+) række", text)
            assert int(shown[1] if shown else 0) == int(number), (href, text)
            body = visitor.get(html.unescape(href).replace("?", "/eksport.csv?"))
            assert len(body.strip().splitlines()) - 1 == int(number), href
    assert len(opened) > 10


def test_who_may_not_see_names_is_given_no_link(story_app: Flask) -> None:
    partner, leader = Visitor(story_app, RoleName.PARTNER), Visitor(story_app)
    for address in ("/", PAGE, f"{PAGE}?kommune=849", "/kommuner/849"):
        text = partner.get(address)
        assert not [path for path in (*LISTS, '"/kurser?') if path in text], address
    for path in LISTS:
        partner.get(path, 403)
        partner.get(f"{path}/eksport.csv", 403)
        assert "passer til filtrene" in leader.get(f"{path}?kommune=851&q=a") and "/eksport.csv" in leader.get(path)
        assert len(leader.get(f"{path}/eksport.csv?kommune=851").strip().splitlines()) == 1
    assert not LINK.findall(leader.get("/kommuner/851")) and LINK.findall(leader.get("/kommuner/849"))
    assert "/kurser?aar=2016&amp;kommune=851" in leader.get("/")  # free seats are for all to see
    assert "pr=" not in "".join(re.findall(r'href="/kurser\?[^"]*"', leader.get("/?pr=2016-03-01")))


def test_lists_in_pages_in_danish_order_and_the_same_statements_for_one_row_and_for_fifty(app: Flask) -> None:
    team, event, business = make_team(seats=200), new_event(HELD), make_business()
    names = ["Zoe Lund", "Ærø Holm", "Ødis Vang", "Åse Dal", *(f"Bo {n:02}" for n in range(56))]
    leader, sent = Visitor(app), {}

    def add(new: list[str]) -> None:
        for name in new:
            courses.sign_up_person(team, name=name, email="", municipality_code=849, user_id=None)
            sign_up_for(event, person(name, business), user_id=None, day=dt.date(2016, 1, 15))

    for new in (["=1+1"], names):
        change(lambda new=new: add(new))
        for path in LISTS:
            leader.get(path)
            with statements() as found:
                leader.get(path)
            sent.setdefault(path, []).append(len(found))
    assert all(few == many for few, many in sent.values()), sent
    for path in LISTS:
        first = leader.get(f"{path}?status=signed_up&status=waiting&svar=tilmeldte")
        assert "61 rækker · side 1 af 2" in plain(first)
        assert "status=signed_up&amp;status=waiting&amp;svar=tilmeldte&amp;side=2" in first
        last = plain(leader.get(f"{path}?side=2"))
        places = [last.index(name) for name in names[:4]]
        assert places == sorted(places) and "=1+1" not in last
        lines = leader.get(f"{path}/eksport.csv").splitlines()
        assert len(lines) == 62 and not [line for line in lines if line.lstrip("\ufeff").startswith("=")]
        assert "1 række" in plain(leader.get(f"{path}?q=AASE"))  # as a Dane may write it


def test_who_signed_up_stays_where_it_was_when_the_business_moves(app: Flask) -> None:
    """Total, count as known then, list and the right to see the name all follow the sign-up."""
    business, event = make_business("Flyttet A/S"), new_event(HELD)
    business_id = business.id
    make_member(business, dt.date(2016, 1, 10))
    make_candidacy(business, Stage.CONTACTED, dt.date(2016, 1, 12))
    anne_id = sign(event, "Anne Prøve", business, dt.date(2016, 1, 15)).id
    change(lambda: update_business(db.session.get_one(Business, business_id), {"municipality_code": 851}, user_id=None))
    came = RegistrationState.ATTENDED
    change(lambda: move_registration(db.session.get_one(Registration, anne_id), came, TODAY, user_id=None))
    programme = make_programme()
    for known_at in (None, clock.now()):
        figures = compute(programme, TODAY, known_at=known_at)
        for key in ("signed_up", "signed_up_members", "attended"):
            assert [figures.value(key, code) for code in (849, 851)] == [1, 0], (key, known_at)
    assert list(find_differences()) == []
    (row,) = rows_of(JAMMERBUGT, "/arrangementer/tilmeldinger?medlem=1&svar=tilmeldte")
    assert (row.name, row.organisation, row.business_id) == ("Anne Prøve", "Flyttet A/S", None)
    assert rows_of(Viewer(None, RoleName.LEADER, 851), "/arrangementer/tilmeldinger") == []
