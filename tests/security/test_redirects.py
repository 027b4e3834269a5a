"""No address that a stranger writes leads away from the site, and no host name is told back."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask

from nbe.accounts import mail
from tests.builders import PASSWORD, csrf_of, make_user
from tests.security.conftest import House
from tests.security.routes import fill, pages, rules_of

PAYLOADS = (
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/%2e%2e",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/%5cevil.example", "/%2f/evil.example",
    "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example",
    "https:evil.example", "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x",
    "/login@evil.example//evil.example", "http://localhost@evil.example/", "http://localhost.evil.example/",
    "/.//evil.example", "//evil.example/%2f..", "/;@evil.example//", "https://evil.example\\@localhost/",
    "//evil\u3002example", "/\u2044/evil.example",
)  # fmt: skip
NAMES = ("next", "next_url", "url", "return", "return_to", "redirect", "back", "retur", "til", "tilbage", "fra", "undo")
ORIGIN = "http://localhost"


def leads_away(location: str | None) -> bool:
    """Whether a browser that follows this leaves the site (browsers drop tabs and take \\ for /)."""
    if not location:
        return False
    as_browser = "".join(c for c in location.strip() if c not in "\t\r\n").replace("\\", "/")
    parts = urlsplit(urljoin(ORIGIN + "/login", as_browser))
    return parts.netloc != "localhost" or parts.scheme not in ("http", "https")


def test_the_payloads_lead_away_when_followed_blindly() -> None:
    assert len(PAYLOADS) >= 25
    assert sum(leads_away(payload) for payload in PAYLOADS) >= 14
    assert not leads_away("/konto?x=//evil.example")


@pytest.mark.parametrize("place", ["form", "query"])
def test_signing_in_stays_here(house: House, place: str) -> None:
    for payload in PAYLOADS:
        client = house.app.test_client()
        path = f"/login?next={quote(payload)}" if place == "query" else "/login"
        data = {"email": house.world.emails["leader A"], "password": PASSWORD, "csrf_token": csrf_of(client)}
        answer = client.post(path, data=data | ({"next": payload} if place == "form" else {}))
        assert answer.status_code == 302
        assert not leads_away(answer.location), f"{payload!r} leads to {answer.location!r}"


def test_choosing_a_language_stays_here(house: House) -> None:
    for payload in PAYLOADS:
        answer = house.send("leader A", "POST", "/sprog", data={"language": "da", "next": payload})
        assert answer.status_code in (302, 303)
        assert not leads_away(answer.location), f"{payload!r} leads to {answer.location!r}"


@pytest.mark.parametrize("who", ["leader A", "anonymous"])
def test_no_route_follows_a_strangers_address(house: House, who: str) -> None:
    """Every route gets every likely name; the payloads take turns."""
    for turn, rule in enumerate(rules_of(house.app)):
        if rule.endpoint == "security.logout":
            continue
        path = fill(house.app, rule, house.world, "own", "a").path
        payload = PAYLOADS[turn % len(PAYLOADS)]
        written = dict.fromkeys(NAMES, payload)
        for method in {"GET", "POST"} & (rule.methods or set()):
            data = {"data": written} if method == "POST" else {}
            headers = {"Referer": "https://evil.example/x", "X-CSRFToken": house.token(who)}
            answer = house.send(who, method, path, query_string=written, headers=headers, **data)
            assert not leads_away(answer.location), f"{method} {path}: {payload!r} leads to {answer.location!r}"
            if method == "POST" and answer.status_code < 400:
                house.restore()


def test_the_way_back_after_a_log_in_is_a_path_of_ours(house: House) -> None:
    """The page that asks for the log-in leads back to where the form stood, if that was here."""
    for referrer in ("https://evil.example/konto", "http://localhost.evil.example/x", "http://localhost//evil.example"):
        answer = house.send(
            "anonymous", "POST", "/konto", headers={"Referer": referrer, "X-CSRFToken": house.token("anonymous")}
        )
        assert answer.status_code == 401
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_a_foreign_host_is_refused_and_not_told_back(house: House, host: str) -> None:
    for path in ("/login", "/konto", "/", "/virksomheder/849001", "/findes-ikke", "/healthz"):
        answer = house.client("leader A").get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text + str(answer.headers)


def test_a_forwarded_host_is_not_told_back(house: House) -> None:
    names = ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host", "Forwarded")
    headers = {name: "host=evil.example" if name == "Forwarded" else "evil.example" for name in names}
    headers["X-Forwarded-Prefix"] = "//evil.example"
    for address in pages(house.app, house.world):
        answer = house.client("leader A").get(address.path, headers=headers)
        assert "evil.example" not in str(answer.headers)
        if (answer.content_type or "").startswith("text/html"):
            assert "evil.example" not in answer.text


def test_a_mailed_link_names_our_host(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "deliver", lambda url, message: sent.append(message))
    monkeypatch.setattr(mail.threading.Thread, "start", lambda thread: thread.run())
    sqlite_app.config["MAIL_URL"] = "smtp://localhost"
    user, client = make_user(), sqlite_app.test_client()
    data = {"email": user.email, "csrf_token": csrf_of(client, "/glemt-adgangskode")}
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client.post("/glemt-adgangskode", data=data, headers=forged)
    assert len(sent) == 1
    assert "http://localhost/glemt-adgangskode/" in sent[0].get_content()
    assert "evil" not in sent[0].as_string()
    client.post("/glemt-adgangskode", data=data, headers={"Host": "evil.example"})
    assert len(sent) == 1
