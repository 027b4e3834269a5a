"""Reading imports: those the viewer may see, and the rows somebody should look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.imports.bad_rows import BadRow
from nbe.imports.messages import is_failure, is_warning, sentence
from nbe.models import ImportRow, ImportRun, User
from nbe.models.states import RowOutcome

FAILED, WARNED, CHANGED = "fejl", "advarsler", "aendringer"
VIEWS = (FAILED, WARNED, CHANGED)


def find_run(viewer: Viewer, run_id: int, *, for_update: bool = False) -> ImportRun:
    """The run, or 404."""
    return find_visible(viewer, ImportRun, run_id, Permission.IMPORTS_RUN, for_update=for_update)


def list_runs(viewer: Viewer, number: int) -> Page[tuple[ImportRun, str]]:
    """One page of past imports with the name of who made them, newest first."""
    statement = visible(viewer, ImportRun, Permission.IMPORTS_RUN)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = db.session.execute(
        statement.add_columns(User.name)
        .join(User, User.id == ImportRun.user_id, isouter=True)
        .order_by(ImportRun.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page([(run, name or "system") for run, name in rows], number, total)


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the list of remarks: where, what stands there, what is to be said about it."""

    sheet: str
    number: int
    kind: str
    column: str
    value: str
    text: str
    business_id: int | None


def _has_cells() -> Any:
    return sa.cast(ImportRow.cells, sa.Text) != "[]"


def _condition(view: str) -> Any:
    if view == FAILED:
        return ImportRow.outcome == RowOutcome.FAILED
    if view == WARNED:
        return sa.and_(ImportRow.outcome != RowOutcome.FAILED, _has_cells())
    return ImportRow.outcome == RowOutcome.UPDATED


def list_remarks(run: ImportRun, view: str, number: int) -> Page[list[Remark]]:
    """One page of rows with their remarks, by place in the file."""
    condition = sa.and_(ImportRow.import_id == run.id, _condition(view))
    total = db.session.scalar(sa.select(sa.func.count(ImportRow.id)).where(condition)) or 0
    rows = db.session.scalars(
        sa.select(ImportRow)
        .where(condition)
        .order_by(ImportRow.sheet, ImportRow.row_number)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page([_remarks(row) for row in rows], number, total)


def _remarks(row: ImportRow) -> list[Remark]:
    return [
        Remark(row.sheet, row.row_number, _kind(code), column, value, sentence(code, params), row.business_id)
        for code, column, value, params in row.messages
    ]


def _kind(code: str) -> str:
    return "failure" if is_failure(code) else "warning" if is_warning(code) else "change"


def list_bad_rows(run: ImportRun) -> list[BadRow]:
    """All failed rows of a run."""
    rows = db.session.scalars(
        sa.select(ImportRow)
        .where(ImportRow.import_id == run.id, ImportRow.outcome == RowOutcome.FAILED)
        .order_by(ImportRow.sheet, ImportRow.row_number)
    )
    return [BadRow(row.sheet, row.row_number, row.cells, row.messages) for row in rows]


def headings_of(run: ImportRun) -> dict[str, Sequence[str]]:
    """Sheet -> its headings, as kept with the run."""
    sheets = (run.counts or {}).get("sheets", [])
    return {sheet["name"]: sheet["header"]["headings"] for sheet in sheets if sheet["header"]}
