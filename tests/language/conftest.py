"""The demo story with an English catalogue compiled for the test, so that no old one stands in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.measures.actions import adopt_plan, choose_for_plan
from nbe.models import Business, Measure
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


def _adopt_a_plan() -> None:
    """Jammerbugt has none in the story; with one, its pages and those of the looks can be walked."""
    here = (
        sa.select(Measure).join(Business, Business.id == Measure.business_id).where(Business.municipality_code == 849)
    )
    with writing():
        measure = db.session.scalars(here).first()
        assert measure is not None
        choose_for_plan(measure.candidacy, {measure.id})
        adopt_plan(measure.candidacy, clock.today(), "Bestyrelsen", user_id=None)
        db.session.commit()


@pytest.fixture
def story(story_template: Path, translations: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app with the demo story, in both languages."""
    path = tmp_path / "story.sqlite"
    with sqlite3.connect(story_template) as origin, sqlite3.connect(path) as copy:
        origin.backup(copy)
    app = build(f"sqlite:///{path}", NBE_TODAY=None, BABEL_TRANSLATION_DIRECTORIES=str(translations))
    with app.app_context():
        _adopt_a_plan()
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
