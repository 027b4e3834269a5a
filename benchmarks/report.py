"""The table that is printed, and the limits it is held against."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.timing import ratio

# name: what must hold (issue 2, point 15)
OVERVIEW_GROWTH = 1.5
LIST_GROWTH = 1.5
LIST_TO_FLOOR = 2.0
IMPORT_TO_FLOOR = 4.0
FIRST_VIEW_KB = 350.0
FIRST_VIEW_CHARTS_KB = 750.0
NEXT_VIEW_KB = 40.0


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement beside its floor, round by round; `unit` of both."""

    what: str
    size: int | None
    values: Sequence[float]
    floors: Sequence[float]
    unit: str = "ms"
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times its floor it costs."""
        return ratio(self.values, self.floors)


@dataclass(frozen=True, slots=True)
class Limit:
    """What was to be reached, and what was."""

    what: str
    value: float
    limit: float
    unit: str = "×"

    @property
    def verdict(self) -> str:
        """Reached, or missed and by how much."""
        if self.value <= self.limit:
            return "reached"
        over = self.value - self.limit
        return f"MISSED by {over:.2f} {self.unit} ({over / self.limit:.0%})"


@dataclass(slots=True)
class Report:
    """Everything measured in one run."""

    lines: list[Line] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        return "  ".join([*cells, row[-1]]).rstrip()

    return [line(head), "  ".join("-" * width for width in widths), *map(line, rows)]


def _number(value: float, unit: str) -> str:
    if unit == "ms":
        return f"{value:,.0f} ms" if value >= 1000 else f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms"
    return f"{value:,.1f} {unit}"


def show(report: Report) -> str:
    """The report as text."""
    rows = [
        (
            line.what,
            f"{line.size:,}" if line.size else "",
            _number(statistics.median(line.values), line.unit),
            _number(statistics.median(line.floors), line.unit),
            f"{line.ratio:.2f}×",
            line.note,
        )
        for line in report.lines
    ]
    text = _table(("measured", "businesses", "service", "floor", "ratio", "the floor is"), rows)
    held = [
        (limit.what, f"{limit.value:.2f} {limit.unit}", f"≤ {limit.limit:g} {limit.unit}", limit.verdict)
        for limit in report.limits
    ]
    if held:
        text += ["", *_table(("limit", "measured", "to reach", "verdict"), held)]
    return "\n".join([*text, *(["", *report.notes] if report.notes else [])])
