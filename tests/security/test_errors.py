"""Whatever goes wrong, a Danish page with a number that finds the log line, and nothing of the machinery."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import TooManyRequests

from nbe.access import Feature, Permission
from nbe.core.database import db
from nbe.models import Setting
from tests.builders import csrf_of, make_user, sign_in
from tests.conftest import build

SECRET = "kanariehemmelighed"
MACHINERY = (
    "Traceback",
    "File &#34;",
    'File "',
    "werkzeug",
    "sqlalchemy",
    "sqlite3",
    "psycopg",
    "SELECT",
    "site-packages",
)
MACHINERY += ("nbe/", "Error(", "Exception", SECRET, "Internal Server", "Not Found", "Bad Request", "Forbidden")
NUMBER = re.compile(r"Nummer: ([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})")


def _stale() -> None:
    raise StaleDataError(SECRET)


def _twice() -> None:
    db.session.connection().exec_driver_sql(
        f"INSERT INTO setting (key, value) VALUES ('{SECRET}', '1'), ('{SECRET}', '1')"
    )


def _gone() -> None:
    raise sa.exc.OperationalError(f"SELECT {SECRET}", {"x": SECRET}, Exception(SECRET))


def _waits() -> None:
    raise sa.exc.TimeoutError(SECRET)


def _full() -> None:
    raise sa.exc.OperationalError(f"INSERT {SECRET}", {}, Exception("database or disk is full"))


def _fault() -> None:
    raise RuntimeError(SECRET)


def _limited() -> None:
    raise TooManyRequests(retry_after=90)


FAULTS: dict[str, tuple[Any, int, str]] = {
    "bad": (lambda: abort(400, SECRET), 400, "Det kunne ikke sendes"),
    "denied": (lambda: abort(403, SECRET), 403, "Det har du ikke adgang til"),
    "missing": (lambda: abort(404, SECRET), 404, "Siden findes ikke"),
    "conflict": (lambda: abort(409, SECRET), 409, "Nogen var først"),
    "large": (lambda: abort(413), 413, "Det er for stort"),
    "limited": (_limited, 429, "For mange forsøg"),
    "odd": (lambda: abort(418), 418, "Det kunne ikke sendes"),
    "stale": (_stale, 409, "Nogen var først"),
    "twice": (_twice, 409, "Nogen var først"),
    "fault": (_fault, 500, "Noget gik galt hos os"),
    "gone": (_gone, 503, "Tjenesten har travlt lige nu"),
    "waits": (_waits, 503, "Tjenesten har travlt lige nu"),
    "full": (_full, 507, "Der er ikke plads til at gemme"),
}


def listen() -> io.StringIO:
    """The log of the app built last."""
    stream = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=stream))
    return stream


@pytest.fixture(scope="module")
def faulty_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A service in which much goes wrong, as a server runs it; the cookie of somebody signed in."""
    path = tmp_path_factory.mktemp("faulty") / "faulty.sqlite"
    shutil.copyfile(sqlite_template, path)
    app = build(f"sqlite:///{path}")
    app.config.update(PROPAGATE_EXCEPTIONS=False, TRAP_BAD_REQUEST_ERRORS=False)
    bp = Feature("faults", __name__)

    @bp.route("/fejl/<kind>", methods=["GET", "POST"], needs=Permission.ACCOUNT_OWN)
    def fail(kind: str) -> str:
        FAULTS[kind][0]()
        return ""

    app.register_blueprint(bp)
    with app.app_context():
        cookie = sign_in(app.test_client(), make_user()).get_cookie("nbe")
        assert cookie is not None
        yield app, cookie.value
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def faulty(faulty_app: tuple[Flask, str]) -> FlaskClient:
    """A signed-in browser there."""
    app, cookie = faulty_app
    app.testing = True
    app.extensions["known_errors"] = set()
    client = app.test_client()
    client.set_cookie("nbe", cookie)
    return client


def check_page(text: str, title: str) -> str:
    """A page of ours; its number."""
    assert f"<h1>{title}</h1>" in text
    assert [word for word in MACHINERY if word in text] == []
    found = NUMBER.search(text)
    assert found, "no number on the page"
    assert '<html lang="da">' in text
    return found[1]


