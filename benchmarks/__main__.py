"""`python -m benchmarks [--sizes 1000,10000] [--quick]`: measure, print the table, say what was reached."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import importing, moves, pages, start, weight
from benchmarks.data import open_instance
from benchmarks.report import Report, show

SIZES = "1000,10000,100000"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="What the service costs, beside floors.")
    parser.add_argument("--sizes", default=SIZES, help=f"numbers of businesses, from few to many (default {SIZES})")
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 businesses, few rounds: a first look")
    arguments = parser.parse_args()
    if arguments.quick and arguments.sizes == SIZES:
        arguments.sizes = "1000,10000"
    return arguments


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    """Measure everything; the floors in the same run, in turn with what they are held against."""
    arguments = _arguments()
    sizes = sorted({int(size.replace("_", "")) for size in arguments.sizes.split(",")})
    rounds = 9 if arguments.quick else 31
    begun = time.perf_counter()
    report = Report()
    print(f"Machine: {_machine()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="nbe-bench-") as name:
        folder = Path(name)
        instances = [open_instance(size, folder) for size in sizes]
        for instance in instances:
            pages.add_floor(instance.app)
        _say("pages")
        pages.measure(instances, rounds, report)
        _say("moves")
        moves.measure(instances, rounds, report)
        _say("import")
        importing.measure(sizes, folder, 1 if arguments.quick else 5, report)
        _say("start-up and memory")
        start.measure(instances[-1], 3 if arguments.quick else 9, report)
        _say("weight of the pages")
        weight.measure(instances[0], report)
    print(show(report))
    spent, load = time.perf_counter() - begun, os.getloadavg()[0]
    print(f"\n{spent:.0f} s in all; medians, each in turn with its floor; load now {load:.1f}.")


def _say(what: str) -> None:
    print(f"· measuring {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
