"""From the spreadsheet to the dashboard, as a project leader and a partner do it, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nbe.core.database import db
from nbe.models.states import RoleName
from tests.builders import PASSWORD, make_user
from tests.conftest import Live
from tests.journeys.browsing import NARROW, Person, at_a_browser

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[1] / "data"


def cell(page: Page, municipality: str, column: str) -> str:
    """What the table of Overblik says in a municipality's row."""
    table = page.locator("table.overview-table")
    headings = [" ".join(text.split()) for text in table.locator("thead th").all_inner_texts()]
    place = next(i for i, text in enumerate(headings) if text.startswith(column))
    row = table.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=municipality))
    return " ".join(row.locator("th, td").nth(place).inner_text().split())


def column_of(page: Page, stage: str) -> list[str]:
    return page.locator(f'[data-stage="{stage}"] .board-card-title a').all_inner_texts()


def test_import_board_dashboard(browser: Browser, live: Live) -> None:
    with live.app.app_context():
        email = make_user(RoleName.ADMINISTRATOR, None).email
        db.session.remove()
    with at_a_browser(browser, live.url) as person:
        page = person.page
        person.signs_in(email, PASSWORD)
        page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Import").click()
        page.set_input_files("input[type=file]", DATA / "kandidatliste-2016.xlsx")
        page.get_by_role("button", name="Læs filen").click()
        page.get_by_role("button", name="Indlæs de 104 gode rækker").click()
        expect(page.get_by_text("Rækkerne er indlæst")).to_be_visible(timeout=30_000)
        assert "Gentager række" in page.locator("main").inner_text()
        with page.expect_download() as bad:
            page.get_by_role("link", name="Hent fejlrækker som Excel").click()
        assert bad.value.suggested_filename.endswith(".xlsx")
        person.goes("/kandidater?aar=2016&kommune=849")
        first = column_of(page, "longlist")[0]
        person.goes("/?aar=2016")
        before = cell(page, "Jammerbugt", "Egnede")
        person.goes("/kandidater?aar=2016&kommune=849")
        card = page.locator("[data-card]").filter(has_text=first)
        card.get_by_label(f"Flyt {first} til").select_option("suitable")
        card.get_by_role("button", name="Flyt").click()
        expect(page.get_by_text(f"{first} er flyttet til Egnet.")).to_be_visible()
        assert first in column_of(page, "suitable")
        person.goes("/?aar=2016")
        found = re.findall(r"\d+", before)[0], re.findall(r"\d+", cell(page, "Jammerbugt", "Egnede"))[0]
        assert int(found[1]) == int(found[0]) + 1
        assert not person.complaints


def test_drag_several_and_undo(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url) as person:
        page = person.page
        person.signs_in_as("leader")
        expect(page.get_by_role("heading", name="Min dag", exact=True)).to_be_visible()
        person.goes("/kandidater")
        name = column_of(page, "longlist")[0]
        page.locator('[data-stage="longlist"] [data-card]').drag_to(page.locator('[data-stage="contacted"]'))
        expect(page.get_by_text(f"{name} er flyttet til Kontaktet.")).to_be_visible()
        assert name in column_of(page, "contacted")
        page.get_by_role("button", name="Fortryd").click()
        expect(page.get_by_text("Flytningen er fortrudt.")).to_be_visible()
        assert column_of(page, "longlist") == [name]
        expect(page.locator("[data-bulk]")).to_be_hidden()
        for stage in ("longlist", "interested"):
            page.locator(f'[data-stage="{stage}"] [data-choose]').check()
        expect(page.locator("[data-chosen]")).to_have_text("2")
        page.get_by_label("Flyt de valgte til").select_option("assessing")
        page.get_by_role("button", name="Se, hvad der sker").click()
        expect(page.get_by_role("heading", name="Flyt 2 kandidater til Under vurdering")).to_be_visible()
        page.get_by_role("button", name="Flyt 2 kandidater").click()
        expect(page.get_by_text("2 kandidater er flyttet til Under vurdering.")).to_be_visible()
        page.set_viewport_size({"width": 3800, "height": 900})
        page.locator('[data-stage="assessing"] [data-card]').first.drag_to(page.locator('[data-stage="closed"]'))
        expect(page.get_by_role("heading", name="Luk kandidaten")).to_be_visible()
        page.get_by_label("Hvorfor lukkes kandidaten").select_option("declined")
        page.get_by_label("Begrundelse").fill("Har ikke tid i år")
        page.get_by_role("button", name="Luk kandidaten").click()
        expect(page.get_by_text("er lukket: Takket nej.")).to_be_visible()
        assert not person.complaints


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, text: str, most: int = 80) -> None:
    """Tab until what has the focus is named so; each stop on the way is seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            return [e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || '',
                    s.outlineStyle !== 'none' || s.boxShadow !== 'none']; }"""
        )
        assert found[1] or not found[0], f"no visible focus on {found[0]!r}"
        if found[0].strip() == text:
            return
    raise AssertionError(f"{text!r} is not reached by Tab")


