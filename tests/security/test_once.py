"""A form sent twice, twenty times at once, or again a day later counts once."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request_finished
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core import clock
from nbe.core.database import db
from nbe.demo.names import cvr_numbers
from nbe.models import Activity, Business
from tests.builders import PASSWORD, csrf_of, make_business, make_user, sign_in
from tests.security.conftest import House
from tests.security.finding_forms import FoundForm, find_forms, forms_of
from tests.security.reading import Reading, read
from tests.security.world import user_of
from tests.sizes import is_drill

WHO = "admin"
AT_ONCE = 20
# What is typed into a field of this name, in whatever form.
TYPED = {
    "name": "Ny Prøve ApS",
    "cvr": next(cvr_numbers(97_000_000)),
    "email": "ny.bruger@example.dk",
    "title": "Et møde i udvalget",
    "held_on": "01-06-2016",
    "note": "Talt om energi",
    "next_step": "Ring igen",
    "next_step_on": "02-05-2016",
    "reason": "Det har vi talt om",
    "municipality_code": "849",
    "role": "partner",
}
# Kept by every request, or of the door itself.
PASSING = ("trail", "attempt", "login_session", "submission")
# Forms that carry no once-token: sent again they do nothing more, or their own rule holds them.
WITHOUT_TOKEN = {
    "/login": "signing in twice is signing in",
    "/logout": "signing out twice is signing out",
    "/glemt-adgangskode": "counted by guessing.count_reset",
    "/konto/adgangskode": "the old password is asked for, and is another the second time",
    "/demo-login": "signing in",
    "/sprog": "choosing a language twice is choosing it",
}


def typed(form: FoundForm) -> dict[str, Any]:
    """The form filled in; what stands in it already stays."""
    return form.data(**{name: TYPED[name] for name, value, _ in form.fields if name in TYPED and not value})


def press(house: House, data: dict[str, Any], form: FoundForm) -> TestResponse:
    """The form sent from a browser of its own."""
    fresh = {name: (type(v[0])(v[0].getvalue()), v[1]) if isinstance(v, tuple) else v for name, v in data.items()}
    return house.fresh_client(WHO).post(form.action, data=fresh, buffered=True)


def counts(house: House) -> dict[str, int]:
    """Rows by table, without what every request leaves."""
    lines = re.findall(r'^INSERT INTO "(\w+)"', house.dump(), re.M)
    return {table: lines.count(table) for table in set(lines) if table not in PASSING}


def kept(house: House) -> list[str]:
    """Every row but those that any request leaves."""
    passing = tuple(f'INSERT INTO "{table}"' for table in PASSING)
    return [line for line in house.dump().splitlines() if not line.startswith(passing)]


def test_every_form_has_a_token_of_its_own(house: House) -> None:
    forms = find_forms(house, WHO) + find_forms(house, "anonymous")
    assert len(forms) > 25
    without = {form.action for form in forms if not form.value("once")}
    assert without <= set(WITHOUT_TOKEN), "forms without once_token(): add hidden_fields() or say why in WITHOUT_TOKEN"
    tokens = [form.value("once") for form in forms if form.value("once")]
    assert len(tokens) == len(set(tokens))


def test_every_form_sent_twice_counts_once(house: House) -> None:
    forms = [form for form in find_forms(house, WHO) if form.value("once")]
    done = []
    for form in forms:
        house.restore()
        before, data = kept(house), typed(form)
        first = press(house, data, form)
        after = kept(house)
        second = press(house, data, form)
        if first.status_code >= 400:
            assert kept(house) == before, form.action
            continue
        done.append(form.action)
        assert (second.status_code, second.location) == (first.status_code, first.location), form.action
        assert kept(house) == after, f"{form.action} counted twice"
        if first.status_code == 200:
            assert second.data == first.data
    # Nearly all are filled in well enough to be taken; where one is not, add what it wants to TYPED.
    assert len(done) >= 0.9 * len(forms), sorted({form.action for form in forms} - set(done))
    assert {"/virksomheder/ny", "/import", "/administration/brugere/ny", "/kandidater/849004/flyt"} <= set(done)


def test_every_form_sent_by_many_at_once_counts_once(house: House) -> None:
    many = ("/virksomheder/ny", "/virksomheder/849001/opkald", "/import")
    for form in [form for form in find_forms(house, WHO) if form.value("once")]:
        threads = AT_ONCE if is_drill() or form.action in many else 3
        data = typed(form)
        house.restore()
        if press(house, data, form).status_code >= 400:
            continue
        wanted = counts(house)
        house.restore()
        with ThreadPoolExecutor(threads) as pool:
            answers = list(pool.map(lambda _: press(house, data, form), range(threads)))  # noqa: B023
        assert len({(answer.status_code, answer.location) for answer in answers}) == 1, form.action
        assert answers[0].status_code < 400, form.action
        assert counts(house) == wanted, f"{form.action} counted more than once"


def test_an_answer_given_again_holds_nobody_up(house: House) -> None:
    """Its transaction is over before what follows an answer is written: that may need a connection, or the lock."""
    form = new_business(house, WHO)
    data, open_at_the_end = typed(form), []

    def look(sender: Flask, **_: object) -> None:
        open_at_the_end.append(db.session().in_transaction())

    press(house, data, form)
    with request_finished.connected_to(look, house.app):
        assert press(house, data, form).status_code == 303
    assert open_at_the_end == [False]


def new_business(house: House, who: str) -> FoundForm:
    """The form that makes a business."""
    return next(form for form in forms_of(read(house, who, "/virksomheder/ny")) if form.action == "/virksomheder/ny")


def test_a_form_sent_again_a_day_later_counts_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    form = new_business(house, WHO)
    data = typed(form)
    first = press(house, data, form)
    assert first.status_code in (302, 303)
    rows = counts(house)
    now = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now + dt.timedelta(hours=24))
    assert press(house, data, form).status_code in (400, 401)
    with house.app.app_context():
        client = sign_in(house.app.test_client(), user_of(house.world, WHO), PASSWORD)
    again = client.post(form.action, data={**data, "csrf_token": csrf_of(client, "/konto")})
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert counts(house) == rows


def test_anothers_token_is_not_theirs(house: House) -> None:
    """The same token sent by somebody else is another form."""
    for who, cvr in (("admin", next(cvr_numbers(96_000_000))), ("leader A", next(cvr_numbers(95_000_000)))):
        form = new_business(house, who)
        data = typed(form) | {"once": "x" * 24, "cvr": cvr, "name": f"Prøve {who} ApS", "anyway": "1"}
        assert house.fresh_client(who).post(form.action, data=data).status_code in (302, 303)


def test_twenty_at_once_on_both_databases(app: Flask) -> None:
    user = make_user(municipality=849)
    business = make_business()
    client = sign_in(app.test_client(), user)
    cookie, cvr = client.get_cookie("nbe"), next(cvr_numbers(94_000_000))
    assert cookie is not None
    forms: list[tuple[str, dict[str, str], type[Any]]] = [
        ("/virksomheder/ny", {"name": "Helt ny ApS", "cvr": cvr, "municipality_code": "849"}, Business),
        (f"/virksomheder/{business.id}/opkald", {"note": "Talt om energi"}, Activity),
    ]
    for path, data, model in forms:
        sent, before = read_form(client, path).data(**data), _count(model)

        def send(_: int, path: str = path, sent: dict[str, Any] = sent) -> tuple[int, str | None]:
            browser = app.test_client()
            browser.set_cookie("nbe", cookie.value)
            answer = browser.post(path, data=sent)
            return answer.status_code, answer.location

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = set(pool.map(send, range(AT_ONCE)))
        assert len(answers) == 1
        assert answers.pop()[0] in (302, 303)
        assert _count(model) == before + 1


def read_form(client: FlaskClient, path: str) -> FoundForm:
    """The form on a page that is sent to the same address."""
    answer = client.get(path)
    reading = Reading(path, answer.status_code, dict(answer.headers), answer.text, "")
    return next(form for form in forms_of(reading) if form.action == path)


def _count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
