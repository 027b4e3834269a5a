"""The pages of loans: asked, answered, told in Min dag and Historik; only the two know, and of two answers one wins."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from nbe.core.database import db
from nbe.models import Loan, Pledge
from nbe.models.states import LoanState, RoleName
from tests.builders import csrf_of, make_pledge, make_programme, make_screener
from tests.resources.visits import PAGE, enter, filled, form_of, send, text_of, undo_of, words

LIST = "/ressourcer/laan"
OFFER, ASK = "/ressourcer/2016/851/laan/tilbyd", "/ressourcer/2016/849/laan/bed"
JUNE = dt.date(2016, 6, 1)


def only_loan() -> Loan:
    db.session.rollback()
    return db.session.scalars(sa.select(Loan)).one()


def hours_of(code: int) -> Decimal:
    db.session.rollback()
    statement = sa.select(Pledge.hours).where(Pledge.municipality_code == code)
    return sum(db.session.scalars(statement), Decimal(0))


def hours_of_month(screener_id: int, month: int, code: int = 851) -> Decimal:
    db.session.rollback()
    statement = sa.select(Pledge.hours).where(
        Pledge.screener_id == screener_id,
        Pledge.month_on == dt.date(2016, month, 1),
        Pledge.municipality_code == code,
    )
    return sum(db.session.scalars(statement), Decimal(0))


def offer(client: FlaskClient, who: int, **changes: str) -> Any:
    typed = {"other": "849", "screener_id": str(who), "month_on": "2016-06-01", "hours": "20", "note": "Hilsen"}
    return send(client, OFFER, form_of(client, OFFER) | typed | changes)


def press(client: FlaskClient, to: str, **more: str) -> Any:
    loan = only_loan()
    return send(client, f"{LIST}/{loan.id}", {"til": to, "fra": loan.state.value, **more})


@pytest.fixture
def two(app: Flask) -> tuple[FlaskClient, FlaskClient, int]:
    """The leaders of Aalborg and Jammerbugt, and a screener of Aalborg's with 60 hours in June."""
    make_programme()
    screener = make_screener(name="Lone Screener", municipality=851)
    make_pledge(screener, 60, JUNE)
    return enter(app, RoleName.LEADER, 851), enter(app), screener.id


def test_an_offer_is_accepted_and_the_hours_move(two: Any) -> None:
    aalborg, jammerbugt, screener_id = two
    assert offer(aalborg, screener_id).status_code == 303
    said = "Aalborg tilbyder Jammerbugt 20 timer i juni 2016 med Lone Screener"
    assert said in words(jammerbugt, "/min-dag")
    assert "1 lån venter på jeres svar" in words(jammerbugt)
    assert said not in words(aalborg, "/min-dag")
    assert "Træk tilbage" in words(aalborg, LIST) and "Ja tak" not in words(aalborg, LIST)
    assert press(jammerbugt, "accepted").status_code == 303
    assert "Lånet er aftalt: 20 timer i juni 2016 fra Aalborg til Jammerbugt." in words(jammerbugt, LIST)
    assert (hours_of(849), hours_of(851)) == (20, 40)
    said = words(jammerbugt)
    assert "lånt ud i 20 timer" in words(aalborg)
    assert "Lone Screener lånt fra Aalborg" in said and "20 af 150 timer" in said
    assert f"p{screener_id}-m201606" not in form_of(jammerbugt, PAGE)  # her hours are the loan's
    history = words(jammerbugt, "/historik")
    assert "sagde ja til et lån af en screener" in history and "tilbød at låne en screener ud" in history
    assert "flyttede timer ved et lån: tilsagnet til Jammerbugt i 2016 gik fra 0 til 20 timer" in history
    assert "flyttede timer ved et lån: tilsagnet til Aalborg i 2016 gik fra 60 til 40 timer" in words(
        aalborg, "/historik"
    )
    assert press(aalborg, "ended").status_code == 303
    assert (hours_of(849), hours_of(851)) == (0, 60)


