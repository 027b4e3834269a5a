"""A file loaded in one go, as the command line does: read, planned, and carried out unless it is a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.core.sheets import UnreadableFileError
from nbe.core.sheets.child import OPERATOR_MEMORY, read_limited
from nbe.imports.decide import Terms
from nbe.imports.plan import Plan, Progress, SheetIn, look_at, make_plan
from nbe.imports.runs import WAIT_FOR_OTHERS, heading_choices, put_in, retried, start_run, state_stamp
from nbe.imports.values import one_line
from nbe.targets.queries import find_programme


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file. `plan` tells the rows as they were decided."""

    plan: Plan
    year: int
    is_new_programme: bool
    headings: Mapping[str, Sequence[str]]
    run_id: int | None = None


def own_year(sheets: Sequence[SheetIn]) -> int | None:
    """The programme year that every row of the file's own column names; None when they differ or there is none."""
    years: set[str] = set()
    for sheet in sheets:
        if sheet.reason or sheet.header is None:
            continue
        for index, name in sheet.header.fields.items():
            if name == "programme":
                years |= {
                    one_line(row[index])
                    for row in sheet.rows[sheet.header.row + 1 :]
                    if index < len(row) and row[index]
                }
    found = years.pop() if len(years) == 1 else ""
    return int(found) if found.isascii() and found.isdigit() and 2000 <= int(found) <= 2100 else None


def import_file(
    content: bytes,
    filename: str,
    programme_year: int | None = None,
    *,
    dry_run: bool = False,
    user_id: int | None = None,
    municipality_code: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Load `content`; commits unless `dry_run`. Without a year: the one the file names, else today's.

    Raises UnreadableFileError when the file is no spreadsheet.
    """
    book = read_limited(content, filename, OPERATOR_MEMORY)
    sheets = look_at(book, heading_choices(municipality_code))
    if all(sheet.header is None for sheet in sheets):
        raise UnreadableFileError("no_table")
    year = programme_year or own_year(sheets) or clock.today().year
    headings = {sheet.name: sheet.header.headings for sheet in sheets if sheet.header}

    def work() -> Outcome:
        db.session.rollback()
        is_new = find_programme(year) is None
        stamp = state_stamp()
        plan = make_plan(sheets, Terms(clock.today(), year, municipality_code), progress)
        if dry_run or not plan.is_readable:
            return Outcome(plan, year, is_new and plan.is_readable, headings)
        db.session.rollback()
        with writing(WAIT_FOR_OTHERS):
            run = start_run(content, filename, year, user_id=user_id, municipality_code=municipality_code)
            plan = put_in(run, plan, sheets, stamp)
            run_id = run.id
            db.session.commit()
        return Outcome(plan, year, is_new, headings, run_id)

    return retried(work)