def lines_of(log: str, number: str) -> list[dict[str, Any]]:
    """The log lines of one request."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("reference") == number]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", list(FAULTS))
def test_each_fault_has_its_page(faulty: FlaskClient, kind: str, method: str) -> None:
    _, status, title = FAULTS[kind]
    headers, stream = {"X-CSRFToken": csrf_of(faulty, "/konto")}, listen()
    faulty.application.testing = False  # so that each request leaves its line
    answer = faulty.open(f"/fejl/{kind}", method=method, headers=headers)
    log = stream.getvalue()
    assert answer.status_code == status
    number = check_page(answer.text, title)
    assert answer.headers["X-Request-ID"] == number
    found = lines_of(log, number)
    assert any(line["event"] == "request" and line["status"] == status for line in found)
    if kind in ("fault", "gone", "waits", "full", "stale", "twice"):
        assert any(line["event"] == "exception" and line["places"] for line in found)
    assert SECRET not in log
    if status in (429, 503):
        assert int(answer.headers["Retry-After"]) > 0
    assert db.session.get(Setting, SECRET) is None


def test_a_new_kind_of_fault_is_told_once(faulty: FlaskClient) -> None:
    stream = listen()
    for _ in range(3):
        faulty.get("/fejl/fault")
    faulty.get("/fejl/waits")
    alerts = [line for line in stream.getvalue().splitlines() if '"new_kind_of_error"' in line]
    assert len(alerts) == 2


@pytest.mark.parametrize("kind", ["fault", "gone", "missing", "denied"])
def test_a_program_gets_the_same_as_json(faulty: FlaskClient, kind: str) -> None:
    answer = faulty.get(f"/fejl/{kind}", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.text)
    assert (problem["status"], problem["title"]) == FAULTS[kind][1:]
    assert problem["reference"] == answer.headers["X-Request-ID"]
    assert [word for word in MACHINERY if word in answer.text] == []


def test_what_the_service_itself_refuses(faulty: FlaskClient) -> None:
    def title(answer: Any) -> tuple[int, str]:
        return answer.status_code, re.search(r"<h1>(.*?)</h1>", answer.text)[1]  # type: ignore[index]

    assert title(faulty.get("/findes-ikke")) == (404, "Siden findes ikke")
    assert title(faulty.get("/logout")) == (405, "Det kan man ikke her")
    assert set(faulty.get("/logout").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert title(faulty.post("/konto")) == (400, "Det kunne ikke sendes")
    assert title(faulty.get("/administration/brugere")) == (403, "Det har du ikke adgang til")
    large = {"X-CSRFToken": csrf_of(faulty, "/konto"), "Content-Type": "multipart/form-data; boundary=x"}
    assert title(faulty.post("/import", data=b"x" * (21 * 1024 * 1024 + 1), headers=large)) == (413, "Det er for stort")
    stranger = faulty.application.test_client()
    answer = stranger.get("/historik?kommune=849")
    assert (answer.status_code, answer.location) == (302, "/login?next=/historik?kommune%3D849")
    assert stranger.get("/konto", headers={"Accept": "application/json"}).status_code == 401


def test_a_database_that_is_down_is_said() -> None:
    app = build("postgresql+psycopg://nbe@127.0.0.1:1/nbe")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client, stream = app.test_client(), listen()
    client.set_cookie("nbe", "x" * 43)
    for path in ("/", "/virksomheder", "/login", "/virksomheder/1", "/findes-ikke"):
        answer = client.get(path)
        assert answer.status_code == 503
        number = check_page(answer.text, "Tjenesten har travlt lige nu")
        assert int(answer.headers["Retry-After"]) > 0
        assert lines_of(stream.getvalue(), number)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_it_is_back_with_the_database(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No restart is needed."""
    client = sign_in(sqlite_app.test_client(), make_user())
    sqlite_app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    assert client.get("/konto").status_code == 503
    sa.event.remove(db.engine, "before_cursor_execute", fail)
    assert client.get("/konto").status_code == 200
