"""What the chart library itself says while a chart is used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Live

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "tip"), [("da", "Dobbeltklik på et navn"), ("en", "Double-click on legend")], ids=["da", "en"]
)
def test_the_tip_of_a_chart_speaks_the_language_of_the_page(
    page: Page, live_story: Live, language: str, tip: str
) -> None:
    page.goto(f"{live_story.url}/login")
    if language == "en":
        page.get_by_role("button", name="English").click()
    page.locator('button[name="role"][value="leader"]').click()
    page.goto(live_story.url)
    chart = page.locator('[data-chart*="burnup"]')
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-drawn", "1")
    page.locator('[data-chart*="burnup"] .legendtoggle').first.click()
    expect(page.locator(".plotly-notifier")).to_contain_text(tip)
