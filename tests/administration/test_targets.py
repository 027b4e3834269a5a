"""The table of targets: reasons, errors at their field, one saving, undo, and two people at once."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from nbe.models import LedgerReason, LedgerRow, Target
from nbe.models.states import LedgerKind, RoleName
from nbe.targets.queries import deadlines, find_programme, required
from tests.builders import csrf_of, make_programme, make_user, sign_in

PATH = "/administration/forloeb/2016/maaltal"
DAY = dt.date(2016, 4, 25)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    make_programme()
    return sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))


def fields(client: FlaskClient, path: str = PATH) -> dict[str, str]:
    """What the page's form would send as it stands."""
    page = client.get(path).get_data(as_text=True)
    return fields_of(page)


def fields_of(page: str) -> dict[str, str]:
    found = {}
    main = page[page.index("<main") : page.index("</main>")]
    for tag in re.findall(r"<input[^>]*>", main):
        if name := re.search(r'name="([^"]+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            if 'type="radio"' not in tag or " checked" in tag:
                found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def send(client: FlaskClient, sent: dict[str, str], path: str = PATH) -> TestResponse:
    return client.post(path, data=sent)


def stored(code: int) -> tuple[int, dt.date | None, str]:
    db.session.rollback()
    target = db.session.scalars(sa.select(Target).where(Target.municipality_code == code)).one_or_none()
    return (target.required, target.deadline_on, target.reason) if target else (5, None, "")


def undo_of(client: FlaskClient, path: str) -> str:
    """Where the button "Fortryd" of the last action's message leads."""
    page = client.get(path).get_data(as_text=True)
    message = page[page.index('class="flashes"') :]
    return html.unescape(re.search(r'<form action="([^"]+)"', message)[1])  # type: ignore[index]


def test_another_number_than_five_asks_why_and_nothing_is_saved(admin: FlaskClient) -> None:
    sent = {**fields(admin), "k851-required": "10", "k849-required": "seks", "k825-deadline_on": "31-12-2015"}
    answer = send(admin, sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#k851-reason"' in page
    assert 'id="k851-reason-error"' in page
    assert "Skriv, hvorfor måltallet er et andet end 5." in page
    assert 'id="k849-required-error"' in page
    assert 'value="seks"' in page
    assert "Fristen ligger før forløbsåret begynder." in page
    assert stored(851) == (5, None, "")


def test_rows_are_saved_in_one_go_and_told_in_the_ledger(admin: FlaskClient) -> None:
    sent = {
        **fields(admin),
        "k851-required": "10",
        "k851-reason": "størst erhvervsliv",
        "k825-required": "2",
        "k825-reason": "få virksomheder",
        "k825-deadline_on": "1/11-2016",
    }
    assert send(admin, sent).status_code == 303
    assert stored(851) == (10, None, "størst erhvervsliv")
    assert stored(825) == (2, dt.date(2016, 11, 1), "få virksomheder")
    assert stored(849) == (5, None, "")
    rows = db.session.execute(
        sa.select(LedgerRow.municipality_code, LedgerRow.from_code, LedgerRow.to_code, LedgerReason.text)
        .join(LedgerReason, LedgerReason.ledger_id == LedgerRow.id)
        .where(LedgerRow.kind == LedgerKind.TARGET)
        .order_by(LedgerRow.municipality_code)
    ).all()
    assert [tuple(row) for row in rows] == [(825, "5", "2", "få virksomheder"), (851, "5", "10", "størst erhvervsliv")]
    programme = find_programme(2016)
    assert programme is not None
    assert deadlines(programme)[825] == dt.date(2016, 11, 1)
    assert deadlines(programme)[849] == programme.deadline_on
    assert "2 kommuners måltal er gemt" in admin.get(PATH).get_data(as_text=True)
    history = admin.get("/historik").get_data(as_text=True)
    assert "ændrede måltallet for Aalborg i 2016 fra 5 til 10" in html.unescape(history)


def test_a_new_number_counts_from_its_day_on(admin: FlaskClient) -> None:
    send(admin, {**fields(admin), "k851-required": "10", "k851-reason": "størst erhvervsliv"})
    db.session.rollback()
    programme = find_programme(2016)
    assert programme is not None
    assert required(programme.id, DAY)[851] == 10
    assert required(programme.id, DAY - dt.timedelta(days=1))[851] == 5


def test_saving_nothing_changes_nothing(admin: FlaskClient) -> None:
    assert send(admin, fields(admin)).status_code == 303
    assert "intet at gemme" in admin.get(PATH).get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Target.id))) == 0


