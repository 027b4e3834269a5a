"""The benchmarks still run: once through, on next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import data, importing, moves, pages
from benchmarks.report import Limit, Report, show


def test_the_benchmarks_run_and_tell_what_was_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "KEPT", tmp_path)
    report = Report()
    instance = data.open_instance(600, tmp_path)
    pages.add_floor(instance.app)
    pages.measure([instance], 1, report)
    moves.measure([instance], 1, report)
    importing.measure([600], tmp_path, 1, report, rows=20)
    assert [line.what for line in report.lines] == [
        "Overblik",
        "Candidate list",
        "Move of one candidate",
        "Import of 20 rows",
    ]
    assert all(line.ratio > 0 for line in report.lines)
    text = show(report)
    assert "Candidate list at 600 to its floor" in text


def test_a_missed_limit_says_by_how_much() -> None:
    assert Limit("x", 1.5, 1.5).verdict == "reached"
    assert Limit("x", 3.0, 2.0).verdict == "MISSED by 1.00 × (50%)"
