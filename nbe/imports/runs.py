"""An import from file to rows: read, planned, carried out, taken back. The page and the command share this path."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db, writing
from nbe.core.sheets import UnreadableFileError, Workbook
from nbe.core.sheets.child import read_limited
from nbe.imports.apply import Applier, insert_rows, kept_row
from nbe.imports.decide import Terms
from nbe.imports.headings import Header
from nbe.imports.kinds import KINDS, Carrying
from nbe.imports.plan import Plan, Progress, SheetIn, look_at, make_plan, map_by_hand
from nbe.models import Business, Change, HeadingChoice, ImportRow, ImportRun, LedgerRow
from nbe.models.states import ImportState, RowOutcome
from nbe.pipeline.actions import welcome_postponed
from nbe.targets.actions import ensure_programme

_IMPORTS_LOCK = 7_315_001
WAIT_FOR_OTHERS = 60_000  # milliseconds that an import waits for another one; nobody waits for its answer
_WAITING = (ImportState.PLANNED, ImportState.APPLYING)
T = TypeVar("T")


def start_run(
    content: bytes, filename: str, programme_year: int, *, user_id: int | None, municipality_code: int | None
) -> ImportRun:
    """Take a file in, to be read."""
    run = ImportRun(
        user_id=user_id,
        municipality_code=municipality_code,
        programme_year=programme_year,
        filename=filename[-255:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        mapping=None,
        state=ImportState.UPLOADED,
        created_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    return run


def heading_choices(municipality_code: int | None) -> dict[str, str]:
    """What headings were mapped to by hand before: everybody's choices, then the municipality's own."""
    codes = [0] if municipality_code is None else [0, municipality_code]
    statement = (
        sa.select(HeadingChoice.heading, HeadingChoice.field)
        .where(HeadingChoice.municipality_code.in_(codes))
        .order_by(HeadingChoice.municipality_code)
    )
    return dict(db.session.execute(statement).all())


def read_sheets(run: ImportRun, book: Workbook) -> list[SheetIn]:
    """The sheets of a run's file with their columns, as recognised and as mapped by hand."""
    sheets = look_at(book, heading_choices(run.municipality_code))
    map_by_hand(sheets, run.mapping)
    return sheets


def terms_of(run: ImportRun) -> Terms:
    """The terms under which a run is planned."""
    return Terms(clock.today(), run.programme_year, run.municipality_code)


def describe(sheets: Sequence[SheetIn], plan: Plan, *, has_samples: bool = False) -> dict[str, Any]:
    """What a run keeps of its plan: per sheet the header and counts, and the sum.

    Samples of the cells are for choosing columns by hand, and are kept no longer than that: they are
    people's names as well, of sheets that are not read too.
    """
    described = []
    for sheet, part in zip(sheets, plan.sheets, strict=True):
        described.append(
            {
                "name": sheet.name,
                "reason": sheet.reason,
                "kind": sheet.kind,
                "counts": None if sheet.reason else part.counts(),
                "rows": len(part.rows),
                "header": _header_of(sheet.header, sheet.rows if has_samples and not sheet.kind else ()),
            }
        )
    rows = plan.rows
    return {
        "sheets": described,
        "sum": plan.counts(),
        "warned": sum(1 for row in rows if row.outcome is not RowOutcome.FAILED and row.has_warnings),
    }


def _header_of(header: Header | None, rows: Sequence[Sequence[Any]]) -> dict[str, Any] | None:
    if header is None:
        return None
    from nbe.imports.values import shown

    samples = [[shown(cell)[:60] for cell in row] for row in rows[header.row + 1 : header.row + 4]]
    return {
        "row": header.row + 1,
        "headings": list(header.headings),
        "fields": {str(i): name for i, name in header.fields.items()},
        "samples": samples,
    }


def plan_run(run_id: int, progress: Progress | None = None) -> None:
    """Read and plan a run's file: the dry run. Takes the write lock only to keep the outcome."""
    run = db.session.get_one(ImportRun, run_id)
    if run.state not in (ImportState.UPLOADED, ImportState.PLANNED) or run.content is None:
        return
    try:
        book = read_limited(run.content, run.filename)
        sheets = read_sheets(run, book)
        if all(sheet.header is None for sheet in sheets):
            raise UnreadableFileError("no_table")
    except UnreadableFileError as error:
        _refuse(run_id, error.code)
        return
    plan = make_plan(sheets, terms_of(run), progress)
    counts = describe(sheets, plan, has_samples=True)
    rows = [kept_row(row, run_id, None) for row in plan.rows if row.messages]
    db.session.rollback()
    with writing(WAIT_FOR_OTHERS):
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        if run.state in (ImportState.UPLOADED, ImportState.PLANNED):
            db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == run_id))
            insert_rows(ImportRow, rows)
            run.counts = counts
            run.state = ImportState.PLANNED
            run.done = run.total = len(plan.rows)
        db.session.commit()


