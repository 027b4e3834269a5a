"""One business on one page: calls, contacts, membership, history, and who sees it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.ledger.queries import sums
from nbe.models import Activity, Business, Candidacy, Contact, Membership, Trail
from nbe.models.states import ActivityKind, ActivityOutcome, MembershipState, RoleName, Stage
from tests.builders import make_business, make_candidacy, make_member, make_programme
from tests.businesses.visits import Visitor, filled, plain
from tests.counting import statements

TODAY = dt.date(2016, 4, 25)


def fresh(model: type, row_id: int) -> object:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(model, row_id)


def members(as_of: dt.date = TODAY) -> int:
    db.session.rollback()
    return sums(0, ["member:member"], as_of).get((849, "member:member"), 0)


def section(page: str, name: str) -> str:
    """One section of the page."""
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def undo_address(page: str) -> str:
    match = re.search(r'<form action="([^"]+)"[^>]*>(?:(?!</form>).)*Fortryd\s*</button>', page, re.S)
    assert match
    return match[1].replace("&amp;", "&")


def test_everything_about_one_business(app: Flask) -> None:
    make_programme(2016)
    business = make_business(
        "Kendt Mejeri", cvr="13585628", p_number="1234567890", phone="96123456", is_ad_protected=True,
        case_number="24.10.07-G20-4-15", employees=12, note="Første linje\nAnden linje", website="javascript:alert(1)",
    )  # fmt: skip
    make_member(business)
    candidacy = make_candidacy(business, Stage.CONTACTED, year=2015)
    leader = Visitor(app)
    page = leader.get(f"/virksomheder/{business.id}")
    text = plain(page)
    for word in (
        "CVR 13585628", "P-nr. 1234567890", "Jammerbugt Kommune", "Sag 24.10.07-G20-4-15", "96 12 34 56", "20 30 40 50",
        "Forløbet 2015", "Kontaktet", "Medlem", "Fødevarer", "12", "Første linje", "skrev Kendt Mejeri ind som medlem",
        "Gør til kandidat i forløbet 2016",
    ):  # fmt: skip
        assert word in text, word
    assert text.index("Reklamebeskyttet") < text.index("96 12 34 56"), "the flag comes before the telephone"
    assert f'href="/kandidater/{candidacy.id}"' in page
    assert 'href="javascript' not in page
    for path in ("sammenlaeg", "ophoert"):
        assert f'href="/virksomheder/{business.id}/{path}"' in page
    assert re.search(rf'action="/kandidater/ny".*?name="business_id" value="{business.id}"', page, re.S)
    assert page.count("<h1") == 1
    db.session.rollback()
    [trail] = db.session.scalars(sa.select(Trail).where(Trail.act == "read"))
    assert (trail.subject, trail.subject_id, trail.user_id) == ("business", business.id, leader.user_id)


def test_a_candidate_of_this_year_or_a_ceased_business_is_not_offered_again(sqlite_app: Flask) -> None:
    candidate, ceased = make_business("Kandidat"), make_business("Ophørt", ceased_on=dt.date(2016, 3, 1))
    make_candidacy(candidate, Stage.LONGLIST)
    leader = Visitor(sqlite_app)
    for business in (candidate, ceased):
        assert "Gør til kandidat" not in leader.get(f"/virksomheder/{business.id}")
    assert "Virksomheden er ophørt den 1. marts 2016" in plain(leader.get(f"/virksomheder/{ceased.id}"))


def test_a_merged_business_leads_to_the_one_it_lives_on_in(sqlite_app: Flask) -> None:
    kept = make_business("Den der bliver")
    gone = make_business("Den der gik", merged_into_id=kept.id)
    leader = Visitor(sqlite_app)
    answer = leader.client.get(f"/virksomheder/{gone.id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/virksomheder/{kept.id}")
    assert "Den der gik" in plain(leader.get(f"/virksomheder/{kept.id}"))
    Visitor(sqlite_app, municipality=851).get(f"/virksomheder/{gone.id}", 404)
    leader.get("/virksomheder/99999", 404)
    leader.get("/virksomheder/99999999999999999999", 404)


def test_a_screener_reads_but_finds_no_way_to_write(sqlite_app: Flask) -> None:
    business = make_business()
    make_member(business)
    page = Visitor(sqlite_app, RoleName.SCREENER).get(f"/virksomheder/{business.id}")
    assert "20 30 40 50" in page
    for word in ("Gem opkald", "Ret oplysninger", "sammenlaeg", "Fortryd", "Gør til kandidat", "/kontakter/"):
        assert word not in page, word


def test_the_page_takes_as_many_statements_however_much_there_is(sqlite_app: Flask) -> None:
    make_programme(2016)
    small, large = make_business("Lille"), make_business("Stor")
    for business in (small, large):
        make_member(business)
    make_candidacy(small, year=2015)
    with writing():
        db.session.add(
            Activity(business_id=small.id, kind=ActivityKind.CALL, happened_on=TODAY, created_at=clock.now())
        )
        for place in range(30):
            db.session.add(
                Activity(business_id=large.id, kind=ActivityKind.CALL, happened_on=TODAY, created_at=clock.now())
            )
            db.session.add(Contact(business_id=large.id, name=f"Person {place}"))
        db.session.commit()
    for year in range(2012, 2016):
        make_candidacy(large, year=year)
    leader = Visitor(sqlite_app)
    counts = []
    for business in (small, large):
        path = f"/virksomheder/{business.id}"
        leader.get(path)
        with statements() as sent:
            leader.get(path)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_call_is_noted_and_moves_nobody(app: Flask) -> None:
    business = make_business()
    old, new = make_candidacy(business, year=2015), make_candidacy(business, year=2016)
    leader = Visitor(app)
    path = f"/virksomheder/{business.id}"
    answer = leader.post(
        f"{path}/opkald", outcome="interested", note="Vil gerne", next_step="Send materiale", next_step_on="2/5"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    db.session.rollback()
    [activity] = db.session.scalars(sa.select(Activity))
    assert (activity.kind, activity.outcome, activity.happened_on) == (
        ActivityKind.CALL, ActivityOutcome.INTERESTED, TODAY,
    )  # fmt: skip
    assert (activity.candidacy_id, activity.user_id) == (new.id, leader.user_id)
    candidacy = fresh(Candidacy, new.id)
    assert (candidacy.stage, candidacy.next_step, candidacy.next_step_on) == (
        Stage.LONGLIST, "Send materiale", dt.date(2016, 5, 2),
    )  # fmt: skip
    assert fresh(Candidacy, old.id).next_step == ""
    assert fresh(Business, business.id).last_activity_on == TODAY
    text = plain(leader.get(path))
    assert "Opkald : Interesseret" in text.replace("Opkald:", "Opkald :")
    assert "Vil gerne" in text


def test_a_call_back_to_where_it_was_begun_and_nowhere_else(sqlite_app: Flask) -> None:
    business = make_business()
    leader, path = Visitor(sqlite_app), f"/virksomheder/{business.id}/opkald"
    assert leader.post(path, outcome="reached", next="/min-dag?a=1").headers["Location"] == "/min-dag?a=1"
    assert leader.post(path, outcome="reached", next="//evil.dk").headers["Location"] == f"/virksomheder/{business.id}"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"note": "Talt længe"}, "hvordan det gik"),
        ({"outcome": "done", "note": "Talt længe"}, "Vælg en af mulighederne"),
        ({"outcome": "reached", "happened_on": "26-04-2016", "note": "Talt længe"}, "fremtiden"),
        ({"outcome": "reached", "happened_on": "31-02-2016", "note": "Talt længe"}, "dato"),
        ({"outcome": "reached", "next_step_on": "24-04-2016", "note": "Talt længe"}, "før det, der er gjort"),
        ({"outcome": "reached", "note": "Talt længe med 010170-1234"}, "CPR"),
    ],
)
def test_a_call_that_cannot_be_read_comes_back_as_typed(sqlite_app: Flask, fields: dict[str, str], says: str) -> None:
    business = make_business()
    page = Visitor(sqlite_app).sends(f"/virksomheder/{business.id}/opkald", 422, **fields)
    assert says in plain(page)
    assert filled(page)["note"] == fields["note"]
    assert db.session.scalar(sa.select(sa.func.count(Activity.id))) == 0


def test_undoing_a_call_brings_back_the_step_before(app: Flask) -> None:
    business = make_business()
    candidacy = make_candidacy(business)
    leader, path = Visitor(app), f"/virksomheder/{business.id}"
    leader.sends(f"{path}/opkald", outcome="call_back", next_step="Ring mandag", next_step_on="25-04-2016", once="1",
                 happened_on="18-04-2016")  # fmt: skip
    leader.get(path)  # which tells of it, once
    leader.sends(f"{path}/opkald", outcome="reached", once="2")
    assert fresh(Candidacy, candidacy.id).next_step == "", "the step was due and is done"
    leader.sends(undo_address(leader.get(path)), 303, once="3")
    after = fresh(Candidacy, candidacy.id)
    assert (after.next_step, after.next_step_on) == ("Ring mandag", TODAY)
    assert after.last_activity_on == dt.date(2016, 4, 18)
    assert fresh(Business, business.id).last_activity_on == dt.date(2016, 4, 18)
    assert "Talte med dem" not in section(leader.get(path), "aktiviteter").split("Gem opkald")[1]


def test_a_note_leaves_the_next_step_and_a_visit_leaves_one_still_to_come(app: Flask) -> None:
    business = make_business()
    candidacy = make_candidacy(business)
    leader, path = Visitor(app), f"/virksomheder/{business.id}"
    leader.sends(f"{path}/opkald", outcome="call_back", next_step="Møde", next_step_on="25-4-2016", once="1")
    leader.sends(f"{path}/aktivitet", kind="note", note="Ny direktør", happened_on="25-04-2016", once="2")
    leader.sends(f"{path}/aktivitet", kind="visit", happened_on="24-04-2016", once="3")
    assert fresh(Candidacy, candidacy.id).next_step == "Møde"
    page = leader.sends(f"{path}/aktivitet", 422, kind="note", note="", happened_on="25-04-2016")
    assert "Skriv noten." in plain(page)
    leader.sends(f"{path}/aktivitet", 422, kind="call", note="x", happened_on="25-04-2016")


def test_another_business_activity_is_not_undone_from_here(sqlite_app: Flask) -> None:
    one, other = make_business(), make_business()
    leader = Visitor(sqlite_app)
    leader.sends(f"/virksomheder/{one.id}/opkald", outcome="reached")
    db.session.rollback()
    activity = db.session.scalar(sa.select(Activity.id))
    leader.sends(f"/virksomheder/{other.id}/aktivitet/{activity}/fortryd", 404)
    assert fresh(Activity, activity).is_hidden is False


def test_activities_come_twenty_to_a_page_newest_first(sqlite_app: Flask) -> None:
    business = make_business()
    with writing():
        for place in range(25):
            day = dt.date(2016, 4, 1) + dt.timedelta(days=place % 7)
            db.session.add(Activity(business_id=business.id, kind=ActivityKind.NOTE, note=f"Note-{place:02}.",
                                    happened_on=day, created_at=clock.now()))  # fmt: skip
        db.session.commit()
    leader, path = Visitor(sqlite_app), f"/virksomheder/{business.id}"
    first = re.findall(r"Note-(\d\d)\.", section(leader.get(path), "aktiviteter"))
    second = re.findall(r"Note-(\d\d)\.", section(leader.get(f"{path}?side=2"), "aktiviteter"))
    assert (len(first), len(second)) == (20, 5)
    assert first[:4] == ["20", "13", "06", "19"]


def test_membership_and_its_undo_change_the_figures(app: Flask) -> None:
    business = make_business("Kendt Mejeri")
    leader, path = Visitor(app), f"/virksomheder/{business.id}"
    leader.sends(f"{path}/medlemskab", state="member", happened_on="1-3-2016", once="1")
    assert (members(), members(dt.date(2016, 2, 29))) == (1, 0)
    page = leader.sends(f"{path}/medlemskab", 422, state="left", happened_on="25-4-2016", once="2")
    assert "Skriv en begrundelse." in plain(page)
    leader.sends(f"{path}/medlemskab", state="left", happened_on="1-4-2016", reason="Flytter til udlandet", once="3")
    assert (members(), members(dt.date(2016, 3, 31))) == (0, 1)
    page = leader.get(path)
    assert "Flytter til udlandet" in plain(page)
    leader.sends(undo_address(page), 303, once="4")
    assert members() == 1
    db.session.rollback()
    membership = db.session.scalars(sa.select(Membership)).one()
    assert (membership.state, membership.since_on) == (MembershipState.MEMBER, dt.date(2016, 3, 1))
    leader.sends(f"{path}/medlemskab/fortryd", once="5")
    assert members() == 0
    text = plain(leader.get(path))
    assert "Virksomheden er ikke i netværket." in text
    assert "fortrød ændringen af medlemskabet for Kendt Mejeri" in text


def test_an_undo_of_a_move_that_no_longer_holds_does_nothing(app: Flask) -> None:
    business = make_business()
    leader, path = Visitor(app), f"/virksomheder/{business.id}"
    leader.sends(f"{path}/medlemskab", state="applied", happened_on="1-3-2016", once="1")
    old = undo_address(leader.get(path))
    leader.sends(f"{path}/medlemskab", state="member", happened_on="2-3-2016", once="2")
    leader.get(path)
    leader.sends(old, once="3")
    assert members() == 1
    assert "intet er fortrudt" in leader.get(path)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"state": "left", "happened_on": "9-1-2016", "reason": "x"}, "før den seneste ændring"),
        ({"state": "left", "happened_on": "26-4-2016", "reason": "x"}, "fremtiden"),
        ({"state": "member", "happened_on": "25-4-2016"}, "Vælg en af mulighederne"),
        ({"state": "left", "happened_on": ""}, "Skal udfyldes"),
    ],
)
def test_a_membership_that_cannot_be(sqlite_app: Flask, fields: dict[str, str], says: str) -> None:
    business = make_business()
    make_member(business)
    page = Visitor(sqlite_app).sends(f"/virksomheder/{business.id}/medlemskab", 422, **fields)
    assert says in plain(page)
    assert members() == 1


def test_contacts_are_added_corrected_and_ended(app: Flask) -> None:
    business = make_business()
    leader, path = Visitor(app), f"/virksomheder/{business.id}"
    page = leader.sends(f"{path}/kontakter/ny", 422, name="Ida Ø", email="ida", phone="51525354")
    assert filled(page)["email"] == "ida"
    leader.sends(f"{path}/kontakter/ny", name="Ida Ø", title="Direktør", phone="51 52 53 54", once="1")
    db.session.rollback()
    ida = db.session.scalars(sa.select(Contact).where(Contact.name == "Ida Ø")).one().id
    assert "51 52 53 54" in leader.get(path)
    page = leader.sends(
        f"{path}/kontakter/{ida}/rediger", 422, name="Ida Ø", valid_from="2-4-2016", valid_to="1-4-2016"
    )
    assert "før fra-datoen" in plain(page)
    leader.sends(f"{path}/kontakter/{ida}/afslut", 303, valid_to="24-04-2016", once="2")
    assert fresh(Contact, ida).valid_to == dt.date(2016, 4, 24)
    people = section(leader.get(path), "kontakter")
    assert "1 tidligere kontaktperson" in plain(people)
    assert people.index("<details") < people.index("Ida Ø")
    leader.sends(f"{path}/kontakter/{ida}/afslut", 422, valid_to="")
    other = make_business()
    leader.get(f"/virksomheder/{other.id}/kontakter/{ida}/rediger", 404)


def test_two_correct_one_contact_and_the_second_chooses(app: Flask) -> None:
    business = make_business()
    contact = business.contacts[0].id
    path = f"/virksomheder/{business.id}/kontakter/{contact}/rediger"
    anna, bente = Visitor(app), Visitor(app)
    forms = [filled(visitor.get(path)) for visitor in (anna, bente)]
    anna.sends(path, 303, **{**forms[0], "title": "Direktør", "once": "a"})
    page = bente.sends(path, 409, **{**forms[1], "phone": "51 52 53 54", "once": "b"})
    assert anna.name in plain(page)
    assert "Direktør" in page
    bente.sends(path, 303, **{**filled(page), "title": "Direktør", "phone": "51 52 53 54", "once": "c"})
    row = fresh(Contact, contact)
    assert (row.title, row.phone) == ("Direktør", "51525354")
