"""Making and correcting businesses on the page: errors, duplicates, other municipalities, two at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.models import Business, Trail
from nbe.models.states import MembershipState, RoleName, Stage
from tests.builders import make_business, make_candidacy, make_member
from tests.businesses.visits import Visitor, filled, plain

FOREIGN = "Virksomheden hører til en anden kommune; skriv til sekretariatet."
NEW: dict[str, Any] = {
    "name": "Ærø Mejeri ApS",
    "cvr": "DK 13 58 56 28",
    "p_number": "1 234 567 890",
    "municipality_code": "849",
    "town": "Pandrup",
    "phone": "+45 96 12 34 56",
    "email": "post@example.dk",
    "industry_code": "105100",
    "employees": "1.234",
    "case_number": "24.10.07-g20-4-15",
    "is_ad_protected": "y",
    "note": "Ringer helst\nom formiddagen",
}


def only() -> Business:
    db.session.rollback()
    return db.session.scalars(sa.select(Business)).one()


def test_a_business_is_made_as_typed(app: Flask) -> None:
    leader = Visitor(app)
    answer = leader.post("/virksomheder/ny", **NEW)
    assert answer.status_code == 303
    made = only()
    assert answer.headers["Location"] == f"/virksomheder/{made.id}"
    assert (made.cvr, made.p_number, made.phone, made.employees) == ("13585628", "1234567890", "96123456", 1234)
    assert (made.case_number, made.is_ad_protected, made.industry_version) == ("24.10.07-G20-4-15", True, "DB07")
    assert "er oprettet" in leader.get(f"/virksomheder/{made.id}")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("cvr", "13585627", "kontrolcifret passer ikke"),
        ("cvr", "1358562", "8 cifre"),
        ("p_number", "123", "10 cifre"),
        ("name", " ", "Skal udfyldes"),
        ("phone", "123", "8 cifre"),
        ("email", "nej", "navn@example.dk"),
        ("employees", "mange", "helt tal"),
        ("case_number", "24-10", "24.10.07-G20-4-15"),
        ("note", "Kontakt 010170-1234", "CPR"),
        ("municipality_code", "851", "Vælg en af mulighederne"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_all_else_is_kept(
    sqlite_app: Flask, field: str, value: str, says: str
) -> None:
    leader = Visitor(sqlite_app)
    typed = {**NEW, field: value}
    page = leader.sends("/virksomheder/ny", 422, **typed)
    assert plain(page).count(says) >= 2, "in the summary and at the field"
    kept = filled(page)
    for name in ("name", "cvr", "p_number", "phone", "email", "employees", "case_number", "note"):
        assert kept[name] == typed[name].strip(), name
    [box] = re.findall(r'<input[^>]*name="is_ad_protected"[^>]*>', page)
    assert "checked" in box
    assert db.session.scalar(sa.select(sa.func.count(Business.id))) == 0


def test_an_administrator_chooses_the_municipality(sqlite_app: Flask) -> None:
    admin = Visitor(sqlite_app, RoleName.ADMINISTRATOR)
    page = admin.sends("/virksomheder/ny", 422, **{**NEW, "municipality_code": ""})
    assert plain(page).count("Skal udfyldes.") == 2
    admin.sends("/virksomheder/ny", 303, **{**NEW, "municipality_code": "773"})
    assert only().municipality_code == 773


def test_a_number_known_here_leads_to_the_business(app: Flask) -> None:
    known = make_business("Kendt Mejeri", cvr="13585628", p_number="1234567890")
    page = Visitor(app).sends("/virksomheder/ny", 422, **NEW)
    assert "Virksomheden findes allerede: Kendt Mejeri." in plain(page)
    answer = Visitor(app).client.get("/virksomheder/opslag?cvr=13585628&p=1234567890").get_json()
    assert answer["href"] == f"/virksomheder/{known.id}"
    assert answer["message"] == "Virksomheden findes allerede: Kendt Mejeri."


def test_a_number_held_elsewhere_says_only_that(app: Flask) -> None:
    known = make_business("Hemmelig Fabrik", 851, cvr="13585628", p_number="1234567890")
    make_candidacy(known, Stage.SUITABLE)
    hidden = make_business("Hemmelig Skygge", 851, cvr="27355021", is_hidden=True)
    leader = Visitor(app)
    page = leader.sends("/virksomheder/ny", 422, **NEW)
    assert FOREIGN in plain(page)
    assert "Hemmelig" not in page
    for query in ("cvr=13585628&p=1234567890", "cvr=27355021", "cvr=27355021&navn=Hemmelig+Skygge"):
        answer = leader.client.get(f"/virksomheder/opslag?{query}").get_json()
        assert answer == {"message": FOREIGN, "href": None, "similar": [], "title": ""}
    db.session.rollback()
    left = db.session.scalars(sa.select(Trail.subject_id).where(Trail.act == "lookup")).all()
    assert left == [known.id, hidden.id, hidden.id] or left == [known.id, known.id, hidden.id, hidden.id]


def test_twenty_foreign_numbers_an_hour_and_then_no_answer_at_all(sqlite_app: Flask) -> None:
    make_business("Hemmelig Fabrik", 851, cvr="13585628")
    leader = Visitor(sqlite_app)
    for _ in range(20):
        assert leader.client.get("/virksomheder/opslag?cvr=13585628").status_code == 200
    assert leader.client.get("/virksomheder/opslag?cvr=13585628").status_code == 429
    assert leader.client.get("/virksomheder/opslag?cvr=24256790").status_code == 429, "a free number answers the same"
    page = leader.sends("/virksomheder/ny", 422, **{**NEW, "cvr": "24256790"})
    assert "på kort tid" in plain(page)
    assert filled(page)["name"] == NEW["name"]
    assert Visitor(sqlite_app).client.get("/virksomheder/opslag?cvr=13585628").status_code == 200, "each for herself"


def test_a_similar_name_is_asked_about_once(app: Flask) -> None:
    other = make_business("Ærø Mejeri A/S")
    leader = Visitor(app)
    page = leader.sends("/virksomheder/ny", 422, **NEW)
    assert "Er det en af disse?" in page
    assert f'href="/virksomheder/{other.id}"' in page
    leader.sends("/virksomheder/ny", 303, **NEW, anyway="1")
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Business.id))) == 2


def test_sent_twice_it_is_made_once(app: Flask) -> None:
    leader = Visitor(app)
    first = leader.post("/virksomheder/ny", **NEW, once="det samme")
    second = leader.post("/virksomheder/ny", **NEW, once="det samme")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    only()


def _edit(business_id: int) -> str:
    return f"/virksomheder/{business_id}/rediger"


def test_two_correct_one_business_and_the_second_chooses(app: Flask) -> None:
    business = make_business("Kendt Mejeri", cvr="13585628", town="Pandrup", phone="96123456")
    path = _edit(business.id)
    anna, bente = Visitor(app), Visitor(app)
    forms = [{**filled(visitor.get(path)), "municipality_code": "849"} for visitor in (anna, bente)]
    anna.sends(path, 303, **{**forms[0], "town": "Brovst", "once": "a"})
    page = bente.sends(path, 409, **{**forms[1], "phone": "51 52 53 54", "town": "Pandrup", "once": "b"})
    text = plain(page)
    assert anna.name in text
    assert "Gemt nu : Brovst" in text.replace("Gemt nu:", "Gemt nu :")
    assert "96 12 34 56" in text
    assert "51 52 53 54" in text
    db.session.rollback()
    assert only().phone == "96123456", "nothing is saved before she has chosen"
    chosen = {**filled(page), "town": "Brovst", "phone": "51 52 53 54", "municipality_code": "849", "once": "c"}
    bente.sends(path, 303, **chosen)
    db.session.rollback()
    assert (only().town, only().phone) == ("Brovst", "51525354")


def test_a_call_in_between_is_no_conflict(app: Flask) -> None:
    business = make_business("Kendt Mejeri", cvr="13585628")
    leader = Visitor(app)
    form = {**filled(leader.get(_edit(business.id))), "municipality_code": "849", "town": "Brovst"}
    leader.sends(f"/virksomheder/{business.id}/opkald", 303, outcome="reached")
    leader.sends(_edit(business.id), 303, **form)
    assert only().town == "Brovst"


def test_an_edit_with_errors_keeps_what_was_typed(sqlite_app: Flask) -> None:
    business = make_business("Kendt Mejeri", cvr="13585628")
    make_business("Fremmed", 851, cvr="27355021")
    leader = Visitor(sqlite_app)
    form = {**filled(leader.get(_edit(business.id))), "municipality_code": "849", "note": "Nyt"}
    page = leader.sends(_edit(business.id), 422, **{**form, "cvr": "27355020"})
    assert (filled(page)["cvr"], filled(page)["note"]) == ("27355020", "Nyt")
    page = leader.sends(_edit(business.id), 422, **{**form, "cvr": "27355021", "once": "2"})
    assert FOREIGN in plain(page)
    assert "Fremmed" not in page


def test_another_municipality_is_the_administrators_to_set(app: Flask) -> None:
    business = make_business("Kendt Mejeri", cvr="13585628")
    make_member(business)
    leader, admin = Visitor(app), Visitor(app, RoleName.ADMINISTRATOR)
    form = filled(leader.get(_edit(business.id)))
    leader.sends(_edit(business.id), 422, **{**form, "municipality_code": "851"})
    admin.sends(_edit(business.id), 303, **{**filled(admin.get(_edit(business.id))), "municipality_code": "851"})
    leader.get(_edit(business.id), 404)
    from nbe.core import clock
    from nbe.ledger.queries import sums

    db.session.rollback()
    assert sums(0, ["member:member"], clock.today()) == {(849, "member:member"): 0, (851, "member:member"): 1}


def test_a_leader_elsewhere_meets_nothing(sqlite_app: Flask) -> None:
    business = make_business("Kendt Mejeri")
    contact = business.contacts[0].id
    other = Visitor(sqlite_app, municipality=851)
    path = f"/virksomheder/{business.id}"
    for page in (
        "",
        "/rediger",
        "/opkald",
        "/aktivitet",
        "/medlemskab",
        "/kontakter/ny",
        f"/kontakter/{contact}/rediger",
    ):
        other.get(path + page, 404)
    for page in ("/rediger", "/opkald", "/aktivitet", "/medlemskab", "/medlemskab/fortryd", "/kontakter/ny"):
        other.sends(path + page, 404, outcome="reached", name="x")
    assert "Kendt Mejeri" not in other.get("/virksomheder")
    assert "Kendt Mejeri" not in other.get("/soeg?q=kendt")


def test_a_partner_sees_name_town_industry_and_stage(sqlite_app: Flask) -> None:
    business = make_business("Kendt Mejeri", cvr="13585628", phone="96123456", email="post@example.dk", note="hemmelig")
    make_member(business)
    make_candidacy(business, Stage.SUITABLE)
    partner = Visitor(sqlite_app, RoleName.PARTNER)
    for path in ("/virksomheder", "/soeg?q=kendt"):
        page = partner.get(path)
        text = plain(page)
        for word in ("Kendt Mejeri", "Pandrup", "Fødevarer", "Egnet", "Medlem"):
            assert word in text, (path, word)
        for word in (
            "13585628",
            "96123456",
            "96 12 34 56",
            "post@",
            "hemmelig",
            "Kontakt ",
            f"/virksomheder/{business.id}",
        ):
            assert word not in page, (path, word)
    assert "Ny virksomhed" not in partner.get("/virksomheder")
    partner.get(f"/virksomheder/{business.id}", 403)
    partner.get("/virksomheder/ny", 403)


def test_the_list_keeps_its_filter_in_pages_and_exports(sqlite_app: Flask) -> None:
    for place in range(51):
        make_business(f"Mejeri {place:02}")
    make_business("Fiskeri", industry_code="031100")
    leader = Visitor(sqlite_app)
    page = leader.get("/virksomheder?q=mejeri&branche=10&side=2")
    assert "51 rækker" in plain(page)
    assert "Mejeri 50" in page
    assert "Mejeri 49" not in page
    assert 'href="/virksomheder/eksport.xlsx?q=mejeri&amp;branche=10"' in page
    assert 'href="/virksomheder?q=mejeri&amp;branche=10"' in page
    csv = (
        leader.client.get("/virksomheder/eksport.csv?q=mejeri&branche=10", buffered=True).get_data().decode("utf-8-sig")
    )
    assert len(csv.strip().splitlines()) == 52
    assert "Datoen kunne ikke læses" in leader.get("/virksomheder?pr=31-02-2016")
    assert "Ingen virksomheder passer" in leader.get("/virksomheder?q=findes+ikke")


def test_the_list_of_a_day_gone_by(sqlite_app: Flask) -> None:
    import datetime as dt

    make_member(make_business("Tidligt Medlem"), dt.date(2016, 1, 10))
    make_member(make_business("Sent Medlem"), dt.date(2016, 4, 20))
    page = Visitor(sqlite_app).get(f"/virksomheder?medlem={MembershipState.MEMBER.value}&pr=1/2-16")
    assert "Tidligt Medlem" in page
    assert "Sent Medlem" not in page
    assert "Som de stod den 1. februar 2016" in plain(page)


def test_empty_pages_say_what_to_do(sqlite_app: Flask) -> None:
    leader, partner = Visitor(sqlite_app), Visitor(sqlite_app, RoleName.PARTNER)
    assert "Indlæs regneark" in leader.get("/virksomheder")
    assert "Indlæs regneark" not in partner.get("/virksomheder")
    assert "Hvad leder du efter?" in leader.get("/soeg")
    page = leader.get("/soeg?q=13585628")
    assert 'href="/virksomheder/ny?q=13585628"' in page
    assert filled(leader.get("/virksomheder/ny?q=13585628"))["cvr"] == "13585628"
    assert filled(leader.get("/virksomheder/ny?q=Nyt+Mejeri"))["name"] == "Nyt Mejeri"


def test_a_hidden_business_of_ones_own_says_how_to_get_it_back(sqlite_app: Flask) -> None:
    with writing():
        make_business("Fortrudt", cvr="13585628", p_number="1234567890", is_hidden=True)
    assert "fortrudt" in plain(Visitor(sqlite_app).sends("/virksomheder/ny", 422, **NEW))
