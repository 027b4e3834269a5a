"""A person at a browser: signs in, and notes what the browser complains of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

Size = ViewportSize
WIDE, NARROW = Size(width=1280, height=900), Size(width=390, height=844)
NARROWEST = Size(width=320, height=640)  # a page at 400 % zoom
PASSWORD = "broen-ved-aggersund-1"


class Person:
    """A page of a browser with everything the console said."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes(self, path: str) -> Any:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        return answer

    def signs_in_as(self, role: str) -> None:
        """By the one click of the demo."""
        self.goes("/login")
        self.page.locator(f'button[name="role"][value="{role}"]').click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def signs_in(self, email: str, password: str) -> None:
        """By mail and password."""
        self.goes("/login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Adgangskode").fill(password)
        self.page.get_by_role("button", name="Log ind", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    @property
    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def findings(self) -> list[str]:
        """What axe finds on the page as it stands; only that leaves the browser, as the rest is long."""
        self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate(AXE)
        return [f"{rule}: {html[:160]}" for rule, html in found]


AXE = """() => axe.run({ preload: false, resultTypes: ['violations'], selectors: false, ancestry: false, xpath: false })
    .then((r) => r.violations.flatMap((v) => v.nodes.map((node) => [v.id, node.html])))"""


@contextmanager
def at_a_browser(browser: Browser, url: str, viewport: Any = WIDE, **options: Any) -> Iterator[Person]:
    """A new window of a person."""
    context = browser.new_context(viewport=viewport, locale="da-DK", timezone_id="Europe/Copenhagen", **options)
    context.set_default_timeout(10_000)
    try:
        yield Person(context.new_page(), url)
    finally:
        context.close()
