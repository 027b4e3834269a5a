"""Overblik and Kommune as people see them."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.dashboards.charts import BUILDERS
from nbe.demo.figures import STANDINGS
from nbe.models import Business, Candidacy, Municipality
from nbe.models.states import CloseReason, RoleName, ScreeningState, Source, Stage
from tests.builders import (
    make_business,
    make_candidacy,
    make_measure,
    make_member,
    make_programme,
    make_screening,
    make_user,
    sign_in,
)
from tests.counting import statements

ROLES = list(RoleName)
# Of the story: forløb the hours are enough for, and where more are suitable than that.
COVERED = {849: 2, 851: 8, 860: 5, 820: 2, 813: 0, 810: 1, 840: 2, 846: 3, 787: 5, 773: 1, 825: 2}
SHORT_OF_HOURS = {849, 851, 813}


def signed_in(app: Flask, role: RoleName = RoleName.ADMINISTRATOR, municipality: int = 849) -> FlaskClient:
    return sign_in(app.test_client(), make_user(role, municipality))


def page(client: FlaskClient, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def cells(text: str) -> list[list[str]]:
    """The rows of the page's first table as plain text."""
    body = re.search(r'<table class="table overview-table">.*?</table>', text, re.S)
    assert body
    rows = re.findall(r"<tr>(.*?)</tr>", body[0], re.S)
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in plain]


