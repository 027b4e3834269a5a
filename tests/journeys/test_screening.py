"""A screening from the suitable candidate to the visit that was held, by keyboard alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from nbe.core.database import db
from nbe.models import Business, Candidacy
from nbe.models.states import Stage
from tests.conftest import Live
from tests.journeys.browsing import at_a_browser

pytestmark = pytest.mark.browser
MOST_TABS = 120
# The element in focus as a person would name it.
FOCUSED = """() => { const e = document.activeElement; return e.getAttribute('aria-label')
    || (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || '') }"""


def tabs_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if str(page.evaluate(FOCUSED)).strip().startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def writes(page: Page, name: str, text: str) -> None:
    """Go to a field and write in the place of what stands there."""
    tabs_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def stage_line(page: Page) -> str:
    return page.locator(".stage-line [aria-current=step]").inner_text()


def test_plan_and_hold_by_keyboard_alone(browser: Browser, live_story: Live) -> None:
    with live_story.app.app_context():
        there = sa.select(Candidacy).join(Business).where(
            Business.municipality_code == 849, Candidacy.stage == Stage.SUITABLE
        )  # fmt: skip
        candidacy = db.session.scalars(there).first()
        assert candidacy is not None
        path = f"/kandidater/{candidacy.id}"
        db.session.remove()
    with at_a_browser(browser, live_story.url) as person:
        page = person.page
        person.signs_in_as("leader")
        person.goes(path)
        assert stage_line(page) == "Egnet"
        tabs_to(page, "Planlæg screening")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Planlæg screening")).to_be_visible()
        writes(page, "Dato", "25/4")  # today, as the demo has it
        writes(page, "Klokken", "8.30")
        writes(page, "Andre fra virksomheden", "Driftslederen")
        tabs_to(page, "Planlæg screeningen")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Kandidaten er flyttet til Screening planlagt")).to_be_visible()
        assert "Mandag den 25. april 2016 kl. 08:30–11:30" in " ".join(page.locator("main").inner_text().split())
        assert "Driftslederen" in page.locator("main").inner_text()
        person.goes("/min-dag")
        tabs_to(page, "Udfyld skemaet for")
        person.page.go_back()
        tabs_to(page, "Besøget er holdt")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Kandidaten er flyttet til Screenet")).to_be_visible()
        person.goes(path)
        assert stage_line(page) == "Screenet"
        person.goes("/kandidater?aar=2016")
        assert page.locator(f'[data-stage="screened"] .board-card-title a[href$="{path}"]').count() == 1
        assert not person.complaints


def test_the_letter_is_printed_on_its_own_sheet(browser: Browser, live_story: Live) -> None:
    """Only the letter goes to the printer; the button copies its text."""
    with at_a_browser(browser, live_story.url, permissions=["clipboard-read", "clipboard-write"]) as person:
        page = person.page
        person.signs_in_as("administrator")
        person.goes("/screeninger?tilstand=planned")
        page.locator("table.visits tbody a").first.click()
        page.get_by_role("link", name="Brev om forberedelse").click()
        page.get_by_role("button", name="Kopiér").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("Kære ") and "Venlig hilsen" in copied
        page.emulate_media(media="print")
        assert page.locator(".visit-letter").is_visible()
        assert not page.get_by_role("navigation").first.is_visible()
        assert not page.get_by_role("heading", name="Brev om forberedelse").is_visible()
        assert not person.complaints
