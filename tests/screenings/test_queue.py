"""The queue of the form in a real browser: whatever is lost, doubled, late or closed, the record ends the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from nbe.core.assets import load_manifest
from nbe.core.database import db
from nbe.models import Screening, ScreeningEdit, ScreeningFile, ThemeAnswer
from nbe.models.states import EditOutcome
from nbe.screenings.sync.rules import BY_ITSELF
from tests.builders import make_screening
from tests.conftest import Live
from tests.journeys.browsing import at_a_browser
from tests.screenings.test_files import photo
from tests.sizes import size

pytestmark = pytest.mark.browser
DRIVER = (Path(__file__).parent / "queue_driver.js").read_text()
FIELDS = ("theme:energy:observation", "theme:energy:does_already", "theme:water:observation", "screening:summary")
FAULTS = ("ok", "lost", "answer lost", "twice", "late", "signed out", "other session", "cut in reading")

names, words = st.sampled_from(FIELDS), st.text("abcæøå", min_size=1, max_size=4)
typing = st.tuples(st.just("type"), names, words)
sending = st.tuples(st.just("send"), st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
closing = st.tuples(st.just("close"))
taking = st.tuples(st.just("photo"), words)
steps = st.lists(st.one_of(typing, typing, taking, sending, closing), max_size=14)
beside = st.lists(st.one_of(typing, typing, sending, st.tuples(st.just("other"), names, words)), max_size=14)


def drive(page: Page, live: Live, script: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    """Play a script in the form of a new visit, with a good connection at the end; -> (what is shown, all edits)."""
    with live.app.app_context():
        screening_id = make_screening().id
        db.session.remove()
    given = {"modules": modules(), "photo": list(photo(size=(8, 8)))}
    done = page.evaluate(DRIVER, given | {"screening": screening_id, "script": script})
    with live.app.app_context():
        rows = sa.select(ScreeningEdit).where(ScreeningEdit.screening_id == screening_id).order_by(ScreeningEdit.id)
        rows = rows.where(ScreeningEdit.device != BY_ITSELF)
        edits = list(db.session.scalars(rows))
        done["saved"] = saved(screening_id)
        files = sa.select(ScreeningFile.caption).where(ScreeningFile.screening_id == screening_id)
        done["captions"] = list(db.session.scalars(files.order_by(ScreeningFile.id)))
        db.session.remove()
    return done, edits


def saved(screening_id: int) -> dict[str, str]:
    """Field -> what the record says."""
    screening = db.session.get_one(Screening, screening_id)
    answers = db.session.scalars(sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening_id))
    found = {"screening:summary": screening.summary}
    for answer in answers:
        found |= {
            f"theme:{answer.theme.code}:{name}": getattr(answer, name) for name in ("observation", "does_already")
        }
    return {name: found.get(name, "") for name in FIELDS}


def modules() -> dict[str, str]:
    manifest = load_manifest()
    return {name: manifest[f"nbe/screening-{name}.mjs"] for name in ("queue", "store", "transport")}


@pytest.fixture
def page(browser: Browser, live_story: Live) -> Any:
    with at_a_browser(browser, live_story.url) as person:
        person.signs_in_as("leader")
        yield person.page


def test_any_order_of_losses_ends_in_the_same_record(page: Page, live_story: Live) -> None:
    seen = []

    @given(script=steps)
    @settings(max_examples=size(40, 0.1))
    def ends_the_same(script: list[Any]) -> None:
        done, edits = drive(page, live_story, script)
        last = {step[1]: step[2] for step in script if step[0] == "type"}
        assert {name: done["saved"][name] for name in last} == last
        assert done["captions"] == [step[1] for step in script if step[0] == "photo"], "each photo once, in order"
        assert done["waiting"] == 0 and done["state"] == "saved"
        assert [edit.number for edit in edits] == list(range(1, len(edits) + 1)), "each once, in the order of typing"
        assert {edit.outcome for edit in edits} <= {EditOutcome.APPLIED}
        assert len({edit.device for edit in edits}) <= 1
        seen.append(len(edits))

    ends_the_same()
    assert max(seen) >= 4


def test_another_device_is_never_overwritten_unseen(page: Page, live_story: Live) -> None:
    conflicts = []

    @given(script=beside)
    @example(script=[("type", FIELDS[0], "a"), ("other", FIELDS[0], "b"), ("send", ["lost"]), ("type", FIELDS[0], "c")])
    @settings(max_examples=size(40, 0.1))
    def nothing_is_overwritten(script: list[Any]) -> None:
        done, edits = drive(page, live_story, script)
        stands: dict[tuple[str, str], ScreeningEdit] = {}
        for edit in (e for e in edits if e.outcome is EditOutcome.APPLIED):
            before = stands.get((edit.subject, edit.field))
            if before is not None and before.device != edit.device and before.value != edit.value:
                assert (edit.base_id or 0) >= before.id
            stands[edit.subject, edit.field] = edit
        last = {step[1]: step[2] for step in script if step[0] == "type"}
        for name, value in last.items():
            taken_in = {e.value for e in edits if f"{e.subject}:{e.field}" == name and e.outcome is EditOutcome.APPLIED}
            assert value in taken_in or (name in done["problems"] and done["shown"][name] == value), "or offered"
        conflicts.append(len(done["problems"]))

    nothing_is_overwritten()
    assert max(conflicts) >= 1


def test_a_service_set_back_gets_what_waits_under_a_new_device(page: Page, live_story: Live) -> None:
    script = [("type", FIELDS[0], "a"), ("send", ["ok"]), ("forget",), ("type", FIELDS[0], "b"), ("send", ["ok"])]

    def forget(screening_id: int) -> None:
        with live_story.app.app_context():
            db.session.execute(sa.delete(ScreeningEdit).where(ScreeningEdit.screening_id == screening_id))
            db.session.commit()

    page.expose_function("forget", forget)
    done, edits = drive(page, live_story, script)
    assert done["saved"][FIELDS[0]] == "b"
    assert [(edit.number, edit.value) for edit in edits if edit.device != "service"] == [(1, "b")]
