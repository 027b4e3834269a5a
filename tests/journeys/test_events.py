"""An event from the calendar to the minutes: made, signed up for on a phone by somebody without an account, ticked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Live
from tests.journeys.browsing import NARROW, at_a_browser

pytestmark = pytest.mark.browser


def test_from_the_calendar_to_the_minutes(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url) as leader, at_a_browser(browser, live_story.url, NARROW) as guest:
        leader.signs_in_as("leader")
        page = leader.page
        page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Kurser og møder").click()
        page.get_by_role("navigation", name="Kurser og møder").get_by_role("link", name="Arrangementer").click()
        page.get_by_role("link", name="Nyt arrangement").click()
        page.get_by_label("Titel").fill("Temamøde om vand")
        page.get_by_label("Dato").fill("25-04-2016")
        page.get_by_label("Begynder").fill("16")
        page.get_by_label("Pladser").fill("1")
        page.get_by_role("textbox", name="Program").fill("16.00 Velkomst v/ Anne Leder")
        page.get_by_role("button", name="Opret arrangement").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Temamøde om vand")
        address = page.locator("#aabent-link").input_value()

        path = re.sub(r"^https?://[^/]+", "", address)
        for name in ("Gitte Gæst", "Viggo Venter"):
            guest.goes(path)
            assert guest.overflow <= 0 and guest.findings() == []
            guest.page.get_by_label("Dit navn").fill(name)
            guest.page.get_by_label("Din mail").fill(f"{name.split()[0].lower()}@example.dk")
            guest.page.get_by_label("Virksomhed eller organisation").fill("Gæstehuset")
            guest.page.get_by_label("Kommune").select_option("849")
            guest.page.get_by_role("button", name="Tilmeld").click()
            expect(guest.page.get_by_role("heading", level=1)).to_have_text("Tak")

        page.reload()
        expect(page.locator(".event-words")).to_have_text("1 tilmeldt, heraf 0 medlemmer; 0 kom")
        expect(page.get_by_text("1 på venteliste")).to_be_visible()
        page.set_viewport_size(NARROW)
        page.get_by_role("link", name="Fremmøde").click()
        assert leader.overflow <= 0 and leader.findings() == []
        page.get_by_role("button", name=re.compile(r"^Kom.*Gitte Gæst")).click()
        expect(page.locator(".event-words")).to_have_text("1 af 1 er kommet")
        page.get_by_role("link", name="Temamøde om vand").click()
        page.get_by_role("link", name="Deltagerliste").click()
        assert "Deltagere:\nGitte Gæst, Gæstehuset" in page.locator("#listen").input_value()
        assert leader.complaints == [] and guest.complaints == []
