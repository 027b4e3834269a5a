"""What the pages of businesses do while somebody types, in Chromium."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from nbe.core.database import db
from nbe.models import Business, Candidacy
from tests.conftest import Live
from tests.journeys.browsing import at_a_browser

pytestmark = pytest.mark.browser


def _one(live: Live, municipality: int, *conditions: sa.ColumnElement[bool]) -> Business:
    with live.app.app_context():
        statement = sa.select(Business).where(Business.municipality_code == municipality, *conditions)
        found = db.session.scalars(statement.order_by(Business.id)).first()
        assert found is not None
        db.session.expunge(found)
        return found


def test_a_duplicate_is_told_while_typing(live_story: Live, browser: Browser) -> None:
    own, foreign = _one(live_story, 849), _one(live_story, 851)
    with at_a_browser(browser, live_story.url) as person:
        person.signs_in_as("leader")
        person.goes("/virksomheder/ny")
        page = person.page
        box = page.locator("[data-look-up]")
        expect(box).to_be_hidden()
        page.locator("#name").fill(own.name.upper())
        expect(box.get_by_role("link", name=own.name)).to_have_attribute("href", f"/virksomheder/{own.id}")
        page.locator("#cvr").fill(f"DK {own.cvr[:2]} {own.cvr[2:4]} {own.cvr[4:]}")
        expect(box).to_contain_text(f"Virksomheden findes allerede: {own.name}.")
        page.locator("#cvr").fill(foreign.cvr)
        expect(box).to_have_text("Virksomheden hører til en anden kommune; skriv til sekretariatet.")
        page.locator("#cvr").fill("13585628")
        page.locator("#name").fill("Ganske Ny Virksomhed")
        expect(box).to_be_hidden()
        assert person.complaints == []


def test_a_call_by_keyboard_alone(live_story: Live, browser: Browser) -> None:
    candidate = _one(
        live_story, 849, Business.id.in_(sa.select(Candidacy.business_id).where(Candidacy.stage == "contacted"))
    )
    with at_a_browser(browser, live_story.url) as person:
        person.signs_in_as("leader")
        person.goes(f"/virksomheder/{candidate.id}")
        page = person.page
        page.get_by_label("Talte med dem").focus()
        for key in ("Space", "ArrowRight", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("Telefonsvarer")
        page.keyboard.press("Tab")
        page.keyboard.type("Ring igen")
        for key in ("Tab", "Tab", "Tab", "Enter"):  # the day, "I morgen", "Om en uge"
            page.keyboard.press(key)
        expect(page.get_by_label("Hvornår")).to_have_value("02-05-2016")
        page.keyboard.press("Enter")
        expect(page.locator(".flashes")).to_contain_text(f"{candidate.name}: opkald er noteret.")
        first = page.locator(".activities > li").first
        expect(first).to_contain_text("Intet svar")
        expect(first).to_contain_text("Telefonsvarer")
        expect(page.locator("#kandidat")).to_contain_text("Ring igen 02-05-2016")
        page.get_by_role("button", name="Fortryd").first.click()
        expect(page.locator("#aktiviteter")).not_to_contain_text("Telefonsvarer")
        assert person.complaints == []
