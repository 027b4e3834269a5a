"""The menu: every page that belongs to the work lights one item, and nobody is shown what she may not open."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from nbe.menu import MENU
from nbe.models.states import RoleName
from tests.builders import make_user, sign_in

# Pages of one's own account, of signing in, and those open to everybody.
ASIDE = {"pages", "account", "security", "demo_login", "exports"}
BY_LINK = {
    "course_links",
    "subscriptions",
    "answers",
    "event_answers",
    "calendar_feeds",
    "feeds",
}  # for those without an account


def test_every_room_lights_one_item(sqlite_app: Flask) -> None:
    lit = Counter(light for item in MENU for entry in item.entries for light in entry.lights)
    assert [name for name, n in lit.items() if n > 1] == []
    assert set(lit) <= set(sqlite_app.blueprints), "a light that no page has"
    with_pages = {
        rule.endpoint.split(".")[0]
        for rule in sqlite_app.url_map.iter_rules()
        if "." in rule.endpoint and "GET" in (rule.methods or ())
    }
    assert with_pages - set(lit) - ASIDE - BY_LINK == set()


@pytest.mark.parametrize("role", list(RoleName))
def test_what_the_menu_shows_opens(sqlite_app: Flask, role: RoleName) -> None:
    import lxml.html

    client = sign_in(sqlite_app.test_client(), make_user(role))
    page = lxml.html.fromstring(client.get("/").get_data(as_text=True))
    hrefs = page.xpath('//nav[contains(@class, "site-nav")]//a/@href')
    assert hrefs
    for href in hrefs:
        inner = lxml.html.fromstring(client.get(href).get_data(as_text=True))
        current = inner.xpath('//nav[contains(@class, "site-nav")]//a[@aria-current]/@href')
        assert href in current, href
        for beneath in inner.xpath('//nav[contains(@class, "site-nav-beneath")]//a/@href'):
            assert client.get(beneath).status_code == 200, beneath
