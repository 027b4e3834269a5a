"""Photos of a visit taken without a connection: kept on the tablet, sent once, told of in the form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from nbe.models import ScreeningFile
from nbe.screenings.files.storage import path_of
from tests.conftest import Live
from tests.journeys.browsing import at_a_browser
from tests.journeys.test_screening_form import OFFLINE, Visit, another_tab, opens, status
from tests.screenings.test_files import photo

pytestmark = pytest.mark.browser
COLUMNS = (ScreeningFile.name, ScreeningFile.caption, ScreeningFile.is_confidential, ScreeningFile.key)


def test_taken_without_a_connection(browser: Browser, live_story: Live, tmp_path: Path) -> None:
    visit = Visit(live_story)
    before = len(visit.rows(sa.select(*COLUMNS)))
    picture, program = tmp_path / "kompressor.jpg", tmp_path / "program.jpg"
    picture.write_bytes(photo(size=(3000, 2000)))
    program.write_bytes(b"MZ\x90\x00" + b"\x00" * 100)
    with at_a_browser(browser, live_story.url, {"width": 820, "height": 1180}, has_touch=True) as person:
        page = opens(person, visit, visit.emails[0])
        expect(page.locator('[data-files="energy"]').get_by_text("Tag billede")).to_be_visible()
        page.context.set_offline(True)
        page.locator('[data-files="energy"] [data-camera] input').set_input_files(picture)
        line = page.locator('[data-files="energy"] [data-file]')
        expect(line).to_contain_text("Venter på at blive sendt.")
        assert line.locator("img").evaluate("e => e.complete && e.naturalWidth") == 240
        line.get_by_label("Hvad viser det?").fill("Utæt kompressor")
        line.get_by_label("Fortroligt (§ 30)").check()
        page.locator('[data-files="energy"] .screening-add input').set_input_files(program)
        expect(status(page)).to_have_text(OFFLINE)
        context = page.context
        page.close()
        page = another_tab(context, live_story.url + visit.path)
        expect(page.locator('[data-files="energy"] [data-file]')).to_have_count(2)
        expect(page.get_by_label("Hvad viser det?").first).to_have_value("Utæt kompressor")
        assert len(visit.rows(sa.select(*COLUMNS))) == before
        context.set_offline(False)
        expect(status(page)).to_contain_text("Gemt, men 1 felt skal ses efter.")
        refused = page.locator('[data-files="energy"] [data-file]').filter(has_text="Kun billeder")
        refused.get_by_role("button", name="Fjern filen").click()
        expect(status(page)).to_have_text("Gemt")
        (name, caption, is_confidential, key) = visit.rows(sa.select(*COLUMNS).order_by(ScreeningFile.id))[before]
        assert (name, caption, is_confidential) == ("kompressor.jpg", "Utæt kompressor", True)
        assert len(visit.rows(sa.select(*COLUMNS))) == before + 1
        with live_story.app.app_context():
            assert b"PROVE" not in path_of(key).read_bytes()
        page.reload()
        expect(page.locator("[data-ready]")).to_be_visible()
        picture_link = page.locator('[data-files="energy"] [data-picture]')
        expect(picture_link).to_have_attribute("href", re.compile(r"/filer/\d+$"))
        assert picture_link.locator("img").evaluate("e => e.decode().then(() => e.naturalWidth)") == 480
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-ready]")).to_be_visible()
        assert picture_link.locator("img").evaluate("e => e.decode().then(() => e.naturalWidth)") == 480, "kept here"
        page.context.set_offline(False)
        page.get_by_label("Fjern", exact=True).first.check()
        expect(status(page)).to_have_text("Gemt")
        page.reload()
        expect(page.locator('[data-files="energy"] [data-file]')).to_have_count(0)
