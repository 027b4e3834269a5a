"""A forged request changes nothing: every unsafe route, with no, an empty, a wrong and another session's token."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator

import pytest

from nbe.core.database import db
from tests.security.conftest import House
from tests.security.routes import fill, rules_of, served
from tests.sizes import is_drill

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
WRONG = base64.urlsafe_b64encode(b"x" * 64).decode()
ORIGINS = ("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:81", "")


def forgeries(own: str, others: str) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """(what, form fields, headers) of each way to forge."""
    yield "no token", {}, {}
    yield "empty", {"csrf_token": ""}, {}
    yield "empty header", {}, {"X-CSRFToken": ""}
    yield "wrong", {"csrf_token": WRONG}, {}
    yield "wrong header beside a good field", {"csrf_token": own}, {"X-CSRFToken": WRONG}
    yield "not a token", {"csrf_token": "æ" * 88}, {}
    yield "cut", {"csrf_token": own[:-4]}, {}
    yield "another session's", {"csrf_token": others}, {}
    yield "another session's header", {}, {"X-CSRFToken": others}
    for origin in ORIGINS:
        yield f"Origin {origin!r}", {"csrf_token": own}, {"Origin": origin}


@pytest.mark.parametrize("who", ["admin", "leader A", "anonymous"])
def test_a_forged_request_is_refused_and_changes_nothing(house: House, who: str) -> None:
    own, others = house.token(who), house.token("leader B")
    client, tried = house.client(who), 0
    before, turns = _dump(house), itertools.count()
    for rule in rules_of(house.app):
        path = fill(house.app, rule, house.world, "own", "a").path
        for method in UNSAFE:
            if method not in (rule.methods or ()):
                continue
            for what, fields, headers in forgeries(own, others):
                if not is_drill() and next(turns) % (3 if who == "admin" else 5):
                    continue
                answer = client.open(path, method=method, data=fields, headers=headers)
                assert answer.status_code == 400, f"{method} {path} with {what}: {answer.status_code}"
                tried += 1
    assert tried > 100
    assert _dump(house) == before


def test_methods_that_no_route_has_are_refused_as_well(house: House) -> None:
    for rule in rules_of(house.app):
        path = fill(house.app, rule, house.world, "own", "a").path
        refused = sorted(set(UNSAFE) - served(house.app, rule.rule))
        for method in refused if is_drill() else refused[:1]:
            assert house.client("admin").open(path, method=method).status_code == 400


def test_the_same_request_with_its_token_is_taken(house: House) -> None:
    """What is refused above is refused for the token alone."""
    for headers in ({}, {"Origin": "http://localhost"}):
        answer = house.client("leader A").post(
            "/konto", data={"csrf_token": house.token("leader A"), "name": "Nyt navn"}, headers=headers
        )
        assert answer.status_code in (302, 303)
    assert "Nyt navn" in _dump(house)


def test_the_token_is_new_on_each_page_and_old_ones_stay_good(house: House) -> None:
    client = house.client("leader A")
    tokens = {house.fresh_client("leader A").get("/konto").text.split('csrf_token" value="')[1][:88] for _ in range(5)}
    assert len(tokens) == 5
    for token in tokens:
        assert client.post("/sprog", data={"csrf_token": token, "language": "da"}).status_code in (302, 303)


def test_a_token_dies_with_its_session(house: House) -> None:
    token = house.token("leader A")
    client = house.client("leader A")
    assert client.post("/logout", data={"csrf_token": token}).status_code == 302
    for path in ("/sprog", "/login", "/konto"):
        assert client.post(path, data={"csrf_token": token}).status_code == 400


def _dump(house: House) -> str:
    with house.app.app_context():
        db.session.remove()
    return house.dump()
