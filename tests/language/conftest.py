"""The demo story with an English catalogue compiled for the test, so that no old one stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from nbe.core.database import db
from tests.conftest import build

CATALOGUE = Path(__file__).parents[2] / "nbe/translations/en/LC_MESSAGES/messages.po"


@pytest.fixture(scope="session")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the English catalogue as it stands in the source."""
    folder = tmp_path_factory.mktemp("translations")
    target = folder / "en" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, target.open("wb") as compiled:
        write_mo(compiled, read_po(source, locale="en"))
    return folder


@pytest.fixture
def story(story_template: Path, translations: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app with the demo story, in both languages."""
    path = tmp_path / "story.sqlite"
    with sqlite3.connect(story_template) as origin, sqlite3.connect(path) as copy:
        origin.backup(copy)
    app = build(f"sqlite:///{path}", NBE_TODAY=None, BABEL_TRANSLATION_DIRECTORIES=str(translations))
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
