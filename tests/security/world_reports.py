"""The world's reports: one handed over, and a correction of it that is still a draft."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from nbe.core.database import db
from nbe.models import (
    Business,
    Candidacy,
    Contact,
    Programme,
    Report,
    Screening,
    ScreeningFile,
    ScreeningPerson,
    ThemeAnswer,
)
from nbe.models.states import Relevance, ReportState, ScreeningRole, ScreeningState
from nbe.screenings.files import storage
from nbe.screenings.files.rules import PHOTO
from nbe.screenings.reports.content import gather
from nbe.screenings.themes import current_themes

DAY = dt.date(2016, 2, 8)
MOMENT = dt.datetime(2016, 2, 8, 9, tzinfo=dt.UTC)


def make_reports(
    base: int, business: Business, candidacy: Candidacy, side: str, word: Callable[[str, str], str]
) -> dict[str, int]:
    """A screening with both versions; -> their ids. Every text is a canary."""
    ids = {"screening": base + 10, "draft": base + 11, "report": base + 12, "file": base + 13}
    themes = current_themes(db.session.get_one(Programme, candidacy.programme_id))
    screening = Screening(
        id=ids["screening"], business_id=business.id, candidacy_id=candidacy.id, programme_id=candidacy.programme_id,
        theme_set_id=themes.id, state=ScreeningState.DRAFT, state_since_on=DAY, starts_at=MOMENT, held_on=DAY,
        place=word("place", side), created_at=MOMENT,
    )  # fmt: skip
    contact = db.session.get_one(Contact, base + 2)
    screening.people = [ScreeningPerson(role=ScreeningRole.BUSINESS, contact_id=contact.id, name=contact.name)]
    db.session.add(screening)
    db.session.flush()
    seen = {"observation": word("observed", side), "relevance": Relevance.RELEVANT, "potential": 2}
    secret = {"theme_id": themes.themes[0].id, "is_confidential": True}
    db.session.add(ThemeAnswer(screening_id=screening.id, **seen, **secret))
    _add_photo(ids["file"], screening, word("caption", side))
    handed_over = _report(ids["report"], screening, 1, ReportState.APPROVED, word("reported", side))
    handed_over.confidential_note, handed_over.handed_over_on = word("confidential", side), DAY
    handed_over.handed_over_to, handed_over.approved_on = word("receiver", side), DAY
    draft = _report(ids["draft"], screening, 2, ReportState.DRAFT, word("draft", side))
    draft.correction_reason = word("correction", side)
    db.session.add_all([handed_over, draft])
    db.session.flush()
    frozen = gather(handed_over)
    handed_over.state, handed_over.frozen = ReportState.HANDED_OVER, frozen
    db.session.flush()
    return ids


def _add_photo(file_id: int, screening: Screening, caption: str) -> None:
    """A photo that is in the report."""
    key, content = str(uuid.UUID(int=file_id)), b"\xff\xd8\xff"
    for suffix in ("", storage.SMALL):
        storage.write(key, content, suffix)
    about = {"name": "hal.jpg", "content_type": PHOTO, "size": len(content), "sha256": "0" * 64, "caption": caption}
    db.session.add(ScreeningFile(id=file_id, screening_id=screening.id, key=key, created_at=MOMENT, **about))
    db.session.flush()


def _report(report_id: int, screening: Screening, number: int, state: ReportState, introduction: str) -> Report:
    columns: dict[str, Any] = {"number": number, "state": state, "introduction": introduction, "created_at": MOMENT}
    return Report(id=report_id, screening=screening, **columns)
