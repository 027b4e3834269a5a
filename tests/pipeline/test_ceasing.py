"""A business that ceases stops counting from its day, stays visible, and can be brought back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db, writing
from nbe.figures.checking import find_differences
from nbe.ledger import ASSESSED, member_key, stage_key
from nbe.models import Business, Candidacy
from nbe.models.states import CloseReason, MembershipState, RoleName, Stage, Verdict
from nbe.pipeline.actions import welcome_postponed
from nbe.pipeline.ceasing import cease_business, undo_ceasing
from tests.builders import csrf_of, make_business, make_candidacy, make_member, make_programme, make_user, sign_in
from tests.pipeline.test_merging import counts

DAY = dt.date(2016, 3, 15)
LATE = dt.date(2016, 4, 1)
MEMBER = member_key(MembershipState.MEMBER)
LEFT = member_key(MembershipState.LEFT)


def cease(business: Business, day: dt.date = DAY) -> None:
    db.session.rollback()
    with writing():
        cease_business(business, day, user_id=None, reason="Konkurs")
        db.session.commit()


def bring_back(business: Business) -> bool:
    db.session.rollback()
    with writing():
        done = undo_ceasing(business, user_id=None)
        db.session.commit()
    return done


def holds() -> None:
    assert list(find_differences()) == []


@pytest.fixture
def business(app: Flask) -> Business:
    """A member since January, suitable since February in 2016."""
    business = make_business()
    make_candidacy(business, Stage.SUITABLE, dt.date(2016, 2, 1), verdict=Verdict.SUITABLE)
    make_member(business)
    return business


def test_it_counts_until_its_day_and_not_from_then_on(business: Business) -> None:
    programme = make_programme()
    cease(business)
    assert business.ceased_on == DAY
    assert counts(programme, DAY - dt.timedelta(1)) == {stage_key(Stage.SUITABLE): 1, ASSESSED: 1, MEMBER: 1}
    assert counts(programme, DAY) == {"closed:ceased": 1, ASSESSED: 1, LEFT: 1}
    assert counts(programme) == counts(programme, DAY)
    holds()


def test_what_moved_since_ends_on_that_later_day(app: Flask) -> None:
    programme = make_programme()
    business = make_business()
    make_candidacy(business, Stage.INTERESTED, LATE)
    make_member(business)
    cease(business)
    assert counts(programme, DAY) == {LEFT: 1}
    assert counts(programme, LATE) == {"closed:ceased": 1, LEFT: 1}
    holds()


def test_what_was_over_before_stays_as_it_was(app: Flask) -> None:
    programme = make_programme()
    business = make_business()
    make_candidacy(business, Stage.CLOSED, reason=CloseReason.DECLINED)
    cease(business)
    assert counts(programme) == {"closed:declined": 1}
    holds()


def test_taken_back_everything_counts_as_before(business: Business) -> None:
    programme = make_programme()
    before, past = counts(programme), counts(programme, DAY)
    cease(business)
    assert bring_back(business)
    assert business.ceased_on is None
    assert (counts(programme), counts(programme, DAY)) == (before, past)
    holds()
    assert not bring_back(business)


def test_another_day_is_as_if_the_first_had_never_been(business: Business) -> None:
    programme = make_programme()
    cease(business, dt.date(2016, 2, 20))
    cease(business, LATE)
    assert business.ceased_on == LATE
    assert counts(programme, LATE - dt.timedelta(1))[stage_key(Stage.SUITABLE)] == 1
    assert counts(programme, LATE)["closed:ceased"] == 1
    holds()


def test_a_postponed_candidate_that_has_ceased_does_not_turn_up(app: Flask) -> None:
    business, still = make_business(), make_business()
    waiting = [make_candidacy(b, Stage.CLOSED, reason=CloseReason.POSTPONED) for b in (business, still)]
    for candidacy in waiting:
        candidacy.postponed_to_year = 2017
    with writing():
        db.session.commit()
    cease(business)
    later = make_programme(2017)
    with writing():
        assert welcome_postponed(later, user_id=None) == 1
        db.session.commit()
    named = db.session.query(Candidacy.business_id).filter_by(programme_id=later.id).all()
    assert [row[0] for row in named] == [still.id]


@pytest.fixture
def leader(app: Flask) -> FlaskClient:
    return sign_in(app.test_client(), make_user(RoleName.LEADER, 849))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index("<main") :]))


def fresh(row_id: int) -> Business:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Business, row_id)
    assert found is not None
    return found


def test_the_page_ends_it_and_brings_it_back(leader: FlaskClient, business: Business) -> None:
    address = f"/virksomheder/{business.id}/ophoert"
    page = leader.get(address).get_data(as_text=True)
    assert "Kandidat i forløbet 2016" in page
    sent = hidden(page)
    wrong = leader.post(address, data={**sent, "day": "26-04-2016"})
    assert wrong.status_code == 422
    assert "Datoen ligger i fremtiden" in wrong.get_data(as_text=True)
    answer = leader.post(address, data={**sent, "day": "15-3-2016", "reason": "Konkurs"})
    assert answer.status_code == 303
    assert leader.post(address, data={**sent, "day": "15-3-2016"}).status_code == 303
    assert fresh(business.id).ceased_on == DAY
    shown = leader.get(answer.location).get_data(as_text=True)
    assert "ophørt den 15-03-2016" in shown
    assert f"{address}/fortryd" in shown
    assert business.name in leader.get("/virksomheder").get_data(as_text=True)
    assert "Den er ikke ophørt" in leader.get(address).get_data(as_text=True)
    token = csrf_of(leader, address)
    assert leader.post(f"{address}/fortryd", data={"csrf_token": token}).status_code == 303
    assert fresh(business.id).ceased_on is None
    holds()


def test_the_second_of_two_is_told(leader: FlaskClient, business: Business) -> None:
    address = f"/virksomheder/{business.id}/ophoert"
    sent = hidden(leader.get(address).get_data(as_text=True))
    with writing():
        fresh(business.id).phone = "70203040"
        db.session.commit()
    answer = leader.post(address, data={**sent, "day": "15-03-2016", "reason": "Solgt"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Intet er gemt endnu" in page
    assert "Solgt" in page
    assert fresh(business.id).ceased_on is None
    assert leader.post(address, data={**hidden(page), "day": "15-03-2016"}).status_code == 303


def test_a_foreign_business_does_not_exist(leader: FlaskClient) -> None:
    other = make_business(municipality=851)
    token = csrf_of(leader, "/virksomheder")
    address = f"/virksomheder/{other.id}/ophoert"
    assert leader.get(address).status_code == 404
    for path in (address, f"{address}/fortryd"):
        assert leader.post(path, data={"csrf_token": token, "day": "15-03-2016"}).status_code == 404
    assert fresh(other.id).ceased_on is None
