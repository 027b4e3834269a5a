"""The form on a tablet: the connection is cut, the tab closed, the session ended; nothing is lost or doubled."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from nbe.core.database import db
from nbe.models import LoginSession, Measure, Screening, ScreeningEdit, ThemeAnswer
from nbe.models.states import RoleName, ScreeningState
from tests.builders import PASSWORD, make_screening, make_user
from tests.conftest import Live
from tests.journeys.browsing import Person, at_a_browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # the page is kept with all its parts before it says so, on a machine that is busy
OFFLINE = re.compile(r"^Ingen forbindelse – \d+ ændring(er)? venter på denne enhed$")


class Visit:
    """A screening of a served instance, and who may fill in its form."""

    def __init__(self, live: Live, people: int = 1) -> None:
        self.app = live.app
        with live.app.app_context():
            self.screening_id = make_screening().id
            self.emails = [make_user(RoleName.LEADER, 849).email for _ in range(people)]
            db.session.remove()
        self.path = f"/screeninger/{self.screening_id}/skema"

    def rows(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            found = list(db.session.execute(statement))
            db.session.remove()
        return found

    @property
    def edits(self) -> list[tuple[int, str, str]]:
        """(number, field, value) of every edit in the database, in the order they were taken in."""
        columns = (ScreeningEdit.number, ScreeningEdit.field, ScreeningEdit.value)
        return [
            tuple(row)
            for row in self.rows(
                sa.select(*columns).where(ScreeningEdit.screening_id == self.screening_id).order_by(ScreeningEdit.id)
            )
        ]

    @property
    def observations(self) -> set[str]:
        return {row[0] for row in self.rows(sa.select(ThemeAnswer.observation)) if row[0]}

    def ends_sessions(self) -> None:
        with self.app.app_context():
            db.session.execute(sa.delete(LoginSession))
            db.session.commit()


def field(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


def status(page: Page) -> Any:
    return page.locator("[data-status]")


def opens(person: Person, visit: Visit, email: str = "") -> Page:
    """The form, signed in, ready to be written in."""
    if email:
        person.signs_in(email, PASSWORD)
    person.goes(visit.path)
    expect(person.page.locator("[data-ready]")).to_be_visible()
    return person.page


def another_tab(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator("[data-ready]")).to_be_visible()
    return page


def test_cut_half_way_and_the_tab_closed(browser: Browser, live: Live) -> None:
    visit = Visit(live)
    with at_a_browser(browser, live.url) as person:
        page = opens(person, visit, visit.emails[0])
        field(page, "theme:energy:relevance").and_(page.locator('[value="relevant"]')).check()
        field(page, "theme:energy:observation").fill("Trykluften lækker")
        expect(status(page)).to_have_text("Gemt")
        expect(page.locator("[data-progress]")).to_have_text("1 af 12 temaer vurderet")
        assert visit.observations == {"Trykluften lækker"}
        page.context.set_offline(True)
        field(page, "theme:water:observation").fill("Spildevand\nved porten")
        energy = page.locator('[data-proposals="energy"]')
        energy.locator("[data-blank] summary").click()
        proposal = energy.locator("[data-proposal]").first
        proposal.get_by_label("Forslag", exact=True).fill("Tæt trykluften")
        proposal.get_by_label("Energi, kWh").fill("12.500,5")
        expect(energy.locator("[data-blank]")).to_have_count(1)
        expect(status(page)).to_have_text(OFFLINE)
        assert visit.observations == {"Trykluften lækker"}
        context = page.context
        page.close()
        page = another_tab(context, live.url + visit.path)
        expect(status(page)).to_have_text(OFFLINE)
        expect(field(page, "theme:water:observation")).to_have_value("Spildevand\nved porten")
        expect(page.locator("[data-progress]")).to_have_text("2 af 12 temaer vurderet")
        page.get_by_label("Det samlede indtryk").fill("Skrevet i den nye fane, stadig uden net")
        context.set_offline(False)
        expect(status(page)).to_have_text("Gemt")
        expect(field(page, "theme:water:observation")).to_have_value("Spildevand\nved porten")
        assert [number for number, _, _ in visit.edits] == list(range(1, len(visit.edits) + 1))
        last = {name: value for _, name, value in visit.edits}
        assert (last["title"], last["energy"]) == ("Tæt trykluften", "12500,5")
        assert last["summary"] == "Skrevet i den nye fane, stadig uden net"
        assert visit.observations == {"Trykluften lækker", "Spildevand\nved porten"}
        assert [row[0] for row in visit.rows(sa.select(Measure.title))] == ["Tæt trykluften"]
        page.reload()
        expect(page.get_by_text("Tæt trykluften")).to_be_visible()
        assert [c for c in person.complaints if "ERR_INTERNET_DISCONNECTED" not in c] == []


def test_the_queue_waits_for_its_own_user(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live, people=2)
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        visit.ends_sessions()
        field(page, "theme:energy:observation").fill("Skrevet efter log ud")
        expect(status(page)).to_have_text("Log ind igen for at sende 2 ændringer")
        opens(person, visit, visit.emails[1])
        expect(page.locator("[data-others]")).to_contain_text("2 ændringer af Prøve leader")
        expect(field(page, "theme:energy:observation")).to_have_value("")
        assert visit.edits == []
        visit.ends_sessions()
        opens(person, visit, visit.emails[0])
        expect(status(page)).to_have_text("Gemt")
        assert visit.observations == {"Skrevet efter log ud"} and len(visit.edits) == 2


def test_somebody_else_signs_in_beside(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live, people=2)
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        beside = Person(page.context.new_page(), sqlite_live.url)
        visit.ends_sessions()
        beside.signs_in(visit.emails[1], PASSWORD)
        field(page, "theme:energy:observation").fill("Mit")
        expect(status(page)).to_contain_text("En anden er logget ind. 2 ændringer venter")
        assert visit.edits == []


def test_two_devices_choose(browser: Browser, live: Live) -> None:
    visit = Visit(live, people=2)
    with at_a_browser(browser, live.url) as one, at_a_browser(browser, live.url) as two:
        first, second = opens(one, visit, visit.emails[0]), opens(two, visit, visit.emails[1])
        first.context.set_offline(True)
        field(first, "theme:energy:observation").fill("Fra den første")
        field(first, "theme:water:observation").fill("Kun den første")
        field(first, "theme:energy:relevance").and_(first.locator('[value="relevant"]')).check()
        field(second, "theme:energy:observation").fill("Fra den anden")
        field(second, "theme:energy:relevance").and_(second.locator('[value="not_relevant"]')).check()
        expect(status(second)).to_have_text("Gemt")
        first.context.set_offline(False)
        expect(status(first)).to_contain_text("Gemt, men 2 felter skal ses efter.")
        assert visit.observations == {"Fra den anden", "Kun den første"}, "nothing is overwritten"
        choice = first.locator(".screening-conflict").filter(has_text="Fra den anden")
        expect(choice).to_contain_text("Fra den første")
        choice.get_by_role("button", name="Brug dit").click()
        other = first.locator(".screening-conflict")
        expect(other).to_have_count(1)
        expect(other).to_contain_text("Ikke relevant")
        other.get_by_role("button", name="Brug det gemte").click()
        expect(status(first)).to_have_text("Gemt")
        expect(field(first, "theme:energy:relevance").and_(first.locator('[value="not_relevant"]'))).to_be_checked()
        assert visit.observations == {"Fra den første", "Kun den første"}


def test_what_cannot_be_used_is_said_at_its_field(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live)
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        field(page, "theme:energy:observation").fill("Skriv til 010203-1234")
        field(page, "theme:water:observation").fill("Vand")
        expect(status(page)).to_contain_text("Gemt, men 1 felt skal ses efter.")
        expect(page.locator('[data-note="theme:energy:observation"]')).to_contain_text("CPR-nummer")
        page.reload()
        expect(page.locator('[data-note="theme:energy:observation"]')).to_contain_text("CPR-nummer")
        expect(field(page, "theme:energy:observation")).to_have_value("Skriv til 010203-1234")
        field(page, "theme:energy:observation").fill("Skriv til receptionen")
        expect(status(page)).to_have_text("Gemt")
        expect(page.locator('[data-note="theme:energy:observation"]')).to_be_hidden()
        assert visit.observations == {"Skriv til receptionen", "Vand"}


def test_log_out_leaves_nothing_that_was_read(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live)
    kept = """async () => {
        const done = (asked) => new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
        const database = await done(indexedDB.open("nbe-screening"));
        const count = (name) => done(database.transaction(name).objectStore(name).count());
        return [(await caches.keys()).length, await count("fields"), await count("edits")];
    }"""
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        field(page, "theme:energy:observation").fill("Skrevet")
        expect(status(page)).to_have_text("Gemt")
        assert page.evaluate(kept)[0] == 1
        page.locator(".account summary").click()
        page.get_by_role("button", name="Log ud").click()
        page.wait_for_url(lambda url: "/login" in url)
        assert page.evaluate(kept) == [0, 0, 0]
        opens(person, visit, visit.emails[0])
        page.route("**/rettelser*", lambda route: route.abort())
        field(page, "theme:energy:observation").fill("Ikke sendt")
        expect(status(page)).to_have_text(OFFLINE)
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
        page.locator(".account summary").click()
        page.get_by_role("button", name="Log ud").click()
        page.wait_for_url(lambda url: "/login" in url)
        assert asked == [
            "1 ændring i et screeningsskema er ikke sendt endnu. "
            "Den bliver på denne enhed, til du logger ind her igen. Log ud?"
        ]
        assert page.evaluate(kept)[2] == 1
        page.unroute("**/rettelser*")
        opens(person, visit, visit.emails[0])
        expect(status(page)).to_have_text("Gemt")
        assert visit.observations == {"Ikke sendt"}


TOUCHED = "main :is(a, button, summary, input:not([type=hidden], .sr-only), textarea)"
TARGETS = """(touched) => [...document.querySelectorAll(touched)]
    .filter((element) => element.checkVisibility() && !element.closest(".breadcrumb, nav[aria-label]"))
    .map((element) => {
        const isSmall = ["radio", "checkbox"].includes(element.type);
        const box = (isSmall ? element.labels[0] : element).getBoundingClientRect();
        return [element.name || element.outerHTML.slice(0, 80), Math.round(box.height)];
    })
    .filter(([, height]) => height < 44)"""


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, {"width": 820, "height": 1180}], ids=str)
def test_made_for_thumbs_and_tells_what_is_missing(browser: Browser, live_story: Live, viewport: Any) -> None:
    visit = Visit(live_story)
    with at_a_browser(browser, live_story.url, viewport, has_touch=True) as person:
        page = opens(person, visit, visit.emails[0])
        assert person.overflow <= 0 and page.evaluate(TARGETS, TOUCHED) == []
        field(page, "theme:water:relevance").and_(page.locator('[value="not_relevant"]')).check()
        expect(page.locator("[data-progress]")).to_have_text("0 af 12 temaer vurderet")
        field(page, "theme:water:why_not").fill("Ingen proces bruger vand")
        field(page, "theme:energy:relevance").and_(page.locator('[value="relevant"]')).check()
        bar = page.locator(".screening-index summary")
        field(page, "screening:summary").scroll_into_view_if_needed()
        expect(bar).to_be_in_viewport()
        expect(bar).to_have_text("2 af 12 temaer vurderet")
        bar.click()
        expect(page.locator("[data-missing]:visible")).to_have_count(10)
        assert person.findings() == []
        page.get_by_role("link", name=re.compile("Kemi")).click()
        expect(page.locator(".screening-index nav")).to_be_hidden()
        heading = page.locator("#tema-chemistry-navn, #tema-chemicals-navn").first
        top, below = (
            heading.evaluate("e => e.getBoundingClientRect().top"),
            page.locator(".screening-bar").evaluate("e => e.getBoundingClientRect().bottom"),
        )
        assert below <= top < below + 200, "not under the bar"


def test_what_came_too_late_is_kept_and_told(browser: Browser, live_story: Live) -> None:
    visit = Visit(live_story)
    with at_a_browser(browser, live_story.url) as person:
        page = opens(person, visit, visit.emails[0])
        page.context.set_offline(True)
        field(page, "theme:energy:observation").fill("Skrevet for sent")
        expect(status(page)).to_have_text(OFFLINE)
        with live_story.app.app_context():
            db.session.get_one(Screening, visit.screening_id).state = ScreeningState.APPROVED
            db.session.commit()
        page.context.set_offline(False)
        expect(status(page)).to_contain_text("Gemt, men 2 felter skal ses efter.")
        page.reload()
        left = page.locator("[data-left-over]")
        expect(left).to_contain_text("Det her står kun på denne enhed og kunne ikke gemmes")
        expect(left).to_contain_text("Skrevet for sent")
        expect(left).to_contain_text("kan ikke rettes")
        assert person.findings() == []


def test_two_tabs_show_the_same(browser: Browser, live_story: Live) -> None:
    visit = Visit(live_story)
    with at_a_browser(browser, live_story.url) as person:
        first = opens(person, visit, visit.emails[0])
        second = another_tab(first.context, live_story.url + visit.path)
        field(first, "theme:energy:observation").fill("Fra den ene fane")
        expect(field(second, "theme:energy:observation")).to_have_value("Fra den ene fane")
        field(second, "theme:energy:observation").fill("Fra den anden fane")
        expect(field(first, "theme:energy:observation")).to_have_value("Fra den anden fane")
        expect(status(first)).to_have_text("Gemt")
        expect(status(second)).to_have_text("Gemt")
        assert "Fra den anden fane" in visit.observations
        assert [number for number, _, _ in visit.edits] == list(range(1, len(visit.edits) + 1))
