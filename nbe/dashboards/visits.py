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

READ, WRITE = Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE
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

    A screener's own come first, and only those are asked about.
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
        _to_do(viewer, planned.where(Screening.starts_at < begins)),
        _to_do(viewer, statement.where(Screening.state == ScreeningState.HELD, ~IS_FILLED)),
    )
    own_first = [_is_mine(viewer).desc()] if viewer.scope(WRITE) is Scope.ASSIGNED else []
    found = [_first(group, own_first) for group in groups]
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


def _to_do(viewer: Viewer, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Only what the viewer may do something about: a screener's own."""
    return statement.where(_is_mine(viewer)) if viewer.scope(WRITE) is Scope.ASSIGNED else statement


def _is_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return Screening.id.in_(_at_work(viewer))


def _at_work(viewer: Viewer) -> Any:
    return (
        sa.select(ScreeningPerson.screening_id)
        .join(Screener, Screener.id == ScreeningPerson.screener_id)
        .where(Screener.user_id == viewer.user_id, ScreeningPerson.role.in_(_AT_WORK))
    )


def _first(statement: sa.Select[Any], own_first: list[Any]) -> list[Screening]:
    shown = statement.order_by(*own_first, Screening.starts_at, Screening.id).limit(SHOWN)
    return list(db.session.scalars(shown.options(joinedload(Screening.business))))


def _count(statement: sa.Select[Any]) -> int:
    return db.session.scalar(statement.with_only_columns(sa.func.count(Screening.id))) or 0


def _mine(viewer: Viewer, ids: list[int]) -> set[int]:
    return set(db.session.scalars(_at_work(viewer).where(ScreeningPerson.screening_id.in_(ids))))