def _refuse(run_id: int, code: str) -> None:
    db.session.rollback()
    with writing(WAIT_FOR_OTHERS):
        run = db.session.get_one(ImportRun, run_id)
        run.state = ImportState.REFUSED
        run.message = code
        run.content = None
        db.session.commit()


def state_stamp() -> tuple[Any, ...]:
    """Changes whenever rows that a plan compares with have changed."""
    return tuple(
        db.session.execute(
            sa.select(
                sa.select(sa.func.max(Business.id)).scalar_subquery(),
                sa.select(sa.func.max(Change.id)).scalar_subquery(),
                sa.select(sa.func.max(LedgerRow.id)).scalar_subquery(),
                sa.select(sa.func.max(ImportRun.applied_at)).scalar_subquery(),
                sa.select(sa.func.max(ImportRun.undone_at)).scalar_subquery(),
            )
        ).one()
    )


def _hold(plan: Plan) -> None:
    """One import at a time, and nobody changes its businesses meanwhile (PostgreSQL; SQLite holds the write lock)."""
    if db.engine.dialect.name != "postgresql":
        return
    for limit in ("lock_timeout", "statement_timeout"):
        db.session.execute(sa.text(f"SET LOCAL {limit} = {WAIT_FOR_OTHERS}"))
    db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_IMPORTS_LOCK)))
    for ids in chunks(sorted(unit.id for unit in plan.known.units.values())):
        db.session.execute(sa.select(Business.id).where(Business.id.in_(ids)).order_by(Business.id).with_for_update())


def retried(work: Callable[[], T]) -> T:
    """Do `work` again when somebody entered one of its businesses in the same moment."""
    for _ in range(2):
        try:
            return work()
        except IntegrityError:
            db.session.rollback()
    return work()


def put_in(run: ImportRun, plan: Plan, sheets: Sequence[SheetIn], stamp: tuple[Any, ...]) -> Plan:
    """Carry a plan out in the caller's writing transaction; planned anew when anything changed since `stamp`."""
    _hold(plan)
    programme, is_new = ensure_programme(run.programme_year)
    if state_stamp() != stamp:
        plan = make_plan(sheets, plan.terms)
    run.programme_id = programme.id
    run.counts = describe(sheets, plan)
    run.state = ImportState.APPLIED
    run.applied_at = clock.now()
    run.content = None
    run.done = run.total = len(plan.rows)
    Applier(plan, import_id=run.id, programme_id=programme.id, user_id=run.user_id).run()
    if is_new:
        welcome_postponed(programme, user_id=run.user_id)
    _put_in_kinds(plan, Carrying(run.id, programme, run.user_id, plan.terms.today))
    return plan


def _put_in_kinds(plan: Plan, carrying: Carrying) -> None:
    """The rows of other sheets, by the actions that a person's forms use; what they record bears the import's id."""
    db.session.info["import_id"] = carrying.import_id
    try:
        for kind in KINDS:
            good = (RowOutcome.CREATED, RowOutcome.UPDATED)
            rows = [row for row in plan.rows if row.kind == kind.key and row.outcome in good]
            if rows:
                kind.put_in(rows, carrying)
        db.session.flush()
    finally:
        db.session.info.pop("import_id", None)


def carry_out(run_id: int, progress: Progress | None = None) -> bool:
    """Put the good rows in, whole or not at all; -> whether this call did it.

    The file is read and planned before the write lock is taken.
    """
    return retried(lambda: _carry_out(run_id, progress))


def _carry_out(run_id: int, progress: Progress | None) -> bool:
    db.session.rollback()
    run = db.session.get_one(ImportRun, run_id)
    if run.state not in _WAITING or run.content is None:
        return False
    sheets = read_sheets(run, read_limited(run.content, run.filename))
    stamp = state_stamp()
    plan = make_plan(sheets, terms_of(run), progress)
    db.session.rollback()
    with writing(WAIT_FOR_OTHERS):
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        is_waiting = run.state in _WAITING and run.content is not None
        if is_waiting:
            put_in(run, plan, sheets, stamp)
        db.session.commit()
    return is_waiting
