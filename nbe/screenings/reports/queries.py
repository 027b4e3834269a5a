"""Reading reports: one, those of a screening, the list; and who may read the draft of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.access.permissions import Scope
from nbe.businesses.queries import municipality_names
from nbe.core.arguments import asked_number
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.models import Business, Programme, Report, Screener, Screening, ScreeningPerson, User
from nbe.models.states import ReportState, ScreeningRole
from nbe.screenings.reports.rules import waits_for

READ, WRITE = Permission.REPORTS_READ, Permission.SCREENINGS_WRITE
_WORKERS = (ScreeningRole.LEAD, ScreeningRole.SECOND)


def find_report(viewer: Viewer, report_id: int, permission: Permission = READ, *, for_update: bool = False) -> Report:
    """The report, or 404."""
    return find_visible(viewer, Report, report_id, permission, for_update=for_update)


def sees_all(viewer: Viewer) -> bool:
    """Whether the viewer works with screenings, and reads drafts and confidential parts of what they may see."""
    return viewer.may(Permission.SCREENINGS_READ)


def newest_report(screening_id: int) -> Report | None:
    """The newest version, whoever asks; for actions."""
    statement = sa.select(Report).where(Report.screening_id == screening_id)
    return db.session.scalar(statement.order_by(Report.number.desc()).limit(1))


def versions_of(viewer: Viewer, screening_id: int) -> list[Report]:
    """The versions of a screening's report that the viewer may see, the newest first."""
    statement = visible(viewer, Report, READ).where(Report.screening_id == screening_id)
    return list(db.session.scalars(statement.order_by(Report.number.desc())))


def list_readers(screening: Screening, *except_ids: int | None) -> list[tuple[int, str]]:
    """(id, name) of those who may write this report, without some."""
    code = screening.business.municipality_code
    at_work = set(
        db.session.scalars(
            sa.select(Screener.user_id)
            .join(ScreeningPerson, ScreeningPerson.screener_id == Screener.id)
            .where(ScreeningPerson.screening_id == screening.id, ScreeningPerson.role.in_(_WORKERS))
        )
    )
    near = sa.or_(
        User.municipality_code == code,
        User.municipality_code.is_(None),
        User.id.in_([user_id for user_id in at_work if user_id]),
    )
    users = db.session.scalars(sa.select(User).where(User.active.is_(True), near).order_by(User.name)).unique()
    return [
        (user.id, user.name or user.email)
        for user in users
        if user.id not in except_ids and _may_read_draft(user, code, user.id in at_work)
    ]


def _may_read_draft(user: User, code: int, is_at_work: bool) -> bool:
    viewer = Viewer(user.id, user.role, user.municipality_code)
    if viewer.scope(WRITE) is Scope.ASSIGNED:
        return is_at_work
    return viewer.may(WRITE, code)


def reader_ids(screening: Screening) -> set[int]:
    """Ids of those who may write this report."""
    return {user_id for user_id, _name in list_readers(screening)}


def user_names(*user_ids: int | None) -> dict[int | None, str]:
    """Id -> name."""
    ids = [user_id for user_id in user_ids if user_id is not None]
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What the list is narrowed to."""

    state: ReportState | None = None
    year: int | None = None
    municipality_code: int | None = None
    is_mine: bool = False


def read_filter(arguments: Mapping[str, str]) -> ReportFilter:
    """What the address asks for, nonsense left out."""
    state = arguments.get("tilstand", "")
    return ReportFilter(
        state=ReportState(state) if state in {code.value for code in ReportState} else None,
        year=asked_number(arguments, "aar"),
        municipality_code=asked_number(arguments, "kommune"),
        is_mine=arguments.get("mine") == "1",
    )


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list: the newest version of a screening's report that the viewer may see."""

    report: Report
    name: str
    town: str
    municipality_name: str
    year: int
    author: str
    waits_for: str
    is_mine: bool


def list_reports(viewer: Viewer, chosen: ReportFilter, number: int) -> Page[ReportRow]:
    """A page of the list, the latest begun first; a constant number of statements."""
    allowed = visible(viewer, Report, READ).with_only_columns(Report.screening_id, sa.func.max(Report.number))
    newest = allowed.group_by(Report.screening_id).subquery()
    statement = (
        visible(viewer, Report, READ)
        .join(newest, sa.and_(newest.c[0] == Report.screening_id, newest.c[1] == Report.number))
        .join(Programme, Programme.id == Screening.programme_id)
    )
    if chosen.state is not None:
        statement = statement.where(Report.state == chosen.state)
    if chosen.year is not None:
        statement = statement.where(Programme.year == chosen.year)
    if chosen.municipality_code is not None:
        statement = statement.where(Business.municipality_code == chosen.municipality_code)
    if chosen.is_mine:
        statement = statement.where(_is_mine(viewer))
    total = db.session.scalar(statement.with_only_columns(sa.func.count(Report.id))) or 0
    page: Page[ReportRow] = Page([], number, total)
    rows = db.session.execute(
        statement.with_only_columns(Report, Business.name, Business.town, Business.municipality_code, Programme.year)
        .options(selectinload(Report.screening))
        .order_by(Report.created_at.desc(), Report.id.desc())
        .limit(PAGE_SIZE)
        .offset(page.offset)
    ).all()
    names = user_names(*(row[0].author_id for row in rows), *(row[0].reader_id for row in rows))
    return Page([_row(viewer, row, names) for row in rows], number, total)


def _is_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    """It is the viewer's turn, as `waits_for` says."""
    reading = sa.and_(Report.state == ReportState.READING, Report.reader_id == viewer.user_id)
    own = (ReportState.DRAFT, ReportState.APPROVED)
    return sa.or_(reading, sa.and_(Report.state.in_(own), Report.author_id == viewer.user_id))


def _row(viewer: Viewer, row: Any, names: dict[int | None, str]) -> ReportRow:
    report: Report
    report, name, town, code, year = row
    turn = waits_for(report.state, report.author_id, report.reader_id)
    return ReportRow(
        report,
        name,
        town,
        municipality_names()[code],
        year,
        names.get(report.author_id, ""),
        names.get(turn, "") if turn else "",
        turn is not None and turn == viewer.user_id,
    )
