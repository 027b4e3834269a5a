"""From cells to values. Pure."""

from __future__ import annotations

from nbe.imports.values.cells import READERS, Municipalities, RefusedCellError, one_line, shown
from nbe.imports.values.rows import Read, RowReader, is_data

__all__ = ["READERS", "Municipalities", "Read", "RefusedCellError", "RowReader", "is_data", "one_line", "shown"]
