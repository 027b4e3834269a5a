"""Search from anywhere: what finds whom, and what a partner must not find."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask

from nbe.access import Viewer
from nbe.businesses.queries import BusinessFilter, list_businesses, list_lookalikes, search, words_of
from nbe.core.database import db, writing
from nbe.models import Business
from nbe.models.states import RoleName
from tests.builders import make_business, make_candidacy, make_member
from tests.counting import statements

ADMINISTRATOR = Viewer(1, RoleName.ADMINISTRATOR, None)
LEADER = Viewer(2, RoleName.LEADER, 849)
PARTNER = Viewer(3, RoleName.PARTNER, 849)


def names(viewer: Viewer, text: str) -> list[str]:
    return [hit.business.name for hit in search(viewer, text)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("DK 13 58 56 28", ["13585628"]),
        ("CVR: 13585628", ["13585628"]),
        ("+45 96 12 34 56", ["96123456"]),
        ("96-12-34-56", ["96123456"]),
        ("1 234 567 890", ["1234567890"]),
        ("Ålbæk  Mejeri", ["ålbæk", "mejeri"]),
        ("9490", ["9490"]),
        ("2000 Rør", ["2000", "rør"]),
    ],
)
def test_numbers_are_one_word_however_they_are_spelt(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


def test_found_by_name_number_town_phone_and_contact(app: Flask) -> None:
    business = make_business(
        "Rødhus Æblegård ApS", town="Ålbæk", cvr="13585628", p_number="1234567890", phone="96123456"
    )
    make_business("Helt Anden ApS")
    with writing():
        business.contacts[0].name = "Søren Kjær-Ågård"
        business.contacts[0].phone = "51525354"
        db.session.commit()
    for typed in (
        "rødhus", "RØDHUS æblegård", "æblegård rødhus", "13585628", "DK 13 58 56 28", "1234567890", "ålbæk", "ÅLBÆK",
        "aalbæk", "96 12 34 56", "+4596123456", "søren kjær", "ågård", "51 52 53 54", "kontakt",
        unicodedata.normalize("NFD", "Ålbæk"), unicodedata.normalize("NFD", "ÅGÅRD"),
    ):  # fmt: skip
        found = names(LEADER, typed)
        assert "Rødhus Æblegård ApS" in found, typed
        assert "Helt Anden ApS" not in found or typed == "kontakt", typed
    assert names(LEADER, "rodhus") == []
    assert names(LEADER, "50%_\\") == []
    assert names(LEADER, "r") == []
    assert [hit.contact for hit in search(LEADER, "søren")] == ["Søren Kjær-Ågård"]


def test_other_municipalities_and_hidden_ones_are_not_found(app: Flask) -> None:
    make_business("Fælles Navn Aalborg", 851)
    make_business("Fælles Navn Skjult", is_hidden=True)
    make_business("Fælles Navn Her")
    assert names(LEADER, "fælles") == ["Fælles Navn Her"]
    assert names(ADMINISTRATOR, "fælles") == ["Fælles Navn Her", "Fælles Navn Aalborg"]


def test_a_partner_finds_no_telephone_and_no_contact(app: Flask) -> None:
    business = make_business("Fabrik 2000", phone="96123456", town="Ålbæk", cvr="13585628")
    with writing():
        business.contacts[0].name = "Søren Kjær"
        db.session.commit()
    for text in ("96123456", "96 12 34 56", "961234", "søren", "20304050", "ålbæk 9612"):
        assert names(PARTNER, text) == [], text
        assert list_businesses(PARTNER, BusinessFilter(search=text)).rows == [], text
    for text in ("fabrik", "2000", "fabrik 2000", "ÅLBÆK", "13585628"):
        assert names(PARTNER, text) == ["Fabrik 2000"], text
        assert len(list_businesses(PARTNER, BusinessFilter(search=text)).rows) == 1, text
    [row] = list_businesses(PARTNER, BusinessFilter()).rows
    assert (row.cvr, row.employees, row.last_activity_on, row.is_open_to_viewer) == (None, None, None, False)


def test_the_list_tells_membership_and_newest_candidacy_in_danish_order(app: Flask) -> None:
    from nbe.models.states import MembershipState, Stage

    for name in ("Åse", "Zebra", "Ærø", "Aalborg Rør", "Østerby", "abe"):
        make_business(name)
    business = db.session.query(Business).filter_by(name="Zebra").one()
    make_member(business)
    make_candidacy(business, Stage.CONTACTED, year=2015)
    make_candidacy(business, Stage.SUITABLE, year=2016)
    rows = list_businesses(LEADER, BusinessFilter()).rows
    assert [row.name for row in rows] == ["abe", "Zebra", "Ærø", "Østerby", "Aalborg Rør", "Åse"]
    zebra = rows[1]
    assert (zebra.membership, zebra.stage, zebra.stage_year) == (MembershipState.MEMBER, Stage.SUITABLE, 2016)
    assert [row.name for row in list_businesses(LEADER, BusinessFilter(membership=MembershipState.MEMBER)).rows] == [
        "Zebra"
    ]


def test_a_list_takes_as_many_statements_for_one_as_for_fifty(sqlite_app: Flask) -> None:
    def count() -> int:
        db.session.rollback()
        with statements() as sent:
            page = list_businesses(LEADER, BusinessFilter())
            search(LEADER, "mejeri")
        assert page.rows
        return len(sent)

    make_candidacy(make_business("Mejeri 1"))
    one = count()
    for place in range(2, 51):
        make_business(f"Mejeri {place}")
    assert count() == one


def test_lookalikes_by_name_and_number_where_the_viewer_may_see(app: Flask) -> None:
    make_business("Nordjysk Maskinfabrik A/S", cvr="13585628")
    make_business("Nordjysk Maskinfabrik Aalborg", 851, cvr="27355021")
    assert [other.name for other in list_lookalikes(LEADER, "nordjysk maskinfabrik ApS")] == [
        "Nordjysk Maskinfabrik A/S"
    ]
    assert [other.name for other in list_lookalikes(LEADER, "Nordjysk Maskinfabrk")] == ["Nordjysk Maskinfabrik A/S"]
    assert list_lookalikes(LEADER, "Nordjysk Bageri") == []
    assert [(other.name, other.has_same_cvr) for other in list_lookalikes(LEADER, "Noget andet", "13585628")] == [
        ("Nordjysk Maskinfabrik A/S", True)
    ]
    assert list_lookalikes(LEADER, "", "27355021") == []
    assert list_lookalikes(LEADER, "%%%") == []
