"""Two screenings of one business side by side: potential per theme, and the savings, then and now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from nbe.access import Permission, Viewer, visible
from nbe.core.database import db
from nbe.ledger import CO2E, phases_of
from nbe.measures.rules import sums
from nbe.models import Measure, Screening, ThemeAnswer
from nbe.models.states import Quantity, Relevance, SavingPhase, ScreeningState

READ = Permission.SCREENINGS_READ
KEYS = (*(quantity.value for quantity in Quantity), CO2E)


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme at both visits. Potential 0-3; None: not judged, or not asked about."""

    title: str
    then: int | None
    now: int | None
    relevance_then: Relevance | None
    relevance_now: Relevance | None

    @property
    def change(self) -> int | None:
        """How much more there is to gain now than then; below 0 something has been gained."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class SavingLine:
    """One quantity: what the earlier visit pointed at and what became of it, and what this one points at."""

    key: str
    then: dict[SavingPhase, Decimal | None]
    now: dict[SavingPhase, Decimal | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two visits, theme by theme in the order of the later one, and their savings."""

    before: Screening
    after: Screening
    themes: list[ThemeLine]
    savings: list[SavingLine]


def list_earlier(viewer: Viewer, screening: Screening) -> list[Screening]:
    """The visits held at the same business before this one, the first first, in any year."""
    statement = (
        visible(viewer, Screening, READ)
        .where(
            Screening.business_id == screening.business_id,
            Screening.id != screening.id,
            Screening.starts_at < screening.starts_at,
            Screening.held_on.is_not(None),
            Screening.state != ScreeningState.CANCELLED,
        )
        .order_by(Screening.starts_at, Screening.id)
        .options(joinedload(Screening.theme_set))
    )
    return list(db.session.scalars(statement))


def compare(viewer: Viewer, before: Screening, after: Screening) -> Comparison:
    """The two side by side; themes by their code, which is the same in every version and year."""
    then, now = _answers(before), _answers(after)
    titles = {theme.code: theme.title for theme in after.theme_set.themes}
    for theme in before.theme_set.themes:  # what is no longer asked about comes last, as it was called
        titles.setdefault(theme.code, theme.title)
    lines = [
        ThemeLine(
            title,
            then[code].potential if code in then else None,
            now[code].potential if code in now else None,
            then[code].relevance if code in then else None,
            now[code].relevance if code in now else None,
        )
        for code, title in titles.items()
    ]
    sums_then, sums_now = _sums(_measures(viewer, before)), _sums(_measures(viewer, after))
    savings = [
        SavingLine(key, *({phase: told[phase].get(key) for phase in SavingPhase} for told in (sums_then, sums_now)))
        for key in KEYS
        if any(key in told[phase] for told in (sums_then, sums_now) for phase in SavingPhase)
    ]
    return Comparison(before, after, lines, savings)


def _answers(screening: Screening) -> dict[str, ThemeAnswer]:
    statement = sa.select(ThemeAnswer).where(ThemeAnswer.screening_id == screening.id)
    found = db.session.scalars(statement.options(joinedload(ThemeAnswer.theme)))
    return {answer.theme.code: answer for answer in found}


def _measures(viewer: Viewer, screening: Screening) -> list[Measure]:
    statement = visible(viewer, Measure, READ).where(Measure.screening_id == screening.id)
    return list(db.session.scalars(statement.options(selectinload(Measure.savings))))


def _sums(measures: Iterable[Measure]) -> dict[SavingPhase, dict[str, Decimal]]:
    """The sums of each phase, of the measures that count in it."""
    told = list(measures)
    return {
        phase: sums((saving for one in told if phase in phases_of(one.state) for saving in one.savings), phase)
        for phase in SavingPhase
    }
