"""Runs each promise's tests at the full figure and prints one line per promise; exit 1 when one is missed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

from tests.drill.promises import PROMISES, Promise

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("djlint", "templates", "--lint", "--quiet"),
)


def _run(promise: Promise) -> tuple[bool, str]:
    environment = {**os.environ, "NBE_DRILL": "1"}
    if promise.tests == ("check",):
        folder = os.path.dirname(sys.executable)
        codes = [
            subprocess.run([os.path.join(folder, name), *rest], capture_output=True).returncode
            for name, *rest in CHECKS
        ]
        return not any(codes), f"{len(codes)} tools"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", *promise.tests],
        env=environment,
        capture_output=True,
        text=True,
    )
    closing = re.findall(r"^.*\b(?:passed|failed|error).* in .*$", done.stdout, re.M)
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-2000:])
    # Tests that did not run have reached nothing.
    return done.returncode == 0 and bool(closing), closing[-1].strip("= ") if closing else "nothing ran"


def main(wanted: list[str]) -> int:
    """Run all promises, or those whose numbers are given."""
    missed = 0
    for promise in PROMISES:
        if wanted and str(promise.number) not in wanted:
            continue
        start = time.monotonic()
        reached, told = _run(promise)
        missed += not reached
        seconds = time.monotonic() - start
        word = "reached" if reached else "MISSED "
        print(f"{promise.number:>3}  {word}  {promise.says}  ({told}; {seconds:.0f} s)", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
