"""`flask import` and `flask export`: spreadsheets in and out on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from nbe.core.sheets import SheetOut
    from nbe.imports.plan import Plan
    from nbe.models import Programme


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--programme", type=click.IntRange(2000, 2100), help="The programme year; without it, the file's or today's."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the failed rows to this XLSX file."
)
@with_appcontext
def import_command(file: Path, programme: int | None, dry_run: bool, errors: Path | None) -> None:
    """Load a spreadsheet. Exit 0: no row failed; 1: some failed; 2: nothing readable."""
    from nbe.core.sheets import UnreadableFileError
    from nbe.imports.messages import refusal
    from nbe.imports.whole import import_file

    with click.progressbar(length=1000, label=file.name, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(max(0, 990 * done // max(total, 1) - bar.pos))

        try:
            outcome = import_file(file.read_bytes(), file.name, programme, dry_run=dry_run, progress=progress)
        except UnreadableFileError as error:
            click.echo(refusal(error.code), err=True)
            sys.exit(2)
        bar.update(1000 - bar.pos)
    _show_remarks(outcome.plan)
    if errors is not None:
        from nbe.imports.bad_rows import bad_rows_of, write_bad_rows

        with errors.open("wb") as stream:
            write_bad_rows(stream, bad_rows_of(outcome.plan), outcome.headings)
    if outcome.is_new_programme:
        verb = "would be made" if dry_run else "is made"
        click.echo(f"The programme {outcome.year} was not known; it {verb} (targets 5, deadline {outcome.year}-12-31).")
    sys.exit(_show_counts(outcome.plan))


def _show_remarks(plan: Plan) -> None:
    from nbe.imports.messages import is_failure, is_warning, sentence

    for row in plan.rows:
        for message in row.messages:
            if is_failure(message.code) or is_warning(message.code):
                kind = "failed" if is_failure(message.code) else "warning"
                place = f"{message.column} {message.value!r}: " if message.column else ""
                text = sentence(message.code, message.params)
                click.echo(f"{kind}: {row.sheet} row {row.number}: {place}{text}", err=True)


def _show_counts(plan: Plan) -> int:
    from nbe.imports.messages import sheet_reason

    def line(counts: dict[str, int]) -> str:
        return " ".join(f"{name}={n}" for name, n in counts.items())

    for sheet in plan.sheets:
        if sheet.reason == "hidden":
            continue
        click.echo(
            f"{sheet.name}: not read ({sheet_reason(sheet.reason)})"
            if sheet.reason
            else f"{sheet.name}: {line(sheet.counts())}"
        )
    counts = plan.counts()
    click.echo(line(counts))
    return 2 if not plan.is_readable else 1 if counts["failed"] else 0


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--programme", type=click.IntRange(2000, 2100), help="The programme year; without it, today's.")
@with_appcontext
def export_command(file: Path, programme: int | None) -> None:
    """Write everything the import understands to FILE, .xlsx or .csv."""
    from nbe.access import SYSTEM, leave_trail
    from nbe.core import clock
    from nbe.imports.exporting import Export, every_business, to_csv, to_xlsx
    from nbe.targets.queries import find_programme

    year = programme or clock.today().year
    ids, known = every_business(), find_programme(year)
    export = Export(SYSTEM, ids, known, year)
    written = f"{len(ids)} businesses"
    if file.suffix.lower() == ".csv":
        with file.open("wb") as stream:
            stream.writelines(to_csv(export))
    else:
        beside = _sheets_beside(known)
        with file.open("wb") as stream:
            to_xlsx(export, "Virksomheder", stream, [sheet for sheets in beside.values() for sheet in sheets])
        for entity, sheets in beside.items():
            leave_trail("export", entity, what="cli", rows=_count_rows(sheets), programme=year)
        written += "".join(f", {_count_rows(sheets)} {entity}s" for entity, sheets in beside.items())
    leave_trail("export", "business", what="cli", rows=len(ids), programme=year)
    click.echo(f"{written} are written to {file}.")


def _count_rows(sheets: list[SheetOut]) -> int:
    return sum(len(list(sheet.rows)) for sheet in sheets)


def _sheets_beside(programme: Programme | None) -> dict[str, list[SheetOut]]:
    """The measures of the programme, its teams and the events of its year; no sheet where there is nothing."""
    from nbe.access import SYSTEM
    from nbe.courses.exporting import sheets_of_programme
    from nbe.events.exporting import sheets_of_year
    from nbe.measures.exporting import sheet_of
    from nbe.measures.filters import MeasureFilter
    from nbe.measures.listing import list_measures_of

    if programme is None:
        return {}
    chosen = MeasureFilter(programme)
    rows = list_measures_of(SYSTEM, chosen, size=None).rows
    return {
        "measure": [sheet_of(rows, chosen)] if rows else [],
        "participant": list(sheets_of_programme(SYSTEM, programme)),
        "registration": sheets_of_year(SYSTEM, programme.year),
    }
