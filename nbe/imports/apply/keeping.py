"""What an import keeps of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db, table_of, upsert
from nbe.imports.apply.bulk import insert_rows
from nbe.imports.decide import RowPlan
from nbe.models import ImportMark, ImportRow


def keep_marks(rows: Sequence[RowPlan], business_ids: Sequence[int], programme_id: int) -> None:
    """What the deciding words of each row were, so that the same words change nothing next time."""
    marks = [
        {"business_id": business_id, "programme_id": programme_id, "signature": row.signature}
        for row, business_id in zip(rows, business_ids, strict=True)
        if row.unit is None or row.unit.mark != row.signature
    ]
    if marks:
        statement = upsert(table_of(ImportMark))
        statement = statement.on_conflict_do_update(
            index_elements=["business_id", "programme_id"], set_={"signature": statement.excluded.signature}
        )
        db.session.connection().execute(statement, marks)


def keep_rows(rows: Sequence[RowPlan], business_of: Mapping[int, int], import_id: int) -> None:
    """What was done with each row of the file; `business_of` leads from a plan's id() to its business."""
    db.session.execute(sa.delete(ImportRow).where(ImportRow.import_id == import_id))
    insert_rows(ImportRow, [kept_row(row, import_id, business_of.get(id(row))) for row in rows])


def kept_row(row: RowPlan, import_id: int, business_id: int | None) -> dict[str, Any]:
    """The record of one row of an import; cells are kept where there is something to remark."""
    return {
        "import_id": import_id,
        "sheet": row.sheet[:100],
        "row_number": row.number,
        "outcome": row.outcome,
        "business_id": business_id,
        "messages": [message.kept() for message in row.messages],
        "cells": row.cells,
    }
