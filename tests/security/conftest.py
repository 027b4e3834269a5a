"""The small world on SQLite, six sessions in it, and the way back to how it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nbe.core.database import db
from tests.builders import csrf_of, sign_in
from tests.conftest import _database, _run, build
from tests.security.world import WHO, World, build_world, user_of

EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class House:
    """The world behind an app: `send` as somebody, `restore` what was changed."""

    def __init__(self, app: Flask, world: World, template: Path, path: Path) -> None:
        self.app, self.world = app, world
        self._template, self._path = template, path
        self._clients: dict[str, FlaskClient] = {}
        self._tokens: dict[str, str] = {}
        self.found: dict[Any, Any] = {}  # what a test has read of the world as it stands, for the next one

    def client(self, who: str) -> FlaskClient:
        """A browser in which `who` is signed in."""
        if who not in self._clients:
            self._clients[who] = self.fresh_client(who)
        return self._clients[who]

    def fresh_client(self, who: str) -> FlaskClient:
        """The same session in a browser that keeps nothing of earlier answers."""
        client = self.app.test_client()
        if who in self.world.cookies:
            client.set_cookie("nbe", self.world.cookies[who])
        return client

    def token(self, who: str) -> str:
        """A forgery token of this session."""
        if who not in self._tokens:
            self._tokens[who] = csrf_of(self.client(who), "/login" if who == "anonymous" else "/konto")
        return self._tokens[who]

    def send(self, who: str, method: str, path: str, **options: object) -> TestResponse:
        """One request; unsafe ones carry the session's token."""
        if method not in ("GET", "HEAD"):
            options.setdefault("headers", {"X-CSRFToken": self.token(who)})
        options.setdefault("buffered", True)
        return self.client(who).open(path, method=method, **options)

    def restore(self) -> None:
        """The database as it was, the sessions as well."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        # A file of its own, so that a connection still open on the old one does no harm.
        shutil.copyfile(self._template, self._path.with_suffix(".new"))
        self._path.with_suffix(".new").replace(self._path)
        self._clients.clear()
        self._tokens.pop("anonymous", None)  # the others' belong to sessions that stand in the world

    def dump(self) -> str:
        """Everything in the database but when sessions were last seen, as text."""
        with sqlite3.connect(self._path) as connection:
            lines = [line for line in connection.iterdump() if not line.startswith('INSERT INTO "login_session"')]
        connection.close()
        return "\n".join(lines)


def fill(app: Flask) -> World:
    """Build the world in the database of an app, and sign everybody in."""
    with app.app_context():
        world = build_world()
        for who in WHO[1:]:
            cookie = sign_in(app.test_client(), user_of(world, who)).get_cookie("nbe")
            assert cookie is not None
            world.cookies[who] = cookie.value
        db.session.remove()
        db.engine.dispose()
    return world


@pytest.fixture(scope="session")
def world_template(sqlite_template: Path) -> Path:
    """The world's database; its ids and cookies stand beside it."""
    path = sqlite_template.with_name("world.sqlite")
    shutil.copyfile(sqlite_template, path)
    world = fill(build(f"sqlite:///{path}"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path.with_suffix(".json").write_text(json.dumps(asdict(world)))
    return path


@pytest.fixture(scope="session")
def postgres_world(postgres: str, postgres_template: str) -> tuple[str, World]:
    """The world in a PostgreSQL database to copy from: its name, and the ids."""
    _run(postgres, f"CREATE DATABASE nbe_world TEMPLATE {postgres_template}")
    return "nbe_world", fill(build(_database(postgres, "nbe_world")))


def _do_not_sync(connection: sqlite3.Connection, _: object) -> None:
    """Nobody pulls the plug on these tests; waiting for the disk is most of their time."""
    connection.execute("PRAGMA synchronous=OFF")


def open_house(template: Path, path: Path, **config: object) -> House:
    """An app on a copy of the world."""
    shutil.copyfile(template, path)
    world = World(**json.loads(template.with_suffix(".json").read_text()))
    app = build(f"sqlite:///{path}", **config)
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is an answer here, as it is on a server
    with app.app_context():
        sa.event.listen(db.engine, "connect", _do_not_sync)
    return House(app, world, template, path)


def close(house: House) -> None:
    """Let go of the database."""
    with house.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_house(request: pytest.FixtureRequest, world_template: Path, tmp_path: Path) -> Iterator[Callable[[], House]]:
    """Makes a world of its own at each call, on each database."""
    made: list[House] = []

    def make() -> House:
        if request.param == "sqlite":
            made.append(open_house(world_template, tmp_path / f"house{len(made)}.sqlite"))
        else:
            server, (template, world) = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_world")
            name = f"house{len(made)}_{uuid.uuid4().hex}"
            _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
            made.append(House(build(_database(server, name)), World(**asdict(world)), Path(), Path()))
        return made[-1]

    yield make
    for house in made:
        close(house)


@pytest.fixture(scope="session")
def shared_house(world_template: Path) -> Iterator[House]:
    """One app for all tests of this process: making one costs more than most tests."""
    opened = open_house(world_template, world_template.with_name("house.sqlite"))
    yield opened
    close(opened)


@pytest.fixture
def house(shared_house: House) -> House:
    """The world as it was, for one test."""
    shared_house.restore()
    return shared_house
