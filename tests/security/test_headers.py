"""What every answer tells the browser: a strict content policy, no framing, no sniffing, nothing stored."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from tests.security.conftest import House, open_house
from tests.security.reading import Reading, read
from tests.security.routes import pages

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
EMPTY_HASH = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # of the empty text: allows no rule
DIRECTIVES = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "worker-src": {"'self'"},
    "style-src": {"'self'", EMPTY_HASH},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster")
HOST = "nbe.example.dk"
WHO = ("admin", "leader A", "partner A", "anonymous")
WRONG_ADDRESSES = ("/findes-ikke", "/virksomheder/851001", "/import/987654321", "/kandidater/eksport.pdf", "/logout")


def every_answer(house: House, who: str) -> list[Reading]:
    """Each page and download, and some addresses that are refused."""
    paths = {address.path for address in pages(house.app, house.world)}
    return [read(house, who, path) for path in sorted(paths | set(WRONG_ADDRESSES))]


def faults_of(answer: Reading, *, may_be_stored: bool) -> list[str]:
    """What is wrong with the headers of one answer."""
    faults = [
        f"{name}: {answer.headers.get(name)}" for name, value in REQUIRED.items() if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    given = {part.split()[0]: set(part.split()[1:]) for part in policy.split(";") if part.strip()}
    faults += [f"{name} {given.get(name)}" for name, wanted in DIRECTIVES.items() if given.get(name) != wanted]
    faults += [word for word in ("unsafe", "*", "http:", "https:", "blob:", "strict-dynamic") if word in policy]
    cached = answer.headers.get("Cache-Control", "")
    if not (may_be_stored and "public" in cached) and "no-store" not in cached:
        faults.append(f"Cache-Control: {cached}")
    return [f"{answer.path} ({answer.status}): {fault}" for fault in faults]


@pytest.mark.parametrize("who", WHO)
def test_every_answer_carries_them(house: House, who: str) -> None:
    answers = every_answer(house, who)
    assert len(answers) > 40
    assert [fault for a in answers for fault in faults_of(a, may_be_stored=who == "anonymous")] == []
    assert {a.status for a in answers} >= ({200, 404} if who != "anonymous" else {200, 302, 404})
    assert not [fault for a in answers for fault in inline_in(a)]


def inline_in(answer: Reading) -> list[str]:
    """Scripts and styles inside a page, which the content policy would refuse."""
    if not answer.is_page or not answer.text.strip():
        return []
    page, faults = lxml.html.fromstring(answer.text), []
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        is_data = element.get("type") == "application/json"
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and not is_data):
            faults.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on") or name == "srcdoc":
                faults.append(f"<{element.tag} {name}>")
            elif name in ADDRESSES and re.match(r"\s*(javascript|data|vbscript):", value, re.I):
                faults.append(f"<{element.tag} {name}={value[:60]}>")
            elif name in ADDRESSES and element.tag != "a" and re.match(r"\s*(https?:|//)", value, re.I):
                faults.append(f"from elsewhere: <{element.tag} {name}={value[:60]}>")
        if element.tag == "a" and element.get("target") == "_blank" and "noopener" not in element.get("rel", ""):
            faults.append("target=_blank without rel=noopener")
        if element.tag in ("iframe", "object", "embed", "base", "applet"):
            faults.append(f"<{element.tag}>")
    return [f"{answer.path}: {fault}" for fault in faults]


def test_what_is_looked_for_is_found() -> None:
    """The check itself sees each fault."""
    page = '<p style="x"><a href="javascript:x" onclick="x">x</a><script>x</script><style>x</style><base href="/">'
    seen = inline_in(Reading("/", 200, {"Content-Type": "text/html"}, page, ""))
    assert len(seen) == 6


def test_production_says_https_only(world_template: Path, tmp_path: Path) -> None:
    house = open_house(world_template, tmp_path / "production.sqlite", NBE_ENV="production", TRUSTED_HOSTS=HOST)
    client = house.app.test_client()
    client.set_cookie("__Host-nbe", house.world.cookies["admin"], domain=HOST)
    for path in sorted({address.path for address in pages(house.app, house.world)} | set(WRONG_ADDRESSES)):
        answer = client.get(path, base_url=f"https://{HOST}", buffered=True)
        assert answer.headers.get("Strict-Transport-Security", "").startswith("max-age=31536000"), path
        assert answer.headers["Cache-Control"] == "private, no-store", path
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-nbe="), cookie
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
            assert "Domain" not in cookie
    assert client.get("/konto", base_url=f"https://{HOST}").status_code == 200
    development = house.app.test_client()
    development.set_cookie("nbe", house.world.cookies["admin"], domain=HOST)
    assert development.get("/konto", base_url=f"https://{HOST}").status_code == 302


def test_served_files_are_not_sniffed(house: House) -> None:
    page = house.send("anonymous", "GET", "/login").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(files) >= 3
    for path in files:
        answer = house.send("anonymous", "GET", path)
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/v/../../settings.py", "/static/v/%2e%2e/%2e%2e/factory.py", "/static/v//etc/passwd"]
)
def test_no_file_outside_is_served(house: House, path: str) -> None:
    assert house.send("anonymous", "GET", path).status_code == 404
