"""How long a change waits for another one (SQLite)."""

from __future__ import annotations

import sqlite3
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from nbe.core.database import PATIENCE, db, writing


def test_a_change_waits_as_long_as_it_says_and_no_longer(sqlite_app: Flask) -> None:
    db.session.remove()
    other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with writing(patience=20), pytest.raises(OperationalError, match="locked"):
        db.session.execute(sa.text("SELECT 1"))
    assert time.monotonic() - began < PATIENCE / 1000
    other.rollback()
    db.session.rollback()
    with writing(patience=20):
        assert db.session.scalar(sa.text("PRAGMA busy_timeout")) == PATIENCE
        db.session.rollback()
    other.close()