def test_a_request_is_granted_with_a_screener_and_names_are_not_shown_before(two: Any) -> None:
    aalborg, jammerbugt, screener_id = two
    assert "Lone" not in words(jammerbugt, ASK)
    typed = form_of(jammerbugt, ASK) | {"other": "851", "month_on": "2016-06-01", "hours": "7,5"}
    assert send(jammerbugt, ASK, typed).status_code == 303
    assert "Jammerbugt beder Aalborg om 7,5 timer i juni 2016" in words(aalborg, "/min-dag")
    path = f"{LIST}/{only_loan().id}"
    assert "Lone" not in words(jammerbugt, path)
    answer = send(aalborg, path, form_of(aalborg, path))
    assert answer.status_code == 422 and "Vælg den screener" in text_of(answer.get_data(as_text=True))
    assert send(aalborg, path, form_of(aalborg, path) | {"screener_id": str(screener_id)}).status_code == 303
    assert "Lone Screener" in words(jammerbugt, path)
    assert hours_of(849) == Decimal("7.5")


def test_no_and_withdrawal_are_taken_back(two: Any) -> None:
    aalborg, jammerbugt, screener_id = two
    offer(aalborg, screener_id)
    press(jammerbugt, "declined")
    undo = undo_of(jammerbugt, LIST)
    assert only_loan().state is LoanState.DECLINED
    send(jammerbugt, undo, {})
    assert only_loan().state is LoanState.OFFERED
    press(aalborg, "withdrawn")
    assert only_loan().state is LoanState.WITHDRAWN
    send(aalborg, undo_of(aalborg, LIST), {})
    press(jammerbugt, "accepted")
    send(aalborg, f"{LIST}/{only_loan().id}/fortryd", {})
    assert "kommet videre siden" in words(aalborg, LIST)
    assert only_loan().state is LoanState.ACCEPTED


