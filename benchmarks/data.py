"""Databases to measure on: filled once by the bulk loader, kept beside the environment, copied for each run."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(sys.prefix) / "bench"
TODAY = "2016-04-25"
YEAR = 2016
MUNICIPALITY = 849
SEED = 1
KEY = "benchmarks-0123456789-abcdefghijk"
_NOWHERE = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process runs
# Kept databases are made anew when the schema changes; count this up when what fills them changes.
_RECIPE = b"2"


@dataclass(frozen=True, slots=True)
class Instance:
    """A service with so many businesses, and an administrator signed in to it."""

    size: int
    path: Path
    app: Flask
    client: FlaskClient


def settings(path: Path) -> dict[str, str]:
    """The environment of a process that serves this database."""
    return {
        "DATABASE_URL": f"sqlite:///{path}",
        "SECRET_KEY": KEY,
        "NBE_TODAY": TODAY,
        "NBE_ENV": "development",
    }


def make_app(path: Path) -> Flask:
    """An app on a database file; its log lines are written, but nowhere to be seen."""
    from nbe import create_app

    with contextlib.redirect_stderr(_NOWHERE):
        return create_app({**settings(path), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})


def _stamp() -> str:
    digest = hashlib.sha256(_RECIPE)
    for file in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def kept_database(size: int) -> Path:
    """The database with `size` businesses; made when it is not there."""
    path = KEPT / f"{size}-{_stamp()}.sqlite"
    if path.exists():
        return path
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"{size}-*.sqlite*"):
        old.unlink()
    print(f"· making a database of {size} businesses …", end=" ", flush=True, file=sys.stderr)
    begun = time.perf_counter()
    unfinished = path.with_suffix(".making")
    unfinished.unlink(missing_ok=True)
    _fill(unfinished, size)
    unfinished.rename(path)
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return path


def _fill(path: Path, size: int) -> None:
    from nbe.cli.upgrading import bring_up_to_date
    from nbe.core.database import db, writing
    from nbe.demo.bulk import load_businesses
    from nbe.models import Event
    from nbe.models.states import EventKind

    app = make_app(path)
    with app.app_context():
        bring_up_to_date()
        with writing():
            load_businesses(size, SEED)
            _hold_candidates(60)
            # A meeting, so that Overblik also counts what has changed since.
            db.session.add(Event(kind=EventKind.COORDINATION_MEETING, title="Møde", held_on=dt.date(2016, 3, 1)))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _hold_candidates(count: int) -> None:
    """See to it that the list that is measured fills its page at every size."""
    from nbe.core.database import db
    from nbe.models import Business, Candidacy, Programme
    from nbe.pipeline.actions import name_candidate

    programme = db.session.scalars(sa.select(Programme).where(Programme.year == YEAR)).one()
    known = sa.select(Candidacy.business_id).where(Candidacy.programme_id == programme.id)
    here = sa.select(Business).where(Business.municipality_code == MUNICIPALITY).order_by(Business.id)
    standing = db.session.scalar(
        sa.select(sa.func.count()).where(
            Candidacy.business_id.in_(here.with_only_columns(Business.id)),
            Candidacy.programme_id == programme.id,
            Candidacy.close_reason.is_(None),
        )
    )
    missing = max(0, count - int(standing or 0))
    for business in db.session.scalars(here.where(Business.id.not_in(known)).limit(missing)).unique().all():
        name_candidate(business, programme, user_id=None)


def open_instance(size: int, folder: Path) -> Instance:
    """A service on a copy of the kept database, in `folder`."""
    path = folder / f"{size}.sqlite"
    shutil.copyfile(kept_database(size), path)
    app = make_app(path)
    client = app.test_client()
    client.set_cookie("nbe", session_token(app))
    return Instance(size, path, app, client)


def session_token(app: Flask) -> str:
    """The cookie of the secretariat's administrator, signed in now."""
    import json
    import secrets

    from nbe.accounts.sessions import CSRF_KEY, ID_KEY, ROLE_KEY, USER_KEY, hashed
    from nbe.core import clock
    from nbe.core.database import db, writing
    from nbe.models import LoginSession, User
    from nbe.models.states import RoleName

    token = secrets.token_urlsafe(32)
    with app.app_context(), writing():
        user = db.session.scalars(sa.select(User).where(User.email == "sekretariat@example.dk")).unique().one()
        now = clock.real_now()
        data = {
            USER_KEY: user.fs_uniquifier,
            "_fresh": True,
            ID_KEY: user.id,
            ROLE_KEY: RoleName.ADMINISTRATOR.value,
            CSRF_KEY: secrets.token_hex(32),
        }
        row = LoginSession(
            token_hash=hashed(token),
            user_id=user.id,
            data=json.loads(json.dumps(data)),
            created_at=now,
            last_seen_at=now,
        )
        db.session.add(row)
        db.session.commit()
    return token
