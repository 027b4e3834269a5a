"""What a person does with an import on its page: columns by hand, go-ahead, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db, table_of, upsert
from nbe.imports.headings import heading_key, match_columns
from nbe.imports.undo import undo_import
from nbe.models import HeadingChoice, ImportRow, ImportRun
from nbe.models.states import ImportState


def choose_columns(run: ImportRun, mapping: Mapping[str, Any], year: int) -> None:
    """Keep the columns chosen by hand, remember them for the next file, and have the run planned anew."""
    remember_headings(run, mapping)
    run.mapping = dict(mapping)
    run.programme_year = year
    run.state = ImportState.UPLOADED
    run.message = ""
    db.session.flush()


def remember_headings(run: ImportRun, mapping: Mapping[str, Any]) -> None:
    """What differs from what a heading alone would give is remembered for the municipality (0: everybody)."""
    rows: dict[str, dict[str, Any]] = {}
    for sheet in (run.counts or {}).get("sheets", []):
        chosen = mapping.get(sheet["name"])
        if not chosen or not chosen["read"] or not sheet["header"]:
            continue
        headings = sheet["header"]["headings"]
        plain = match_columns(headings)
        for index, heading in enumerate(headings):
            key, field = heading_key(heading), chosen["columns"].get(str(index), "")
            if key and (field != plain.get(index, "") or field != sheet["header"]["fields"].get(str(index), "")):
                rows[key] = {"heading": key, "municipality_code": run.municipality_code or 0, "field": field}
    if rows:
        statement = upsert(table_of(HeadingChoice))
        statement = statement.on_conflict_do_update(
            index_elements=["heading", "municipality_code"], set_={"field": statement.excluded.field}
        )
        db.session.connection().execute(statement, list(rows.values()))


def go_ahead(run: ImportRun, user_id: int | None) -> bool:
    """Have the good rows put in; -> whether there is work to start (a second go-ahead starts none)."""
    if run.state is not ImportState.PLANNED:
        return False
    run.state = ImportState.APPLYING
    run.user_id = user_id
    run.message = ""
    db.session.flush()
    return True


def take_back(run: ImportRun, user_id: int | None) -> bool:
    """Undo an applied run; -> whether this did it."""
    if run.state is not ImportState.APPLIED:
        return False
    undo_import(run, user_id=user_id)
    return True


def throw_away(run: ImportRun) -> None:
    """A file that was read but never loaded is forgotten."""
    if run.state in (ImportState.PLANNED, ImportState.UPLOADED):
        run.state, run.content, run.message = ImportState.REFUSED, None, "thrown_away"
        run.undone_at = clock.now()
        run.counts = None
        db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == run.id))
        db.session.flush()
