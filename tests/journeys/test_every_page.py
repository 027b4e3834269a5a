"""Every page a role may open, wide and narrow: axe finds nothing, nothing overflows, nothing is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from nbe.access.features import needs_of
from nbe.access.permissions import Scope, scope_of
from nbe.core.database import db
from nbe.models import (
    Business,
    Candidacy,
    Contact,
    ImportRun,
    Loan,
    Mailing,
    Registration,
    Report,
    Screener,
    Screening,
    User,
)
from nbe.models.courses import Participant
from nbe.models.states import RoleName
from tests.conftest import Live
from tests.journeys.browsing import NARROW, NARROWEST, WIDE, Size, at_a_browser
from tests.sizes import is_drill

pytestmark = pytest.mark.browser
DOWNLOADS = re.compile(r"\.(csv|xlsx|json|pdf|txt|ics)$|eksport|<kind>|fejl")
NO_PAGE = {"security.verify", "static", "whitenoise", "security.logout", "imports.progress", "businesses.look_up"}
NO_PAGE |= {"screening_form.state", "screening_form.worker", "screening_files.show", "screening_files.small"}
NO_PAGE |= {"report_pictures.show", "mailings.progress"}


def _reports(column: Any) -> Any:
    """Of the reports of Jammerbugt; the story's is a draft, which no partner sees."""
    there = sa.select(column).select_from(Report).join(Screening).join(Business, Business.id == Screening.business_id)
    return there.where(Business.municipality_code == 849).limit(1)


def _participant() -> Any:
    return sa.select(Participant.id).where(Participant.municipality_code == 849).limit(1)


def pages_of(live: Live, role: RoleName | None) -> list[str]:
    """The addresses of all pages the role may open, with ids of its own municipality."""
    with live.app.app_context():
        where = Business.municipality_code == 849
        ids = {
            "business_id": db.session.scalar(sa.select(Business.id).where(where).order_by(Business.id)),
            "candidacy_id": db.session.scalar(sa.select(Candidacy.id).join(Business).where(where)),
            "contact_id": db.session.scalar(sa.select(Contact.id).join(Business).where(where)),
            "mailing_id": db.session.scalar(sa.select(Mailing.id).where(Mailing.approved_at.is_(None))),
            "user_id": db.session.scalar(sa.select(User.id).order_by(User.id.desc())),
            "run_id": db.session.scalar(sa.select(ImportRun.id)),
            "code": 849,
            "year": 2016,
            "criterion_id": 1,
            "meeting_id": 1,
            "loan_id": db.session.scalar(sa.select(Loan.id).where(Loan.borrower_code == 849)),
            "screener_id": db.session.scalar(sa.select(Screener.id).where(Screener.municipality_code == 849)),
            "event_id": db.session.scalar(sa.select(Registration.event_id).limit(1)),
            "registration_id": db.session.scalar(
                sa.select(Registration.id).where(Registration.municipality_code == 849).limit(1)
            ),
            "course_id": 1,
            "team_id": 1,
            "day_id": 1,
            "participant_id": None if role is RoleName.PARTNER else db.session.scalar(_participant()),
            "report_id": None if role is RoleName.PARTNER else db.session.scalar(_reports(Report.id)),
            "screening_id": None if role is RoleName.PARTNER else db.session.scalar(_reports(Screening.id)),
        }
        contact_of = db.session.scalar(sa.select(Contact.business_id).where(Contact.id == ids["contact_id"]))
        db.session.remove()
    found = set()
    for rule in live.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGE or DOWNLOADS.search(rule.rule):
            continue
        permission = needs_of(live.app, rule.endpoint)
        assert permission is not None
        if scope_of(role, permission) is Scope.NONE or rule.rule.startswith(("/static", "/healthz", "/readyz")):
            continue
        values = {**ids, **({"business_id": contact_of} if "contact_id" in rule.arguments else {})}
        if any(values.get(name) is None for name in rule.arguments):
            continue
        with live.app.test_request_context():
            found.add(rule.build({name: values[name] for name in rule.arguments})[1])  # type: ignore[index]
    extra = ["/kandidater?visning=tabel", "/soeg?q=hotel", "/findes-ikke", "/kandidater?pr=2016-01-22"]
    return sorted(found) + (extra if role else ["/findes-ikke"])


def problems(browser: Browser, live: Live, role: RoleName | None, sizes: list[Size], part: int) -> list[str]:
    """What is wrong on one half of the role's pages, one line each: with axe at the first size, then at the others."""
    found = []
    with at_a_browser(browser, live.url, sizes[0]) as person:
        if role:
            person.signs_in_as(role.value)
        for path in pages_of(live, role)[part::2]:
            answer, page = person.goes(path), person.page
            if answer.status != (404 if path == "/findes-ikke" else 200):
                found.append(f"{path}: status {answer.status}")
                continue
            if page.locator("h1").count() != 1:
                found.append(f"{path}: {page.locator('h1').count()} h1")
            for size in sizes:
                page.set_viewport_size(size)
                if person.overflow > 0:
                    found.append(f"{path}: {person.overflow} px too wide at {size['width']}")
                found += [f"{path}: small target {html}" for html in page.evaluate(SMALL)]
            page.set_viewport_size(sizes[0])
            page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
            found += [f"{path}: {finding}" for finding in person.findings()]
        found += [f"console: {text}" for text in person.complaints if "404" not in text]
    return found


# What one clicks or taps is 24 px; a tick or a dot has its label to hit as well.
SMALL = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, summary')]
    .filter((e) => e.checkVisibility()).filter((e) => { const r = e.getBoundingClientRect();
    const least = e.matches('[type=checkbox], [type=radio]') ? 19.5 : 23.5;
    return r.width > 1 && (r.width < least || r.height < least); }).map((e) => e.outerHTML.slice(0, 120))"""
SIZES = [WIDE, NARROW, NARROWEST]
SHAPES = [(role, order) for role in (*RoleName, None) for order in (SIZES, SIZES[1:])]
if not is_drill():
    # Every page with axe once, and at each width; axe for all roles at both widths is the drill's.
    SHAPES = [(RoleName.ADMINISTRATOR, SIZES), (RoleName.PARTNER, SIZES[1:]), (None, SIZES[1:])]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(("role", "sizes"), SHAPES)
def test_every_page(browser: Browser, live_story: Live, role: RoleName | None, sizes: list[Size], half: int) -> None:
    """Names of 200 characters without a blank included."""
    with live_story.app.app_context():
        business = db.session.scalars(sa.select(Business).where(Business.municipality_code == 849)).first()
        assert business
        business.name = "Å" * 200
        db.session.commit()
        db.session.remove()
    found = problems(browser, live_story, role, sizes, half)
    assert not found, "\n".join(found)


def test_paper_cuts_nothing_off(browser: Browser, live_story: Live) -> None:
    """On A4 across, each table beside a chart is whole."""
    cut = """() => [...document.querySelectorAll('.table-region')].filter((e) => e.checkVisibility())
        .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.getAttribute('aria-label'))"""
    with at_a_browser(browser, live_story.url, {"width": 1032, "height": 700}) as person:
        person.signs_in_as(RoleName.PARTNER.value)
        for path in ("/", "/kommuner/849"):
            person.goes(path)
            person.page.emulate_media(media="print")
            person.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            assert person.page.locator("#chart-funnel").count() == 1
            assert person.page.evaluate(cut) == [], path
