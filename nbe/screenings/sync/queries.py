"""Reading the form of a visit: what stands in each field, how far it has been edited, and what came since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from nbe.access import Permission, Viewer, visible
from nbe.core.database import db
from nbe.measures.forms import show_amount
from nbe.measures.queries import list_factors
from nbe.measures.rules import NOT_MEASURED
from nbe.models import Measure, Saving, Screening, ScreeningEdit, ScreeningFile, Theme, ThemeAnswer, User
from nbe.models.states import EditOutcome, Quantity, Relevance, SavingPhase
from nbe.screenings.sync import rules
from nbe.screenings.sync.rules import SCREENING, YES, Revision

MOST_LATER = 500


@dataclass
class FilledForm:
    """The form of one visit as it stands. Measures and files by their key, the removed ones as well."""

    screening: Screening
    themes: dict[str, Theme]
    answers: dict[str, ThemeAnswer]
    measures: dict[str, Measure] = field(default_factory=dict)
    files: dict[str, ScreeningFile] = field(default_factory=dict)

    @property
    def proposals(self) -> list[Measure]:
        """The proposals to be shown, in the order they were put forward."""
        return sorted((m for m in self.measures.values() if not m.is_hidden), key=lambda measure: measure.id)

    def files_of(self, code: str) -> list[ScreeningFile]:
        """The files to be shown under a theme, in the order they came."""
        theme_id = self.themes[code].id
        shown = (file for file in self.files.values() if file.theme_id == theme_id and not file.is_hidden)
        return sorted(shown, key=lambda file: file.id)

    def values(self) -> dict[str, str]:
        """Field -> what stands there, as it is typed; of what is removed only that it is."""
        found = {f"{SCREENING}:summary": self.screening.summary}
        for code in self.themes:
            found |= {f"theme:{code}:{name}": self.value(f"theme:{code}", name) for name in rules.FIELDS["theme"]}
        for key, measure in self.measures.items():
            names = ("removed",) if measure.is_hidden else rules.FIELDS["proposal"]
            found |= {f"proposal:{key}:{name}": self.value(f"proposal:{key}", name) for name in names}
        for key, file in self.files.items():
            names = ("removed",) if file.is_hidden else rules.FIELDS["file"]
            found |= {f"file:{key}:{name}": self.value(f"file:{key}", name) for name in names}
        return found

    def theme_of(self, subject: str) -> str:
        """The code of the theme that a subject belongs to; "" under none."""
        kind, _colon, key = subject.partition(":")
        if kind == "proposal":
            return self.value(subject, "theme")
        return key if kind == "theme" else ""

    def value(self, subject: str, name: str) -> str:
        """What stands in one field, as it is typed."""
        kind, _colon, key = subject.partition(":")
        if kind == SCREENING:
            return self.screening.summary
        rows: dict[str, Any] = {"theme": self.answers, "proposal": self.measures, "file": self.files}
        row = rows[kind].get(key)
        if row is None:
            return Relevance.NOT_ASSESSED.value if name == "relevance" else ""
        return self._told(row, name)

    def _told(self, row: ThemeAnswer | Measure | ScreeningFile, name: str) -> str:
        if isinstance(row, Measure) and name in rules.QUANTITIES:
            return amount_text(row, Quantity(name))
        if isinstance(row, Measure) and name == "theme":
            return next((code for code, theme in self.themes.items() if theme.id == row.theme_id), "")
        kept = getattr(row, "is_hidden" if name == "removed" else name)
        if isinstance(kept, bool):
            return YES if kept else ""
        return "" if kept is None else str(getattr(kept, "value", kept))


def amount_text(measure: Measure, quantity: Quantity) -> str:
    """What is identified of a quantity, as it is typed."""
    saving = identified(measure, quantity)
    if saving is None:
        return ""
    if saving.is_not_measured:
        return NOT_MEASURED
    return "" if saving.amount is None else show_amount(saving.amount)


def identified(measure: Measure, quantity: Quantity) -> Saving | None:
    """What is told of a quantity as identified."""
    told = (s for s in measure.savings if s.phase is SavingPhase.IDENTIFIED and s.quantity is quantity)
    return next(told, None)


def usual_factor(quantity: Quantity, year: int) -> int | None:
    """The factor of a quantity that holds in a year, where only one comes into question; else somebody must choose."""
    newest: dict[str, int] = {}
    for factor in list_factors(quantity, only_active=True):  # the newest year of each first
        if factor.year <= year:
            newest.setdefault(factor.code, factor.id)
    return next(iter(newest.values())) if len(newest) == 1 else None


def load_form(screening: Screening, keys: Iterable[str] = ()) -> FilledForm:
    """The form with its answers and proposals, and whatever measures go by `keys`; five statements."""
    themes = {theme.code: theme for theme in screening.theme_set.themes}
    by_id = {theme.id: code for code, theme in themes.items()}
    answers = db.session.scalars(sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id))
    measures = db.session.scalars(
        sa.select(Measure)
        .where(sa.or_(Measure.screening_id == screening.id, Measure.key.in_(list(keys))))
        .options(selectinload(Measure.savings))
        .order_by(Measure.id)
    )
    files = db.session.scalars(sa.select(ScreeningFile).where(ScreeningFile.screening_id == screening.id))
    return FilledForm(
        screening,
        themes,
        {by_id[answer.theme_id]: answer for answer in answers if answer.theme_id in by_id},
        {measure.key: measure for measure in measures},
        {file.key: file for file in files},
    )


def may_fill(viewer: Viewer, screening: Screening) -> bool:
    """Whether the viewer may write in the form: where she is at work, and until the report is approved."""
    if not rules.is_editable(screening.state):
        return False
    mine = visible(viewer, Screening, Permission.SCREENINGS_WRITE).where(Screening.id == screening.id)
    return db.session.scalar(mine.with_only_columns(Screening.id)) is not None


def latest_edit(screening_id: int) -> int:
    """The id of the latest edit of a visit's form; 0 before the first."""
    statement = sa.select(sa.func.max(ScreeningEdit.id)).where(ScreeningEdit.screening_id == screening_id)
    return db.session.scalar(statement) or 0