def test_what_was_just_sent_is_taken_back(two: Any) -> None:
    aalborg, _, screener_id = two
    offer(aalborg, screener_id)
    send(aalborg, undo_of(aalborg, LIST), {})
    assert only_loan().state is LoanState.WITHDRAWN


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"hours": "0"}, "Skriv et tal over 0."),
        ({"hours": "mange"}, "Skriv timer som et tal"),
        ({"hours": "170"}, "Skriv timer fra 0 til 160,33."),
        ({"other": ""}, "Vælg en af mulighederne."),
        ({"other": "851"}, "Vælg en af mulighederne."),
        ({"screener_id": "999"}, "Vælg en af mulighederne."),
        ({"month_on": "2016-03-01"}, "Vælg en af mulighederne."),
        ({"note": "010190-1234"}, "CPR"),
    ],
)
def test_what_cannot_be_offered_is_refused_and_kept(sqlite_app: Flask, typed: dict[str, str], said: str) -> None:
    make_programme()
    screener = make_screener(municipality=851)
    client = enter(sqlite_app, RoleName.LEADER, 851)
    answer = offer(client, screener.id, **{"note": "Hilsen fra Aalborg", **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text_of(page) or (said == "Vælg en af mulighederne." and "Skal udfyldes." in text_of(page))
    assert filled(page, OFFER)["note"] == typed.get("note", "Hilsen fra Aalborg")
    assert db.session.scalar(sa.select(sa.func.count(Loan.id))) == 0


def test_nobody_promises_at_home_what_is_lent(two: Any) -> None:
    aalborg, jammerbugt, screener_id = two
    offer(aalborg, screener_id, hours="100")
    press(jammerbugt, "accepted")
    page = "/ressourcer/2016/851"
    answer = send(aalborg, page, form_of(aalborg, page) | {f"p{screener_id}-m201606": "61"})
    assert answer.status_code == 422
    assert "Der er kun 60,33 timer tilbage i måneden" in text_of(answer.get_data(as_text=True))
    refused = offer(aalborg, screener_id, hours="160")
    assert refused.status_code == 422
    assert "Screeneren har kun 60,33 timer tilbage" in text_of(refused.get_data(as_text=True))


def test_only_the_two_know_of_a_loan(app: Flask, two: Any) -> None:
    aalborg, _, screener_id = two
    offer(aalborg, screener_id)
    path = f"{LIST}/{only_loan().id}"
    other, partner, screener = enter(app, code=860), enter(app, RoleName.PARTNER), enter(app, RoleName.SCREENER)
    assert other.get(path).status_code == 404
    assert send(other, path, {"til": "accepted"}).status_code == 404
    assert "Lone" not in words(other, LIST) and "lån af en screener" not in words(other, "/historik")
    assert partner.get(path).status_code == 403
    assert "Lone" in words(screener, path)
    assert send(screener, path, {"til": "accepted"}).status_code == 403
    # The one who asked does not answer.
    assert press(aalborg, "accepted").status_code == 409
    assert only_loan().state is LoanState.OFFERED
    assert "Lone" in words(enter(app, RoleName.ADMINISTRATOR, None), LIST)


def test_of_two_answers_one_wins_and_the_other_is_told(two: Any) -> None:
    aalborg, jammerbugt, screener_id = two
    offer(aalborg, screener_id)
    loan = only_loan()
    path, start = f"{LIST}/{loan.id}", Barrier(3)
    tokens = {client: csrf_of(client, "/konto") for client in (aalborg, jammerbugt)}

    def answer(client: FlaskClient, to: str) -> tuple[int, str]:
        start.wait()
        sent = client.post(path, data={"csrf_token": tokens[client], "til": to, "fra": "offered"})
        return sent.status_code, sent.get_data(as_text=True)

    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        jobs = [(jammerbugt, "accepted"), (jammerbugt, "declined"), (aalborg, "withdrawn")]
        answers = list(pool.map(lambda job: answer(*job), jobs))
    assert sorted(status for status, _ in answers) == [303, 409, 409]
    told = next(text for status, text in answers if status == 409)
    assert "En anden var først" in text_of(told)
    won = [job[1] for job, (status, _) in zip(jobs, answers, strict=True) if status == 303]
    assert only_loan().state.value == won[0]
    assert (hours_of(849), hours_of(851)) == ((20, 40) if won == ["accepted"] else (0, 60))


def test_a_year_that_is_over_lends_nothing(sqlite_app: Flask) -> None:
    make_programme(2014)
    client = enter(sqlite_app, RoleName.LEADER, 851)
    assert "Forløbsåret er slut" in words(client, "/ressourcer/2014/851/laan/tilbyd")
    assert "Ingen lån endnu" in words(client, LIST + "?aar=2014")


def test_the_story_has_one_agreed_loan_and_the_figures_stand(story_app: Flask) -> None:
    loans = db.session.scalars(sa.select(Loan).order_by(Loan.id)).all()
    assert [loan.state for loan in loans] == [LoanState.ACCEPTED, LoanState.OFFERED]
    from nbe.resources.queries import coverage

    found = coverage(make_programme(), dt.date(2016, 4, 25))
    jammerbugt = found[849]
    assert (jammerbugt.needed, jammerbugt.promised, jammerbugt.covered) == (150, 60, 2)
    assert found[813].promised == 0
    assert (found[846].promised, found[846].covered, found[810].promised, found[810].covered) == (90, 3, 50, 1)
    assert sum(one.promised for one in found.values()) == sum(db.session.scalars(sa.select(Pledge.hours)))


def test_an_answer_and_a_saving_at_the_same_time_end_in_right_hours(two: Any) -> None:
    """Both hold the screener first, so neither waits for the other for ever, and no hours are lost between them."""
    aalborg, jammerbugt, screener_id = two
    home, field = "/ressourcer/2016/851", f"p{screener_id}-m201607"
    for number in range(5):
        offer(aalborg, screener_id, hours="2")
        newest = f"{LIST}/{number + 1}"
        saving = form_of(aalborg, home) | {field: str(10 + number), "csrf_token": csrf_of(aalborg, "/konto")}
        answer = {"til": "accepted", "fra": "offered", "csrf_token": csrf_of(jammerbugt, "/konto")}
        start = Barrier(2)

        def send_at_once(job: tuple[FlaskClient, str, dict[str, Any]], start: Barrier = start) -> int:
            client, path, data = job
            start.wait()
            return client.post(path, data=data).status_code

        db.session.rollback()
        with ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(send_at_once, [(jammerbugt, newest, answer), (aalborg, home, saving)]))
        # The saving is told of the hours the loan has taken when it comes second, and keeps what was typed.
        assert statuses[0] == 303 and statuses[1] in (303, 409)
        assert hours_of(849) == 2 * (number + 1)
        july = 10 + number if statuses[1] == 303 else hours_of_month(screener_id, 7)
        assert hours_of(851) == 60 - 2 * (number + 1) + july
