"""Edits of many measures taken back together, as an import's are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from nbe.access.changes import plain
from nbe.core.database import db
from nbe.measures.actions.following import follow_rows, is_as_told, rows_of_measure
from nbe.measures.actions.savings import empty, typed
from nbe.models import Change, Measure, Saving


def take_back_edits(measure: Measure, changes: Iterable[Change]) -> None:
    """Put fields back that still stand as `changes` (the latest first) left them, then follow the ledger.

    The rows of the ledger have been reversed before: a number that they no longer tell is gone.
    """
    records: dict[tuple[str, int], Any] = {(Measure.__tablename__, measure.id): measure}
    records |= {(Saving.__tablename__, saving.id): saving for saving in measure.savings}
    with db.session.no_autoflush:
        for change in changes:
            record = records.get((change.entity, change.entity_id))
            if record is None or change.operation != "U":
                continue
            for name, (old, new) in change.diff.items():
                if _is_still(getattr(record, name), new):
                    setattr(record, name, _old(name, old))
    rows = rows_of_measure(measure)
    for saving in measure.savings:
        if not is_as_told(saving, rows[-1] if rows else None):
            empty(saving)
    follow_rows(measure, rows)
    db.session.flush()


def _is_still(value: Any, kept: Any) -> bool:
    """Whether a field stands as the audit says it was left; 650 and 650.000 are the same."""
    return value == Decimal(str(kept)) if isinstance(value, Decimal) and kept is not None else plain(value) == kept


def _old(name: str, value: Any) -> Any:
    return dt.date.fromisoformat(value) if name.endswith("_on") and value else typed(name, value)
