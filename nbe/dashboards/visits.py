"""What screenings ask for on Min dag: visits today and this week, visits to be noted, empty forms, reports to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from nbe.access import Permission, Viewer, visible
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import Page
from nbe.models import Business, Screener, Screening, ScreeningPerson
from nbe.models.states import ScreeningRole, ScreeningState
from nbe.screenings.listing import IS_FILLED, ScreeningRow, make_rows
from nbe.screenings.reports.queries import ReportFilter, ReportRow, list_reports

READ = Permission.SCREENINGS_READ
SHOWN = 15
_AT_WORK = (ScreeningRole.LEAD, ScreeningRole.SECOND)


@dataclass(frozen=True, slots=True)
class VisitsOfDay:
    """The visits of the day by what they want, the oldest first; `mine` are those the viewer is at work at."""

    soon: list[ScreeningRow]
    to_note: list[ScreeningRow]
    unfilled: list[ScreeningRow]
    soon_total: int
    to_note_total: int
    unfilled_total: int
    reports: Page[ReportRow]
    mine: set[int]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.soon or self.to_note or self.unfilled or self.reports.total)


def list_visits(viewer: Viewer, code: int | None) -> VisitsOfDay:
    """The visits of one municipality (None: of all, for those who see all), of any programme.

    Who is lent to another municipality sees her visits there as well. A constant number of statements.
    """
    today = clock.today()
    begins = dt.datetime.combine(today, dt.time(), clock.DANISH)
    week_ends = begins + dt.timedelta(days=7 - today.weekday())
    statement: sa.Select[Any] = visible(viewer, Screening, READ)
    if code is not None and viewer.scope(READ) is Scope.ALL:
        statement = statement.where(Business.municipality_code == code)
    planned = statement.where(Screening.state == ScreeningState.PLANNED)
    groups = (
        planned.where(Screening.starts_at >= begins, Screening.starts_at < week_ends),
        planned.where(Screening.starts_at < begins),
        statement.where(Screening.state == ScreeningState.HELD, ~IS_FILLED),
    )
    found = [_first(group) for group in groups]
    rows = {row.screening.id: row for row in make_rows([one for group in found for one in group])}
    soon, to_note, unfilled = ([rows[one.id] for one in group] for group in found)
    totals = [_count(group) for group in groups]
    return VisitsOfDay(
        soon,
        to_note,
        unfilled,
        soon_total=totals[0],
        to_note_total=totals[1],
        unfilled_total=totals[2],
        reports=list_reports(viewer, ReportFilter(is_mine=True), 1),
        mine=_mine(viewer, list(rows)),
    )


def _first(statement: sa.Select[Any]) -> list[Screening]:
    shown = statement.order_by(Screening.starts_at, Screening.id).limit(SHOWN)
    return list(db.session.scalars(shown.options(joinedload(Screening.business))))


def _count(statement: sa.Select[Any]) -> int:
    return db.session.scalar(statement.with_only_columns(sa.func.count(Screening.id))) or 0


def _mine(viewer: Viewer, ids: list[int]) -> set[int]:
    statement = (
        sa.select(ScreeningPerson.screening_id)
        .join(Screener, Screener.id == ScreeningPerson.screener_id)
        .where(
            Screener.user_id == viewer.user_id,
            ScreeningPerson.role.in_(_AT_WORK),
            ScreeningPerson.screening_id.in_(ids),
        )
    )
    return set(db.session.scalars(statement))
