"""Moving on the pages: at once, with a reason, several with a preview, two people at once, undo."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.ledger.queries import differences
from nbe.models import Activity, Candidacy, Contact, LedgerReason
from nbe.models.states import CloseReason, CriterionAnswer, Stage, Verdict
from nbe.pipeline.criteria import active_criteria
from tests.builders import make_business, make_candidacy, make_programme
from tests.businesses.visits import Visitor, filled, plain

TODAY = dt.date(2016, 4, 25)


def now(candidacy_id: int) -> Candidacy:
    db.session.rollback()
    found = db.session.get(Candidacy, candidacy_id, populate_existing=True)
    assert found
    return found


def undo_address(page: str) -> str:
    found = re.search(r'action="(/kandidater/fortryd\?[^"]+)"', page)
    assert found, plain(page)[:600]
    return html.unescape(found[1])


@pytest.fixture
def leader(app: Flask) -> Visitor:
    make_programme()
    return Visitor(app)


def test_a_move_with_one_choice_and_its_undo(leader: Visitor) -> None:
    key = make_candidacy(make_business("Moseby Gartneri"), Stage.LONGLIST).id
    leader.sends(f"/kandidater/{key}/flyt", til="contacted", fra="longlist", next="/kandidater")
    assert now(key).stage is Stage.CONTACTED
    page = leader.get("/kandidater")
    assert "Moseby Gartneri er flyttet til Kontaktet." in plain(page)
    leader.sends(undo_address(page))
    assert now(key).stage is Stage.LONGLIST
    assert "fortrudt" in plain(leader.get("/kandidater"))
    assert not differences()


def test_skipping_warns_and_leads_to_the_verdict(leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.CONTACTED).id
    leader.sends(f"/kandidater/{key}/flyt", til="screened", fra="contacted")
    text = leader.get(f"/kandidater/{key}")
    assert "Mangler: ja til en samtale, kriterierne åbnet, vurderingen egnet" in plain(text)
    assert f"/kandidater/{key}/vurdering" in text and "Vurdering mangler" in plain(text)


def test_back_and_closing_ask_why_on_a_page_of_their_own(leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.INTERESTED).id
    answer = leader.post(f"/kandidater/{key}/flyt", til="closed", fra="interested")
    assert answer.status_code == 303 and f"/kandidater/{key}/flyt?til=closed" in answer.location
    page = leader.get(answer.location)
    assert "Luk kandidaten" in plain(page)
    refused = leader.sends(f"/kandidater/{key}/flyt", 422, til="closed", fra="interested", reason="")
    assert "Vælg, hvorfor kandidaten lukkes." in plain(refused)
    wrong = leader.sends(
        f"/kandidater/{key}/flyt", 422, til="contacted", fra="interested", reason="x", happened_on="1/1-99"
    )
    assert 'value="1/1-99"' in wrong and now(key).stage is Stage.INTERESTED
    leader.sends(
        f"/kandidater/{key}/flyt",
        til="closed",
        fra="interested",
        detail="declined",
        reason="Ingen tid",
        happened_on="24-04-2016",
    )
    closed = now(key)
    assert (closed.stage, closed.close_reason, closed.stage_since_on) == (
        Stage.CLOSED,
        CloseReason.DECLINED,
        dt.date(2016, 4, 24),
    )
    assert db.session.scalars(sa.select(LedgerReason.text)).all() == ["Ingen tid"]
    assert "Genåbn kandidaten" in plain(leader.get(f"/kandidater/{key}"))
    assert re.search(r'<option selected value="interested"', leader.get(f"/kandidater/{key}/flyt"))
    leader.sends(f"/kandidater/{key}/flyt", til="interested", fra="closed", reason="Ringede selv")
    assert now(key).stage is Stage.INTERESTED


def test_the_second_to_move_sees_that_the_first_has(app: Flask, leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.CONTACTED).id
    other = Visitor(app)
    other.sends(f"/kandidater/{key}/flyt", til="interested", fra="contacted")
    page = leader.sends(f"/kandidater/{key}/flyt", 409, til="assessing", fra="contacted")
    assert f"{other.name} flyttede den til Interesseret" in plain(page)
    assert re.search(r'name="fra" value="interested"', page) and re.search(r'selected value="assessing"', page)
    assert now(key).stage is Stage.INTERESTED


def test_several_at_once_with_a_preview(leader: Visitor) -> None:
    keys = [make_candidacy(make_business(), stage).id for stage in (Stage.LONGLIST, Stage.LONGLIST, Stage.CONTACTED)]
    chosen = [f"{keys[0]}:longlist", f"{keys[1]}:longlist", f"{keys[2]}:contacted"]
    page = leader.get("/kandidater/flyt-flere?til=contacted&" + "&".join(f"valgt={c}" for c in chosen))
    assert "Flyt 2 kandidater til Kontaktet" in plain(page) and "Kandidaten står der allerede." in plain(page)
    assert now(keys[0]).stage is Stage.LONGLIST, "a preview changes nothing"
    leader.sends("/kandidater/flyt-flere", til="contacted", valgt=chosen, happened_on="25-04-2016", next="/kandidater")
    assert [now(key).stage for key in keys] == [Stage.CONTACTED] * 3
    leader.sends(undo_address(leader.get("/kandidater")))
    assert [now(key).stage for key in keys] == [Stage.LONGLIST, Stage.LONGLIST, Stage.CONTACTED]
    assert not differences()


def test_several_moved_meanwhile_are_not_overwritten(app: Flask, leader: Visitor) -> None:
    keys = [make_candidacy(make_business(), Stage.LONGLIST).id for _ in range(2)]
    Visitor(app).sends(f"/kandidater/{keys[0]}/flyt", til="assessing", fra="longlist")
    chosen = [f"{key}:longlist" for key in keys]
    page = leader.sends("/kandidater/flyt-flere", 409, til="contacted", valgt=chosen)
    assert "Flyttet imens" in plain(page)
    assert [now(key).stage for key in keys] == [Stage.ASSESSING, Stage.LONGLIST]
    form = {"til": "closed", "valgt": [f"{keys[1]}:longlist"]}
    assert "Vælg, hvorfor kandidaten lukkes." in plain(leader.sends("/kandidater/flyt-flere", 422, **form))
    form["detail"] = "declined"
    assert "Skriv en begrundelse." in plain(leader.sends("/kandidater/flyt-flere", 422, **form))


def test_undo_says_so_when_somebody_has_moved_on(app: Flask, leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.LONGLIST).id
    leader.sends(f"/kandidater/{key}/flyt", til="contacted", fra="longlist", next="/kandidater")
    undo = undo_address(leader.get("/kandidater"))
    Visitor(app).sends(f"/kandidater/{key}/flyt", til="interested", fra="contacted")
    leader.sends(undo)
    assert "flyttet igen siden" in plain(leader.get("/kandidater")) and now(key).stage is Stage.INTERESTED
    leader.sends("/kandidater/fortryd?raekke=999999", 404)
    leader.sends("/kandidater/fortryd", 404)


def test_the_verdict_is_a_persons_with_reason(leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.INTERESTED).id
    first = active_criteria()[0].id
    leader.sends(f"/kandidater/{key}/vurdering", version="0", **{f"svar_{first}": "yes"})
    assert now(key).stage is Stage.ASSESSING
    version = filled(leader.get(f"/kandidater/{key}/vurdering"))["version"]
    page = leader.sends(f"/kandidater/{key}/vurdering", 422, version=version, verdict="suitable", reason="")
    assert "Skriv en begrundelse for vurderingen." in plain(page)
    leader.sends(f"/kandidater/{key}/vurdering", version=version, verdict="suitable", reason="Stort elforbrug")
    judged = now(key)
    assert (judged.stage, judged.verdict, judged.verdict_on) == (Stage.SUITABLE, Verdict.SUITABLE, TODAY)
    assert "Stort elforbrug" in plain(leader.get(f"/kandidater/{key}"))


def test_two_who_answer_the_criteria(app: Flask, leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.ASSESSING).id
    first = active_criteria()[0]
    other = Visitor(app)
    other.sends(f"/kandidater/{key}/vurdering", version="0", reason="Set", **{f"svar_{first.id}": "yes"})
    page = leader.sends(f"/kandidater/{key}/vurdering", 409, version="0", reason="Mit", **{f"svar_{first.id}": "no"})
    text = plain(page)
    assert other.name in text and "Nej" in text and "Ja" in text and "Mit" in text and "Set" in text
    assert [answer.answer for answer in now(key).assessment.answers] == [CriterionAnswer.YES]  # type: ignore[union-attr]
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    leader.sends(f"/kandidater/{key}/vurdering", version=version[1], reason="Mit", **{f"svar_{first.id}": "no"})
    assert [answer.answer for answer in now(key).assessment.answers] == [CriterionAnswer.NO]  # type: ignore[union-attr]


def test_the_next_step_with_a_conflict(app: Flask, leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.CONTACTED).id
    version = str(now(key).version)
    other = Visitor(app)
    other.sends(f"/kandidater/{key}/naeste-skridt", version=version, next_step="Ring", next_step_on="1/5-16")
    page = leader.sends(
        f"/kandidater/{key}/naeste-skridt", 409, version=version, next_step="Besøg", next_step_on="2/5-16"
    )
    assert "Besøg" in plain(page) and "Ring" in plain(page) and now(key).next_step == "Ring"
    bad = leader.sends(
        f"/kandidater/{key}/naeste-skridt", 422, version=version, next_step="Besøg", next_step_on="i går"
    )
    assert 'value="i går"' in bad
    moved = str(now(key).version)
    other.sends(f"/kandidater/{key}/flyt", til="interested", fra="contacted")
    leader.sends(f"/kandidater/{key}/naeste-skridt", version=moved, next_step="Mail", next_step_on="")
    assert now(key).next_step == "Mail", "a move touches none of the step's fields"


def test_a_call_in_one_form(leader: Visitor) -> None:
    key = make_candidacy(make_business("Hals Fisk"), Stage.LONGLIST).id
    said = {"kind": "call", "outcome": "interested", "note": "Vil gerne", "next_step": "Mødes"}
    leader.sends(f"/kandidater/{key}/opkald", next_step_on="28-04-2016", **said)
    called = now(key)
    assert (called.stage, called.next_step, called.next_step_on) == (Stage.INTERESTED, "Mødes", dt.date(2016, 4, 28))
    activity = db.session.scalars(sa.select(Activity)).one()
    assert (activity.note, activity.happened_on) == ("Vil gerne", TODAY)
    page = leader.get(f"/kandidater/{key}")
    assert "Hals Fisk: opkald er noteret. Kandidaten er flyttet til Interesseret." in plain(page)
    undo = re.search(r'action="(/kandidater/\d+/opkald/\d+/fortryd[^"]*)"', page)
    assert undo
    leader.sends(undo[1])
    assert (now(key).stage, now(key).next_step) == (Stage.LONGLIST, "")
    assert "Vil gerne" not in plain(leader.get(f"/virksomheder/{now(key).business_id}").partition("Historik")[0])
    leader.sends(f"/kandidater/{key}/opkald", **said)
    cpr = leader.sends(f"/kandidater/{key}/opkald", 422, kind="call", note="Han hedder 010190-1234")
    assert "CPR" in plain(cpr) and "010190-1234" in cpr
    leader.sends(f"/kandidater/{key}/opkald", kind="call", outcome="declined")
    assert "Luk kandidaten: takket nej" in plain(leader.get(f"/kandidater/{key}"))


def test_naming_candidates(leader: Visitor) -> None:
    business = make_business("Ny Kandidat A/S")
    page = leader.get("/kandidater/ny?q=Ny+Kandidat")
    assert "Ny Kandidat A/S" in plain(page)
    leader.sends("/kandidater/ny", aar="2016", virksomhed=str(business.id), source="outreach")
    db.session.rollback()
    named = db.session.scalars(sa.select(Candidacy).where(Candidacy.business_id == business.id)).one()
    assert named.stage is Stage.LONGLIST
    assert "er kandidat" in plain(leader.get("/kandidater/ny?q=Ny+Kandidat"))
    leader.sends("/kandidater/ny", aar="2016", virksomhed=str(make_business(municipality=851).id), status=404)
    leader.sends("/kandidater/ny", aar="2016")
    assert "Vælg mindst én virksomhed" in plain(leader.get("/kandidater"))


def test_min_dag_tells_what_to_do(leader: Visitor) -> None:
    for name, days in (("Sen A/S", -3), ("Nu A/S", 0), ("Fredag A/S", 4)):
        candidacy = make_candidacy(make_business(name), Stage.CONTACTED, dt.date(2016, 4, 20))
        candidacy.next_step, candidacy.next_step_on = "Ring", TODAY + dt.timedelta(days=days)
        db.session.commit()
    make_candidacy(make_business("Tavs A/S"), Stage.CONTACTED, dt.date(2016, 3, 1))
    later = make_business("Aftale ApS")
    leader.sends(
        f"/virksomheder/{later.id}/opkald", outcome="call_back", next_step="Ring op", next_step_on="26-04-2016"
    )
    text = plain(leader.get("/min-dag"))
    text = text[text.index("Før næste møde") :]
    order = ("Overskredet (1)", "Sen A/S", "I dag (1)", "Nu A/S", "Resten af ugen (2)", "Fredag A/S", "Aftale ApS")
    places = [text.index(word) for word in (*order, "Tavse kandidater (1)", "Tavs A/S")]
    assert places == sorted(places), text
    assert "5 egnede mangler for at nå måltallet." in text and "Find mindst 1 kandidat til" in text


def test_whom_to_ring_stands_where_one_rings(leader: Visitor) -> None:
    """The number of the contact person, as spreadsheets give it, and the wish to be spared before it."""
    business = make_business("Ring A/S", phone="98123456", is_ad_protected=True)
    candidacy = make_candidacy(business, Stage.CONTACTED, dt.date(2016, 4, 20))
    key, (former,) = candidacy.id, business.contacts
    with writing():
        former.valid_to = dt.date(2016, 4, 1)
        db.session.add(Contact(business=business, name="Bo Dahl", title="Driftschef", phone="78332924"))
        db.session.commit()
    for path in ("/min-dag", f"/kandidater/{key}", f"/kandidater/{key}/opkald"):
        text = plain(leader.get(path))
        assert "20 30 40 50" not in text, path
        assert text.index("Reklamebeskyttet") < text.index("Bo Dahl") < text.index("78 33 29 24"), path
    assert "98 12 34 56" in plain(leader.get(f"/kandidater/{key}/opkald"))


def test_the_page_of_a_move_asks_for_what_the_move_needs(leader: Visitor) -> None:
    key = make_candidacy(make_business(), Stage.SUITABLE).id
    asked = "Hvorfor lukkes kandidaten?"
    assert asked not in plain(leader.get(f"/kandidater/{key}/flyt?til=contacted"))
    assert asked in plain(leader.get(f"/kandidater/{key}/flyt?til=closed"))
    leader.sends(f"/kandidater/{key}/flyt", 422, til="", reason="", happened_on="25-04-2016")
    assert now(key).stage is Stage.SUITABLE


def test_a_column_before_suitable_does_not_say_reached(leader: Visitor) -> None:
    make_candidacy(make_business(), Stage.LONGLIST)
    make_candidacy(make_business(), Stage.SUITABLE)
    text = plain(leader.get("/kandidater"))
    assert "højst 2 af 5" in text and "1 af 5 nået" in text and "2 af 5 nået" not in text


def test_the_call_on_the_page_of_a_business_moves_its_candidate(leader: Visitor) -> None:
    candidacy = make_candidacy(make_business(), Stage.LONGLIST)
    key, business = candidacy.id, candidacy.business_id
    page = leader.get(f"/virksomheder/{business}")
    action = re.search(r'class="quick-call" action="([^"]+)"', page)
    assert action
    leader.sends(action[1], kind="call", outcome="reached", note="", next=f"/virksomheder/{business}")
    assert now(key).stage is Stage.CONTACTED
