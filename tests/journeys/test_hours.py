"""A leader promises hours, says yes to a screener from elsewhere, and sees both beside her candidates."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from nbe.models.states import RoleName
from tests.conftest import Live
from tests.journeys.browsing import NARROW, WIDE, at_a_browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_hours_promised_and_lent(browser: Browser, live_story: Live, size: dict[str, int]) -> None:
    with at_a_browser(browser, live_story.url, size) as person:
        page = person.page
        person.signs_in_as(RoleName.LEADER.value)
        person.goes("/min-dag")
        expect(page.get_by_text("3 egnede, timer til 2")).to_be_visible()
        page.get_by_role("link", name="De egnede mangler 30 timer.").click()
        may = page.get_by_label("Mads Screener, maj 2016")
        assert may.input_value() == "15"
        may.fill("syv")
        page.get_by_role("button", name="Gem timer").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv timer som et tal, fx 7,5.")
        may.fill("27,5")
        may.press("Enter")
        expect(page.get_by_text("På plads til 2 af 5 forløb: 72,5 af 150 timer")).to_be_visible()
        page.get_by_role("button", name="Fortryd").click()
        expect(page.get_by_text("På plads til 2 af 5 forløb: 60 af 150 timer")).to_be_visible()
        page.get_by_label("Mads Screener, juni 2016").fill("35")
        page.get_by_role("button", name="Gem timer").click()
        expect(page.get_by_text("1 tal er gemt.")).to_be_visible()
        page.get_by_role("link", name="1 lån venter på jeres svar").click()
        page.get_by_role("button", name="Ja tak").click()
        expect(page.get_by_text("Lånet er aftalt: 10 timer i juni 2016 fra Thisted til Jammerbugt.")).to_be_visible()
        person.goes("/kandidater")
        expect(page.get_by_role("link", name="På plads til 3 af 5 forløb: 90 af 150 timer")).to_be_visible()
        expect(page.get_by_text(re.compile("egnede, timer til"))).to_have_count(0)
        person.goes("/ressourcer")
        assert "lånt fra Thisted" in page.locator(".hours-table").inner_text()
        assert person.overflow <= 0
        assert person.findings() == []
        assert not [text for text in person.complaints if "422" not in text]