def test_keyboard_alone(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url) as person:
        page = person.page
        person.goes("/login")
        tab_to(page, "Projektleder")
        press(page, "Enter")
        expect(page.get_by_role("heading", name="Min dag", exact=True)).to_be_visible()
        press(page, "Tab", "Enter")
        assert page.evaluate("document.activeElement.id") == "indhold", "the first stop skips the menu"
        person.goes("/kandidater")
        name = column_of(page, "longlist")[0]
        tab_to(page, name)
        press(page, "ArrowRight")
        other = page.evaluate("document.activeElement.innerText")
        assert other == column_of(page, "contacted")[0]
        press(page, "ArrowLeft", "m")
        assert page.evaluate("document.activeElement.tagName") == "SELECT"
        page.keyboard.type("Kon")
        press(page, "Tab", "Enter")
        expect(page.get_by_text(f"{name} er flyttet til Kontaktet.")).to_be_visible()
        tab_to(page, "Fortryd")
        press(page, "Enter")
        expect(page.get_by_text("Flytningen er fortrudt.")).to_be_visible()
        tab_to(page, f"Notér opkald til {name}")
        press(page, "Enter")
        expect(page.get_by_role("heading", name="Notér opkald")).to_be_visible()
        tab_to(page, "Intet særligt")
        press(page, "ArrowDown")
        tab_to(page, "Næste skridt (valgfri)")
        page.keyboard.type("Ring igen")
        tab_to(page, "Om en uge")
        press(page, "Enter")
        press(page, "Enter")
        expect(page.get_by_text("Kandidaten er flyttet til Kontaktet.")).to_be_visible()
        assert "Ring igen" in page.locator("[data-card]").filter(has_text=name).inner_text()
        press(page, "/")
        page.keyboard.type("hotel")
        press(page, "Enter")
        page.wait_for_url("**/soeg?q=hotel")
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
        assert not person.complaints


def test_a_partner_looks(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url) as person:
        page = person.page
        person.signs_in_as("partner")
        expect(page.get_by_role("heading", name="Overblik").first).to_be_visible()
        assert "3 af 5" in cell(page, "Jammerbugt", "Egnede")
        page.locator("[data-chart]").first.scroll_into_view_if_needed()
        expect(page.locator("[data-chart][data-drawn]").first).to_be_visible(timeout=20_000)
        own = page.locator("table.overview-table tbody tr").filter(has_text="Jammerbugt")
        own.get_by_role("link", name="3", exact=True).click()
        rows = page.locator("table tbody tr")
        expect(rows).to_have_count(3)
        assert page.locator("table tbody a").count() == 0
        person.goes("/")
        foreign = page.locator("table.overview-table tbody tr").filter(has_text="Aalborg")
        assert [a.get_attribute("href").split("?")[0] for a in foreign.get_by_role("link").all()] == ["/kommuner/851"]  # type: ignore[union-attr]
        foreign.get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Aalborg")
        assert page.get_by_role("link", name="Min dag").count() == 0
        assert person.goes("/min-dag").status == 403
        person.complaints = [text for text in person.complaints if "403" not in text]
        assert not person.complaints


def test_on_a_phone(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url, NARROW, has_touch=True) as person:
        page = person.page
        person.signs_in_as("leader")
        assert person.overflow <= 0
        page.get_by_role("link", name=re.compile("Notér opkald til")).first.tap()
        page.get_by_label("Talte med dem").check()
        page.get_by_role("button", name="Om to uger").tap()
        page.get_by_role("button", name="Gem").tap()
        expect(page.get_by_text("er noteret")).to_be_visible()
        person.goes("/kandidater")
        assert person.overflow <= 0
        card = page.locator('[data-stage="longlist"] [data-card]').first
        card.locator("select").select_option("contacted")
        card.get_by_role("button", name="Flyt").tap()
        expect(page.get_by_text("er flyttet til Kontaktet.")).to_be_visible()
        page.get_by_text("Filtre", exact=True).tap()
        expect(page.get_by_label("Branche")).to_be_visible()
        assert not person.complaints


def test_without_script(browser: Browser, live_story: Live) -> None:
    with at_a_browser(browser, live_story.url, java_script_enabled=False) as person:
        page = person.page
        _by_plain_forms(person)
        assert "3 af 5" in cell(page, "Jammerbugt", "Egnede")
        assert page.locator("[data-chart-table] table").first.is_visible()


def _by_plain_forms(person: Person) -> None:
    page = person.page
    person.signs_in_as("leader")
    person.goes("/kandidater")
    card = page.locator('[data-stage="longlist"] [data-card]').first
    card.locator("select").select_option("contacted")
    card.get_by_role("button", name="Flyt").click()
    expect(page.get_by_text("er flyttet til Kontaktet.")).to_be_visible()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_text("Flytningen er fortrudt.")).to_be_visible()
    person.goes("/")
