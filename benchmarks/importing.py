"""Import of a spreadsheet, beside reading it and inserting the very rows the import writes."""

from __future__ import annotations

import datetime as dt
import gc
import io
import os
import random
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks.data import YEAR, kept_database, make_app
from benchmarks.report import IMPORT_TO_FLOOR, Limit, Line, Report

ROWS = 10_000
_FIRST_CVR = 40_000_000
_NOTE = "the same sheet read, and the same rows inserted with Core"
_HEADINGS = (
    "Virksomhed", "CVR-nr.", "Kommune", "Adresse", "Postnr.", "By", "Branchekode", "Ansatte", "Kontaktperson", "Tlf.",
    "E-mail", "Tilmeldt netværk", "Status", "Screening", "Bemærkninger",
)  # fmt: skip
_STAGES = (
    "Bruttoliste",
    "Kontaktet",
    "Interesseret",
    "Under vurdering",
    "Egnet",
    "Aftale indgået",
    "Screening planlagt",
)
# The tables an import writes, in an order in which what is referred to comes first.
_TABLES = (
    "import_run", "business", "contact", "membership", "candidacy", "ledger", "import_mark", "import_row", "change",
)  # fmt: skip


def make_sheet(rows: int) -> bytes:
    """A candidate list as municipalities send it, with so many businesses nobody knows."""
    from nbe.core.sheets import Column, SheetOut, write_xlsx
    from nbe.demo.names import TOWNS, cvr_numbers, make_business, make_person
    from nbe.targets.reference import NAMES

    rng = random.Random(2)
    numbers = cvr_numbers(_FIRST_CVR)
    lines: list[list[Any]] = []
    for place in range(rows):
        code = rng.choice(sorted(TOWNS))
        business, person = make_business(rng, next(numbers), code), make_person(rng)
        day = dt.date(2015, 1, 5) + dt.timedelta(days=rng.randrange(400))
        lines.append(
            [
                f"{business['name']} {place}", business["cvr"], NAMES[code], business["address"],
                business["postcode"],
                business["town"], business["industry_code"], business["employees"], person.name, person.phone,
                person.email, day if rng.random() < 0.5 else None, rng.choice(_STAGES), None,
                "Ringer igen efter ferien" if rng.random() < 0.2 else None,
            ]
        )  # fmt: skip
    kinds = {"Ansatte": "integer", "Tilmeldt netværk": "date"}
    columns = [Column(heading, kinds.get(heading, "text")) for heading in _HEADINGS]  # type: ignore[arg-type]
    stream = io.BytesIO()
    write_xlsx(stream, [SheetOut("Virksomheder", columns, lines)])
    return stream.getvalue()


class Importer:
    """Imports one sheet into fresh copies of one kept database, in the service's way and in the floor's."""

    def __init__(self, size: int, content: bytes, rows: int, folder: Path) -> None:
        self.size, self.content = size, content
        self.path = folder / f"import-{size}.sqlite"
        self._renew()
        self.app: Flask = make_app(self.path)
        self._look_at_what_is_written(rows)

    def _renew(self) -> None:
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        shutil.copyfile(kept_database(self.size), self.path)
        with self.path.open("rb") as file:
            os.fsync(file.fileno())  # so that the measured commit does not wait for the copy

    def _look_at_what_is_written(self, rows: int) -> None:
        """Import once, and take the new rows of every table: what the floor inserts."""
        from nbe.core.database import Base, db

        self.tables = {name: Base.metadata.tables[name] for name in _TABLES}
        total = Base.metadata.tables["total"]
        with self.app.app_context():
            ends = {
                name: db.session.scalar(sa.select(sa.func.max(_mark_of(table)))) or 0
                for name, table in self.tables.items()
            }
            before = set(map(tuple, db.session.execute(sa.select(total))))
            db.session.rollback()
            self._import()
            self.written = {
                name: [dict(r) for r in db.session.execute(_after(table, ends)).mappings()]
                for name, table in self.tables.items()
            }
            after = set(map(tuple, db.session.execute(sa.select(total))))
            self.totals = [dict(zip(total.c.keys(), row, strict=True)) for row in sorted(after - before)]
            db.session.remove()
            db.engine.dispose()
        assert len(self.written["candidacy"]) == rows, len(self.written["candidacy"])

    def _import(self) -> None:
        from nbe.imports.whole import import_file

        import_file(self.content, "kandidatliste.xlsx", YEAR)

    def _insert(self) -> None:
        from python_calamine import CalamineWorkbook

        from nbe.core.database import Base, db, upsert, writing

        book = CalamineWorkbook.from_filelike(io.BytesIO(self.content))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        with writing(), db.engine.begin() as connection:
            for name, table in self.tables.items():
                if self.written[name]:
                    connection.execute(sa.insert(table), self.written[name])
            total = Base.metadata.tables["total"]
            statement = upsert(total)
            statement = statement.on_conflict_do_update(
                index_elements=[column.name for column in total.primary_key],
                set_={"delta": statement.excluded.delta},
            )
            connection.execute(statement, self.totals)

    def timed(self, *, floor: bool) -> float:
        """Milliseconds of one import, or of its floor, into a fresh copy."""
        from nbe.core.database import db

        self._renew()
        gc.collect()
        with self.app.app_context():
            begun = time.perf_counter()
            (self._insert if floor else self._import)()
            spent = (time.perf_counter() - begun) * 1000
            db.session.remove()
            db.engine.dispose()
        return spent


def _mark_of(table: sa.Table) -> sa.Column[Any]:
    return table.c.business_id if table.name == "import_mark" else table.c.id


def _after(table: sa.Table, ends: Mapping[str, int]) -> sa.Select[Any]:
    end = ends["business"] if table.name == "import_mark" else ends[table.name]
    return sa.select(table).where(_mark_of(table) > end).order_by(_mark_of(table))


def measure(sizes: Sequence[int], folder: Path, rounds: int, report: Report, rows: int = ROWS) -> None:
    """The import and its floor at every size, in turn."""
    content = make_sheet(rows)
    importers = [Importer(size, content, rows, folder) for size in sizes]
    found: dict[tuple[int, bool], list[float]] = {(size, floor): [] for size in sizes for floor in (False, True)}
    for number in range(rounds):
        for importer in importers if number % 2 == 0 else reversed(importers):
            for floor in (False, True) if number % 2 == 0 else (True, False):
                found[importer.size, floor].append(importer.timed(floor=floor))
    for size in sizes:
        report.lines.append(Line(f"Import of {rows:,} rows", size, found[size, False], found[size, True], note=_NOTE))
        report.limits.append(Limit(f"Import at {size:,} to its floor", report.lines[-1].ratio, IMPORT_TO_FLOOR))
