"""Writing in the form key by key while it saves, on a device and a connection that take their time."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, expect

from nbe.models import Measure, Theme, ThemeAnswer
from nbe.models.states import Relevance
from tests.conftest import Live
from tests.journeys.browsing import at_a_browser
from tests.journeys.test_screening_form import Visit, field, opens, status

pytestmark = pytest.mark.browser
TEXT = "Kompressoren kører i pausen, og æ-ø-å står."
OBSERVATION = "theme:energy:observation"
# Every transaction lasts so long: the database of the device is asked again and again until then.
SLOW_DATABASE = """(() => {
    const made = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode) {
        const transaction = made.call(this, names, mode);
        const until = performance.now() + WAIT;
        const store = transaction.objectStore(transaction.objectStoreNames[0]);
        const again = () => { if (performance.now() < until) store.count().onsuccess = again; };
        again();
        return transaction;
    };
})()"""


def slow_down(page: Page, database: int, answers: int) -> None:
    """From the next page on; in milliseconds."""
    if database:
        page.add_init_script(SLOW_DATABASE.replace("WAIT", str(database)))

    def late(route: Route) -> None:
        time.sleep(answers / 1000)
        route.continue_()

    if answers:
        page.route("**/rettelser*", late)


def look_again(page: Page) -> None:
    """As when the tablet is taken up: what others have written is asked for."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(("pace", "database", "answers"), [(60, 0, 0), (130, 100, 300)])
def test_every_letter_stands(browser: Browser, sqlite_live: Live, pace: int, database: int, answers: int) -> None:
    visit = Visit(sqlite_live)
    with at_a_browser(browser, sqlite_live.url) as person:
        slow_down(person.page, database, answers)
        page = opens(person, visit, visit.emails[0])
        for name in (OBSERVATION, "screening:summary"):
            field(page, name).press_sequentially(TEXT, delay=pace)
            expect(field(page, name)).to_have_value(TEXT)
        page.keyboard.press("Tab")
        expect(status(page)).to_have_text("Gemt")
        assert [field(page, name).input_value() for name in (OBSERVATION, "screening:summary")] == [TEXT, TEXT]
        assert visit.observations == {TEXT}
        texts = [value for _, name, value in visit.edits if name != "relevance"]
        assert all(TEXT.startswith(value) for value in texts), texts
        assert [number for number, _, _ in visit.edits] == list(range(1, len(visit.edits) + 1))


def test_what_another_writes_meanwhile_is_a_choice(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live, people=2)
    with at_a_browser(browser, sqlite_live.url) as one, at_a_browser(browser, sqlite_live.url) as two:
        first, second = opens(one, visit, visit.emails[0]), opens(two, visit, visit.emails[1])
        field(first, OBSERVATION).press_sequentially("Anlægget lækker", delay=60)
        expect(status(first)).to_have_text("Gemt")
        look_again(second)
        expect(field(second, OBSERVATION)).to_have_value("Anlægget lækker")
        field(second, OBSERVATION).fill("Anlægget lækker ved porten")
        expect(status(second)).to_have_text("Gemt")
        field(first, OBSERVATION).press_sequentially(" om nat", delay=60)
        look_again(first)
        field(first, OBSERVATION).press_sequentially("ten", delay=200)
        choice = first.locator(".screening-conflict")
        expect(choice).to_contain_text("Anlægget lækker ved porten")
        expect(field(first, OBSERVATION)).to_have_value("Anlægget lækker om natten")
        assert visit.observations == {"Anlægget lækker ved porten"}, "nothing is overwritten"
        field(first, OBSERVATION).press_sequentially(" og dagen", delay=60)
        choice.get_by_role("button", name="Brug dit").click()
        expect(status(first)).to_have_text("Gemt")
        assert visit.observations == {"Anlægget lækker om natten og dagen"}


def test_a_new_proposal_keeps_its_theme(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live)
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        for code, title in (("energy", "Tæt trykluften"), ("water", "Genbrug skyllevandet")):
            place = page.locator(f'[data-proposals="{code}"]')
            place.locator("[data-blank] summary").click()
            place.get_by_label("Forslag", exact=True).last.press_sequentially(title, delay=60)
            expect(status(page)).to_have_text("Gemt")
        page.reload()
        for code, title in (("energy", "Tæt trykluften"), ("water", "Genbrug skyllevandet")):
            expect(page.locator(f'[data-proposals="{code}"]').get_by_text(title)).to_be_visible()
        expect(page.get_by_text("Forslag uden tema")).to_have_count(0)
        themes = sa.select(Theme.code, Measure.title).join(Measure, Measure.theme_id == Theme.id)
        assert {tuple(row) for row in visit.rows(themes)} == {
            ("energy", "Tæt trykluften"),
            ("water", "Genbrug skyllevandet"),
        }


def test_what_is_written_of_a_theme_makes_it_relevant(browser: Browser, sqlite_live: Live) -> None:
    visit = Visit(sqlite_live)
    relevance = '[name="theme:{}:relevance"][value="{}"]'
    with at_a_browser(browser, sqlite_live.url) as person:
        page = opens(person, visit, visit.emails[0])
        page.context.set_offline(True)
        field(page, OBSERVATION).press_sequentially("Lækker", delay=60)
        expect(page.locator(relevance.format("energy", "relevant"))).to_be_checked()
        field(page, "theme:water:observation").press_sequentially("Ingen", delay=60)
        page.locator(relevance.format("water", "not_relevant")).check()
        page.context.set_offline(False)
        expect(status(page)).to_have_text("Gemt")
        expect(page.locator(relevance.format("water", "not_relevant"))).to_be_checked()
        answers = visit.rows(sa.select(Theme.code, ThemeAnswer.relevance).join(Theme, Theme.id == ThemeAnswer.theme_id))
        assert dict(tuple(row) for row in answers) == {
            "energy": Relevance.RELEVANT,
            "water": Relevance.NOT_RELEVANT,
        }