def test_undo_brings_number_deadline_and_reason_back(admin: FlaskClient) -> None:
    first = {"k851-required": "10", "k851-reason": "størst erhvervsliv", "k851-deadline_on": "01-11-2016"}
    send(admin, {**fields(admin), **first})
    second = {"k851-required": "12", "k851-reason": "flere end ventet", "k851-deadline_on": "", "k849-required": "5"}
    send(admin, {**fields(admin), **second})
    assert stored(851) == (12, None, "flere end ventet")
    undo = undo_of(admin, PATH)
    assert send(admin, {"csrf_token": csrf_of(admin, PATH)}, undo).status_code == 303
    assert stored(851) == (10, dt.date(2016, 11, 1), "størst erhvervsliv")
    programme = find_programme(2016)
    assert programme is not None
    assert required(programme.id, DAY)[851] == 10
    # Once more does nothing, and says so.
    send(admin, {"csrf_token": csrf_of(admin, PATH)}, undo)
    assert "kan ikke fortrydes" in admin.get(PATH).get_data(as_text=True)
    assert stored(851) == (10, dt.date(2016, 11, 1), "størst erhvervsliv")


def test_undo_stops_at_a_later_change_and_at_made_up_rows(admin: FlaskClient) -> None:
    send(admin, {**fields(admin), "k851-required": "10", "k851-reason": "a"})
    undo = undo_of(admin, PATH)
    send(admin, {**fields(admin), "k851-reason": "størst erhvervsliv"})
    send(admin, {"csrf_token": csrf_of(admin, PATH)}, undo)
    assert stored(851) == (10, None, "størst erhvervsliv")
    for query in ("?maal=1.2&tal=99", "?maal=x.y", "?tal=1", "?maal=0.0", ""):
        send(admin, {"csrf_token": csrf_of(admin, PATH)}, f"{PATH}/fortryd{query}")
        assert stored(851)[0] == 10


def test_the_second_sees_what_the_first_changed_and_chooses(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    mine, theirs = fields(other), fields(admin)
    send(
        admin, {**theirs, "k851-required": "10", "k851-reason": "størst erhvervsliv", "k825-deadline_on": "01-12-2016"}
    )
    answer = send(other, {**mine, "k851-required": "8", "k851-reason": "mange", "k849-deadline_on": "15-12-2016"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Aalborg: Måltal" in page
    assert "Gemt nu:</span> 10" in page
    assert "Dit:</span> 8" in page
    assert "Læsø" not in page  # left alone by the second: theirs simply stands
    assert stored(851) == (10, None, "størst erhvervsliv")
    # The other's choice is marked; taking it keeps the rest of what was typed.
    chosen = fields_of(page)
    assert chosen["k851-required"] == "10"
    assert send(other, {**chosen, "k851-reason": "mange"}).status_code == 303
    assert stored(851) == (10, None, "mange")
    assert stored(849) == (5, dt.date(2016, 12, 15), "")
    assert stored(825) == (5, dt.date(2016, 12, 1), "")


def test_a_row_left_alone_never_collides(app: Flask, admin: FlaskClient) -> None:
    other = sign_in(app.test_client(), make_user(RoleName.ADMINISTRATOR))
    mine = fields(other)
    send(admin, {**fields(admin), "k851-required": "10", "k851-reason": "størst erhvervsliv"})
    assert send(other, {**mine, "k849-deadline_on": "15-12-2016"}).status_code == 303
    assert stored(851) == (10, None, "størst erhvervsliv")
    assert stored(849) == (5, dt.date(2016, 12, 15), "")


def test_a_base_that_is_nonsense_is_no_crash(admin: FlaskClient) -> None:
    for base in ("[1]", "{", json.dumps({"required": None})):
        answer = send(admin, {**fields(admin), "k851-base": base, "k851-required": "10", "k851-reason": "a"})
        assert answer.status_code in (303, 409)


def test_an_unknown_year_is_not_found(admin: FlaskClient) -> None:
    for year in ("2031", "99999999999999999999"):
        assert admin.get(PATH.replace("2016", year)).status_code == 404


@pytest.mark.parametrize("role", [RoleName.LEADER, RoleName.SCREENER, RoleName.PARTNER])
def test_only_administrators(app: Flask, role: RoleName) -> None:
    make_programme()
    client = sign_in(app.test_client(), make_user(role))
    token = csrf_of(client, "/konto")
    for path in (PATH, "/administration/forloeb", "/administration/kriterier/nyt", "/administration/moeder/nyt"):
        assert client.get(path).status_code == 403
        assert client.post(path, data={"csrf_token": token}).status_code in (403, 405)
    assert client.get("/administration").status_code == 403
    assert client.post("/administration/indstillinger", data={"csrf_token": token}).status_code == 403
    assert client.post(PATH + "/fortryd", data={"csrf_token": token}).status_code == 403


def test_an_undo_of_nothing_says_so(admin: FlaskClient) -> None:
    send(admin, {"csrf_token": csrf_of(admin, PATH)}, PATH + "/fortryd")
    assert "kan ikke fortrydes" in admin.get(PATH).get_data(as_text=True)
