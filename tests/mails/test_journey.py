"""A letter from draft to arrived, at a browser: read, changed, sent, watched, and left again by its receiver."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from nbe.core.database import db
from nbe.mails.sending import send_due
from nbe.models import Mail, Mailing
from nbe.models.gathering_states import MailState
from nbe.models.states import RoleName
from tests.conftest import Live
from tests.journeys.browsing import NARROW, WIDE, at_a_browser
from tests.mails.servers import Post, text_of

pytestmark = pytest.mark.browser


def the_draft(live: Live) -> int:
    with live.app.app_context():
        found = db.session.scalars(sa.select(Mailing.id).where(Mailing.approved_at.is_(None))).one()
        db.session.remove()
    return found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_letter_is_read_changed_sent_and_watched(
    browser: Browser, live_story: Live, post: Post, size: dict[str, int]
) -> None:
    live_story.app.config.update(MAIL_URL=post.url, PUBLIC_URL=live_story.url)
    with at_a_browser(browser, live_story.url, size) as leader:
        leader.signs_in_as(RoleName.LEADER.value)
        leader.goes(f"/breve/{the_draft(live_story)}")
        page = leader.page
        page.on("dialog", lambda dialog: dialog.accept())
        expect(page.get_by_text("Kære Dorthe Fælled")).to_be_visible()
        page.get_by_role("link", name="Ret emne og tekst").click()
        page.get_by_label("Emne").fill("Et par linjer til {navn}")
        page.get_by_role("button", name="Gem og se det igennem").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Et par linjer til {navn}")
        page.get_by_role("button", name="Tag af listen").first.click()
        expect(page.get_by_text("Dorthe Fælled får ikke brevet.")).to_be_visible()
        page.get_by_role("button", name="Send til 9 modtagere").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert leader.findings() == [] and leader.overflow <= 0
        with live_story.app.app_context():
            assert send_due() == 9
            db.session.remove()
        expect(page.get_by_text("9 sendt", exact=True)).to_be_visible()  # nobody has reloaded the page
        assert not [text for text in leader.complaints if "404" not in text]
    assert post.taken[0]["Subject"] == "Et par linjer til Freja Fælled"
    assert "dorthe.faelled@example.dk" not in post.to
    link = re.search(r"https?://\S+/frameld/\S+", text_of(post.taken[0], "plain"))
    assert link
    with at_a_browser(browser, live_story.url, size) as receiver:
        receiver.goes(link[0].removeprefix(live_story.url))
        receiver.page.get_by_role("button", name="Frameld breve").click()
        expect(receiver.page.get_by_text("freja.faelled@example.dk får ikke flere breve")).to_be_visible()
        assert receiver.findings() == [] and receiver.overflow <= 0
        receiver.page.get_by_role("button", name="Fortryd: jeg vil gerne have breve").click()
        expect(receiver.page.get_by_role("button", name="Frameld breve")).to_be_visible()


def test_without_script_the_button_asks_again(browser: Browser, live_story: Live, post: Post) -> None:
    live_story.app.config.update(MAIL_URL=post.url, PUBLIC_URL=live_story.url)
    with at_a_browser(browser, live_story.url, java_script_enabled=False) as leader:
        leader.signs_in_as(RoleName.LEADER.value)
        leader.goes(f"/breve/{the_draft(live_story)}")
        leader.page.get_by_role("button", name="Send til 10 modtagere").click()
        expect(leader.page.get_by_text("0 af 10 er færdige")).to_be_visible()
        with live_story.app.app_context():
            assert send_due() == 10
            states = set(db.session.scalars(sa.select(Mail.state).where(Mail.subject.like("Et par linjer%"))))
            db.session.remove()
        assert states == {MailState.SENT}
        leader.page.get_by_role("link", name="Opdater siden").click()
        expect(leader.page.get_by_text("10 sendt", exact=True)).to_be_visible()