def list_revisions(screening_id: int) -> dict[str, Revision]:
    """Field -> the latest edit that was applied to it."""
    latest = (
        sa.select(sa.func.max(ScreeningEdit.id))
        .where(ScreeningEdit.screening_id == screening_id, ScreeningEdit.outcome == EditOutcome.APPLIED)
        .group_by(ScreeningEdit.subject, ScreeningEdit.field)
    )
    found = db.session.scalars(sa.select(ScreeningEdit).where(ScreeningEdit.id.in_(latest)))
    return {f"{edit.subject}:{edit.field}": Revision(edit.id, edit.device, edit.value) for edit in found}


@dataclass(frozen=True, slots=True)
class LaterEdit:
    """What another device has written."""

    id: int
    subject: str
    field: str
    value: str


def list_later(screening_id: int, since: int, devices: Sequence[str]) -> list[LaterEdit]:
    """The edits applied after `since` by other devices than these, in order; at most `MOST_LATER`."""
    statement = (
        sa.select(ScreeningEdit.id, ScreeningEdit.subject, ScreeningEdit.field, ScreeningEdit.value)
        .where(
            ScreeningEdit.screening_id == screening_id,
            ScreeningEdit.id > since,
            ScreeningEdit.outcome == EditOutcome.APPLIED,
            ScreeningEdit.device.not_in(list(devices)),
        )
        .order_by(ScreeningEdit.id)
        .limit(MOST_LATER)
    )
    return [LaterEdit(*row) for row in db.session.execute(statement)]


def who_wrote(edit_ids: Iterable[int]) -> dict[int, tuple[str, dt.datetime]]:
    """Edit -> who typed it, and when."""
    statement: Any = (
        sa.select(ScreeningEdit.id, sa.func.coalesce(User.name, ""), ScreeningEdit.at)
        .outerjoin(User, User.id == ScreeningEdit.user_id)
        .where(ScreeningEdit.id.in_(list(edit_ids)))
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(statement)}
