"""A second screening beside the first: potential per theme and the savings, then and now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask

from nbe.access.viewers import Viewer
from nbe.core.database import db, writing
from nbe.models import Screening, Theme, ThemeAnswer
from nbe.models.states import MeasureState, Quantity, Relevance, RoleName, SavingPhase, ScreeningState, Stage
from nbe.screenings.comparing import compare, list_earlier
from nbe.screenings.themes import ThemeText, save_themes, texts_now
from tests.builders import make_business, make_candidacy, make_measure, make_programme, make_screening
from tests.screenings.test_visits import enter

LEADER = Viewer(1, RoleName.LEADER, 849)
IDENTIFIED, DECIDED, REALISED = SavingPhase


def judge(screening: Screening, **potentials: int | None) -> None:
    """The themes of a visit by their codes; None: not relevant."""
    with writing():
        themes = {theme.code: theme for theme in db.session.get_one(Screening, screening.id).theme_set.themes}
        for code, potential in potentials.items():
            relevance = Relevance.NOT_RELEVANT if potential is None else Relevance.RELEVANT
            columns = {"relevance": relevance, "potential": potential, "why_not": "Nej" if potential is None else ""}
            db.session.add(ThemeAnswer(screening_id=screening.id, theme_id=themes[code].id, **columns))
        db.session.commit()


@pytest.fixture
def two(app: Flask) -> tuple[Screening, Screening]:
    """A business screened in 2015 and in 2016; the themes of 2016 lack one and have another besides."""
    business = make_business("Prøve Mejeri")
    first = make_screening(
        make_candidacy(business, Stage.AGREED, dt.date(2015, 2, 1), 2015),
        state=ScreeningState.HELD,
        starts_at=dt.datetime(2015, 5, 4, 7, tzinfo=dt.UTC),
        day=dt.date(2015, 4, 1),
    )
    with writing():
        programme = make_programme(2016)
        texts = [text for text in texts_now(programme) if text.code != "chemicals"]
        save_themes(programme, [*texts, ThemeText("", "Bygninger")], user_id=None)
        db.session.commit()
    second = make_screening(make_candidacy(business, Stage.AGREED), state=ScreeningState.HELD)
    return first, second


def test_themes_side_by_side(two: tuple[Screening, Screening]) -> None:
    first, second = two
    judge(first, energy=3, water=1, waste=None)
    judge(second, energy=1, water=2, waste=0, own1=2)
    found = compare(LEADER, db.session.get_one(Screening, first.id), db.session.get_one(Screening, second.id))
    lines = {line.title: line for line in found.themes}
    assert (lines["Energi"].then, lines["Energi"].now, lines["Energi"].change) == (3, 1, -2)
    assert lines["Vand"].change == 1
    assert (lines["Affald og genanvendelse"].then, lines["Affald og genanvendelse"].change) == (None, None)
    assert lines["Affald og genanvendelse"].relevance_then is Relevance.NOT_RELEVANT
    assert (lines["Bygninger"].then, lines["Bygninger"].now) == (None, 2)
    asked = {theme.code for theme in db.session.query(Theme).all()}
    assert len(found.themes) == len(asked)
    assert found.themes[-1].title == "Kemi"  # no longer asked about


def test_savings_of_each_in_the_phase_they_have_come_to(two: tuple[Screening, Screening]) -> None:
    first, second = two
    numbers = {
        IDENTIFIED: {Quantity.MONEY: 1000},
        DECIDED: {Quantity.MONEY: 800},
        REALISED: {Quantity.MONEY: 700},
    }
    of_first, of_second = first.candidacy, second.candidacy
    make_measure(of_first, MeasureState.DOCUMENTED, savings=numbers, screening_id=first.id)
    make_measure(of_first, MeasureState.DECIDED, savings=numbers, screening_id=first.id)
    make_measure(of_first, MeasureState.ABANDONED, savings=numbers, screening_id=first.id)
    make_measure(of_second, savings={IDENTIFIED: {Quantity.MONEY: 5}}, screening_id=second.id)
    make_measure(of_second, savings=numbers)  # of no visit
    found = compare(LEADER, db.session.get_one(Screening, first.id), db.session.get_one(Screening, second.id))
    (line,) = found.savings
    assert line.key == "money"
    assert (line.then[IDENTIFIED], line.then[DECIDED], line.then[REALISED]) == (2000, 1600, 700)
    assert (line.now[IDENTIFIED], line.now[DECIDED], line.now[REALISED]) == (Decimal(5), None, None)


def test_the_page_leads_from_the_second_and_the_first_has_none(two: tuple[Screening, Screening], app: Flask) -> None:
    first, second = two
    judge(first, energy=3)
    judge(second, energy=1)
    client = enter(app)
    here = f"/screeninger/{second.id}/sammenlign"
    assert here in client.get(f"/screeninger/{second.id}").get_data(as_text=True)
    page = client.get(here).get_data(as_text=True)
    assert "Stort potentiale" in page and "Lille potentiale" in page and "mindre at hente" in page
    empty = client.get(f"/screeninger/{first.id}/sammenlign")
    assert empty.status_code == 200
    assert "ingen tidligere screening" in empty.get_data(as_text=True)
    assert enter(app, RoleName.LEADER, 851).get(here).status_code == 404


def test_only_visits_that_were_held_count_as_earlier(two: tuple[Screening, Screening]) -> None:
    first, second = two
    candidacy = second.candidacy
    planned = make_screening(candidacy, starts_at=dt.datetime(2016, 9, 1, 7, tzinfo=dt.UTC))
    assert [one.id for one in list_earlier(LEADER, planned)] == [first.id, second.id]
    assert [one.id for one in list_earlier(LEADER, second)] == [first.id]
    assert list_earlier(LEADER, first) == []