def table(client: FlaskClient, path: str = "/overblik.csv") -> dict[str, dict[str, str]]:
    """The table by municipality, from the CSV."""
    text = client.get(path).get_data().decode("utf-8-sig")
    return {row["Kommune"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def test_the_story_on_the_page(story_app: Flask) -> None:
    rows = cells(page(signed_in(story_app)))
    names = dict(db.session.execute(sa.select(Municipality.name, Municipality.code)).all())
    assert [row[0] for row in rows[1:-1]][-1] == "Aalborg"  # aa is å, last of all
    for row in rows[1:-1]:
        standing = STANDINGS[names[row[0]]]
        assert row[1].split()[0] == str(standing.members)
        assert row[2] == str(standing.open)
        assert row[3].startswith(f"{standing.suitable} af {standing.target}")
        assert row[4].startswith(f"{COVERED[names[row[0]]]} af {standing.target}")
        assert ("timer mangler" in row[4]) == (names[row[0]] in SHORT_OF_HOURS)
        assert row[5] == str(standing.screened)
        assert int(row[7]) >= int(row[8]) == standing.plans
        assert row[9].endswith(" aftalt")
    assert rows[-1][0] == "Alle kommuner"
    assert rows[-1][3].startswith("38 af 57")
    jammerbugt = next(row for row in rows if row[0] == "Jammerbugt")
    assert jammerbugt[1] == "10 +2"
    assert jammerbugt[3] == "3 af 5 +2"


@pytest.mark.parametrize("role", ROLES)
def test_links_only_to_lists_the_viewer_may_open(story_app: Flask, role: RoleName) -> None:
    text = page(signed_in(story_app, role))
    linked = {int(code) for code in re.findall(r'class="figure-link" href="/kandidater\?[^"]*kommune=(\d+)', text)}
    assert linked == (set(STANDINGS) if role is RoleName.ADMINISTRATOR else {849})


@pytest.mark.parametrize("role", [RoleName.LEADER, RoleName.PARTNER, RoleName.SCREENER])
@pytest.mark.parametrize("path", ["/", "/kommuner/851", "/kommuner/849", "/overblik.csv", "/?branche=10"])
def test_names_of_other_municipalities_are_nowhere(story_app: Flask, role: RoleName, path: str) -> None:
    text = page(signed_in(story_app, role), path)
    names = db.session.scalars(sa.select(Business.name).where(Business.municipality_code != 849)).all()
    assert names
    assert not [name for name in names if name in text]


def test_a_figure_says_how_it_counts(story_app: Flask) -> None:
    text = page(signed_in(story_app))
    assert text.count("Sådan tælles</strong>") == 10


def test_page_csv_xlsx_and_json_say_the_same(story_app: Flask) -> None:
    from python_calamine import CalamineWorkbook

    client = signed_in(story_app)
    by_csv = table(client, "/overblik.csv?pr=2016-03-01")
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/overblik.xlsx?pr=2016-03-01").get_data()))
    header, *rows = book.get_sheet_by_index(0).to_python()
    by_xlsx = {row[1]: dict(zip(header, row, strict=True)) for row in rows}
    on_page = {row[0]: row for row in cells(page(client, "/?pr=2016-03-01"))[1:]}
    told = json.loads(
        story_app.test_cli_runner()
        .invoke(args=["figures", "--municipality", "851", "--as-of", "2016-03-01", "--json"])
        .output
    )["figures"]
    assert len(by_csv) == len(by_xlsx) == len(on_page) == 12
    for name, row in by_csv.items():
        assert int(row["Medlemmer"]) == by_xlsx[name]["Medlemmer"] == int(on_page[name][1].split()[0])
        assert int(row["Egnede"]) == by_xlsx[name]["Egnede"] == int(on_page[name][3].split()[0])
    assert int(by_csv["Aalborg"]["Egnede"]) == told["suitable"]["value"]
    assert by_csv["Aalborg"]["Pr. dato"] == "01-03-2016"


@pytest.mark.parametrize(
    "query",
    ["pr=31-02-2016", "pr=%00", "pr=2099-01-01", "aar=1", "aar=²", "kommune=1", "kommune=99999999999", "branche=zz",
     "kilde=x", "pr=" + "9" * 500, "kommune=%F0%9F%8E%88"],
)  # fmt: skip
def test_what_makes_no_sense_is_said_or_left_out(story_app: Flask, query: str) -> None:
    client = signed_in(story_app)
    for path in ("/", "/overblik.csv", "/overblik/diagrammer/burnup.json", "/kommuner/849"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_unknown_addresses(story_app: Flask) -> None:
    client = signed_in(story_app)
    for path in ("/kommuner/999", "/kommuner/99999999999999999999", "/kommuner/x", "/overblik/diagrammer/x.json"):
        assert client.get(path).status_code == 404
    assert client.get("/kommuner/0849").status_code == 200


def test_before_there_is_a_programme(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app)
    for path, heading in (("/", "Overblik"), ("/min-dag", "Min dag"), ("/kandidater", "Kandidater")):
        text = page(client, path)
        assert f"<h1>{heading}</h1>" in text and "Indlæs et regneark" in text
    assert client.get("/kommuner/849").status_code == 200
    assert client.get("/overblik.csv").status_code == 404


def test_the_statements_do_not_grow(app: Flask) -> None:
    client, counts = signed_in(app), []
    make_programme()
    for _ in range(2):
        with statements() as sent:
            page(client)
        counts.append(len(sent))
        for place in range(12):
            business = make_business(municipality=849 if place % 2 else 851)
            make_member(business)
            make_candidacy(business, list(Stage)[place])
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", list(BUILDERS))
def test_charts_are_escaped_and_say_what_their_tables_say(sqlite_app: Flask, name: str) -> None:
    with writing():
        municipality = db.session.get(Municipality, 849)
        assert municipality
        municipality.name = '<a href="x">&<b>'
        db.session.commit()
    make_member(make_business())
    make_candidacy(make_business(), Stage.SUITABLE)
    make_screening()
    make_measure(make_candidacy(make_business(), Stage.SCREENED))
    client = signed_in(sqlite_app)
    answer = client.get(f"/overblik/diagrammer/{name}.json")
    assert answer.content_type == "application/json"
    figure = json.loads(answer.get_data(as_text=True))
    assert figure["data"]
    assert "<a" not in answer.get_data(as_text=True).replace("<extra>", "").replace("</extra>", "")
    assert '<a href="x">' not in page(client)


def test_small_parts_are_masked_for_partners_only(sqlite_app: Flask) -> None:
    for place in range(9):
        candidacy = make_candidacy(make_business(), Stage.SUITABLE)
        candidacy.source = Source.EVENT if place == 0 else Source.NETWORK
    with writing():
        db.session.commit()
    partner, leader = signed_in(sqlite_app, RoleName.PARTNER), signed_in(sqlite_app, RoleName.LEADER)
    path = "/overblik.csv?kilde=event"
    assert table(leader, path)["Jammerbugt"]["Egnede"] == "1"
    assert table(partner, path)["Jammerbugt"]["Egnede"] == "1–2"
    assert table(partner, path)["Alle kommuner"]["Egnede"] == "•"
    assert table(partner, "/overblik.csv?kilde=network")["Jammerbugt"]["Egnede"] == "•"
    assert table(partner)["Jammerbugt"]["Egnede"] == "9"  # headline figures never
    assert "Arrangement" not in page(partner, "/kommuner/849").split("Hvor kandidaterne kom fra")[1]
    assert "Arrangement" in page(leader, "/kommuner/849").split("Hvor kandidaterne kom fra")[1]


def test_narrowed_to_an_industry(sqlite_app: Flask) -> None:
    make_candidacy(make_business(industry_code="251100"), Stage.SUITABLE)
    make_candidacy(make_business(industry_code="105100"), Stage.SUITABLE)
    client = signed_in(sqlite_app)
    text = page(client, "/?branche=25")
    assert table(client, "/overblik.csv?branche=25")["Jammerbugt"]["Egnede"] == "1"
    assert 'href="/kandidater?aar=2016&amp;kommune=849&amp;trin=egnede&amp;branche=25"' in text
    assert "Måltallet gælder hele kommunen" in text


def test_one_municipality_alone(story_app: Flask) -> None:
    rows = cells(page(signed_in(story_app), "/?kommune=849"))
    assert [row[0] for row in rows[1:]] == ["Jammerbugt"]


def test_hidden_rows_do_not_count(sqlite_app: Flask) -> None:
    candidacy = make_candidacy(make_business(industry_code="251100"), Stage.SUITABLE)
    with writing():
        db.session.get_one(Candidacy, candidacy.id).is_hidden = True
        db.session.commit()
    assert table(signed_in(sqlite_app), "/overblik.csv?branche=25")["Jammerbugt"]["Egnede"] == "0"


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("suitable", "Aalborg", "Morsø"),
        ("suitable-op", "Morsø", "Aalborg"),
        ("hours_covered", "Aalborg", "Frederikshavn"),
        ("percent_screened", "Hjørring", "Morsø"),  # nobody is suitable in Morsø: no share, and so last
        ("percent_screened-op", "Brønderslev", "Morsø"),
        ("aktivitet", "Aalborg", "Morsø"),
        ("", "Brønderslev", "Aalborg"),
        ("navn;drop", "Brønderslev", "Aalborg"),
    ],
)
def test_sorted_by_a_column(story_app: Flask, order: str, first: str, last: str) -> None:
    text = page(signed_in(story_app), f"/?orden={order}")
    names = [row[0] for row in cells(text)[1:]]
    assert (names[0], names[-2], names[-1]) == (first, last, "Alle kommuner")
    known = order.removesuffix("-op") not in ("", "navn;drop")
    sort = re.search(r'<th scope="col"[^>]* aria-sort="(\w+)"', text)
    assert sort and sort[1] == ("descending" if known and not order.endswith("-op") else "ascending")
    if order == "suitable":
        assert 'href="/?aar=2016&amp;orden=suitable-op"' in text
        assert 'name="orden" value="suitable"' in text


def test_a_target_reached_without_hours_is_not_green(story_app: Flask) -> None:
    text = page(signed_in(story_app), "/?kommune=851")
    assert "11</a> af 10" in text
    assert "progress-far" in text and "progress-reached" not in text
    assert "timer mangler" in text and "målet nået, timer mangler" in text
    assert "progress-reached" in page(signed_in(story_app), "/?kommune=860")


def test_what_follows_egnet_in_one_municipality(story_app: Flask) -> None:
    def card(client: FlaskClient, code: int = 849) -> str:
        return page(client, f"/kommuner/{code}").partition('id="forloeb"')[2].partition("Mere om tallene")[0]

    text = card(signed_in(story_app, RoleName.LEADER))
    assert 'href="/screeninger?aar=2016&amp;kommune=849&amp;tilstand=draft&amp;taeller=1">1</a>' in text
    assert 'href="/tiltag?aar=2016&amp;kommune=849&amp;fase=identified">82.820</a>' in text
    assert 'href="/ressourcer?aar=2016&amp;kommune=849">60</a>' in text
    plain = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    assert "Dage fra egnet til screenet: 84" in plain
    assert re.search(r"Behov for timer, timer 150 Tilsagn om timer, timer 60 .*2 af 5", plain)
    assert "Status Delvist timer mangler" in plain
    assert re.search(r"Tilbagebetaling\s?, år .* 2,1 – –", plain)
    partner = card(signed_in(story_app, RoleName.PARTNER))
    assert "82.820" in partner and "figure-link" not in partner
    elsewhere = re.findall(r'figure-link" href="([^"]*)"', card(signed_in(story_app, RoleName.LEADER), 851))
    assert elsewhere == ["/kurser?aar=2016&amp;kommune=851"]  # seats are for all to see, names are not


def test_the_spreadsheet_holds_every_figure(story_app: Flask) -> None:
    rows = table(signed_in(story_app))
    here = rows["Jammerbugt"]
    assert (here["Rapporter"], here["Behov for timer (timer)"], here["Tilsagn om timer (timer)"]) == ("0", "150", "60")
    assert (here["Ressourcer på plads (forløb)"], here["Ressourcer"]) == ("2", "Delvist")
    assert here["Besparelse, identificeret (kr. pr. år)"] == "82820"
    assert (here["Tilbagebetaling, identificeret (år)"], here["Tilbagebetaling, besluttet (år)"]) == ("2,1", "")
    assert rows["Frederikshavn"]["Ressourcer"] == "Ikke afklaret"
    narrowed = table(signed_in(story_app), "/overblik.csv?branche=10")["Jammerbugt"]
    assert narrowed["Ressourcer på plads (forløb)"] == narrowed["Ressourcer"] == ""


def test_figures_of_visits_open_their_rows(story_app: Flask) -> None:
    client = signed_in(story_app)
    figures = json.loads(story_app.test_cli_runner().invoke(args=["figures", "--json"]).output)["figures"]
    for state in ScreeningState:
        told = figures[f"screenings_{state.value}"]
        text = page(client, told["href"])
        rows = re.search(r'<table class="table table-stacked visits">.*?<tbody>(.*?)</tbody>', text, re.S)
        assert (rows[1].count("<tr>") if rows else 0) == told["value"], state
    past = json.loads(story_app.test_cli_runner().invoke(args=["figures", "--as-of", "2016-03-01", "--json"]).output)[
        "figures"
    ]
    assert past["screenings_held"]["href"] is None and past["hours_needed"]["href"] is None


def test_a_visit_of_a_closed_candidate_is_in_neither(app: Flask) -> None:
    from nbe.core import clock
    from nbe.pipeline.actions import move_to_stage
    from nbe.pipeline.rules import Wish

    visit = make_screening()
    client = signed_in(app)
    assert page(client, "/screeninger?aar=2016&tilstand=planned&taeller=1").count("<tr>") == 2
    candidacy_id = visit.candidacy_id
    db.session.rollback()
    with writing():
        candidacy = db.session.get_one(Candidacy, candidacy_id)
        wish = Wish(Stage.CLOSED, clock.today(), "Solgt", CloseReason.WITHDRAWN)
        move_to_stage(candidacy, wish, user_id=None)
        db.session.commit()
    assert "Ingen screeninger" in page(client, "/screeninger?aar=2016&tilstand=planned&taeller=1")
    assert page(client, "/screeninger?aar=2016&tilstand=planned").count("<tr>") == 2
