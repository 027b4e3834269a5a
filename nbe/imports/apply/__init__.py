"""Carrying a plan out: bulk inserts and updates, one call to the ledger, whole or not at all.

Runs inside the caller's transaction, which holds the write lock; the plan must have been made
in the same transaction, or nothing may have changed since.
"""

from __future__ import annotations

from nbe.imports.apply.applier import Applier
from nbe.imports.apply.bulk import insert_rows, update_rows
from nbe.imports.apply.keeping import kept_row

__all__ = ["Applier", "insert_rows", "kept_row", "update_rows"]
