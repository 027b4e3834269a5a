"""A leader fills a team by keyboard until somebody waits; on the day she ticks who came, on a phone without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Live
from tests.journeys.browsing import NARROW, at_a_browser

pytestmark = pytest.mark.browser
TEAM = "/kurser/hold/1"
PEOPLE = (("Abel Ny", "abel.ny@example.dk"), ("Berta Ny", "berta.ny@example.dk"), ("Carla Ny", "carla.ny@example.dk"))


def _row(page: Page, name: str) -> str:
    return page.get_by_role("row", name=re.compile(name)).inner_text()


def _sign_up_by_keyboard(page: Page, name: str, email: str) -> None:
    """Name, mail and title by Tab; Enter sends. The focus stands in the name already."""
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type("Tekniker")
    page.keyboard.press("Enter")
    expect(page.locator(".flashes")).to_contain_text(name)


def test_three_are_signed_up_by_keyboard_and_the_last_moves_up(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url) as leader:
        leader.signs_in_as("leader")
        page = leader.page
        leader.goes(TEAM)
        expect(page.locator(".team-count")).to_contain_text("13 af 15")
        page.get_by_label("Navn", exact=True).focus()
        for name, email in PEOPLE:
            _sign_up_by_keyboard(page, name, email)
            expect(page.get_by_label("Navn", exact=True)).to_be_focused()
        expect(page.locator(".flashes")).to_contain_text("Holdet er fuldt: Carla Ny er sat på venteliste")
        assert "Tilmeldt" in _row(page, "Berta Ny")
        assert "nr. 1 i køen" in _row(page, "Carla Ny")
        leave = page.get_by_role("row", name=re.compile("Abel Ny")).get_by_role("button", name="Afmeld")
        leave.focus()
        page.keyboard.press("Enter")
        told = page.locator(".flashes")
        expect(told).to_contain_text("Carla Ny rykker op fra ventelisten. Mailen ligger i udbakken")
        assert "har ikke fået besked" in _row(page, "Carla Ny")
        expect(page.locator(".team-count")).to_contain_text("15 af 15")
        told.get_by_role("button", name="Fortryd").click()
        assert "Venteliste" in _row(page, "Abel Ny")  # his seat is Carla's by now
        assert leader.findings() == []
        assert leader.complaints == []


def test_attendance_is_ticked_on_a_phone_without_script(browser: Browser, live_story: Live) -> None:
    live_story.app.config["NBE_TODAY"] = "2016-05-11"
    with at_a_browser(browser, live_story.url, NARROW, java_script_enabled=False) as leader:
        leader.signs_in_as("leader")
        page = leader.page
        for day in (1, 2):
            leader.goes(TEAM)
            page.get_by_role("link", name=f"Fremmøde, dag {day}").click()
            choices = page.get_by_role("group").filter(has=page.get_by_text("Kom", exact=True))
            assert choices.count() == 4
            for place in range(4):
                label = choices.nth(place).locator("label", has_text=re.compile("^ ?Kom$"))
                box = label.bounding_box()
                assert box and box["height"] >= 44 and box["width"] >= 44
                if place or day == 1:  # the first does not come on the second day
                    label.click()
            page.get_by_role("button", name="Gem, og resten kom ikke" if day == 2 else "Gem", exact=True).click()
        expect(page.get_by_text("3 af 4 er kommet")).to_be_visible()
        expect(page.get_by_text("Uddannet og klar til at screene")).to_be_visible()
        leader.goes(TEAM)
        assert page.get_by_text("Deltog delvist").count() == 1
        page.get_by_role("button", name="Udsted beviser til dem, der deltog").click()
        expect(page.get_by_text("3 beviser er udstedt.")).to_be_visible()
        assert page.get_by_text("Bevis udstedt", exact=True).count() == 3
