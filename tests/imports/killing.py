"""An import killed at a random moment, on a database of its own: it is there whole, or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent.parent
_COUNTS = (
    "SELECT (SELECT count(*) FROM business WHERE substr(cvr, 1, 1) = '7'), (SELECT count(*) FROM contact), "
    "(SELECT count(*) FROM candidacy), (SELECT count(*) FROM ledger), (SELECT count(*) FROM import_row), "
    "(SELECT count(*) FROM import_run WHERE state = 'applied')"
)


def _start(url: str, file: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "NBE_TODAY": "2016-04-25", "NBE_ENV": "development"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", str(file), "--programme", "2016"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def counts_of(url: str) -> tuple[int, ...]:
    """(businesses, contacts, candidacies, ledger rows, import rows, imports) as the database has them."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = tuple(connection.exec_driver_sql(_COUNTS).one())
    engine.dispose()
    return found


def kill_at_random(url: str, file: Path, size: int, times: int, seed: int = 1) -> int:
    """Kill `times` imports of `file` (`size` rows) at random moments, then let one finish; -> how many were whole.

    Raises AssertionError at the first half import.
    """
    rng = random.Random(seed)
    started = time.monotonic()
    probe = _start(url, file.with_name("missing.csv"))
    probe.wait()
    longest = max(1.0, (time.monotonic() - started) * 2)
    whole = 0
    for _ in range(times):
        process = _start(url, file)
        time.sleep(rng.uniform(0.2, longest))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.2)
        found = counts_of(url)
        assert found[:4] in ((0, 0, 0, 0), (size,) * 4), found
        assert found[4] == size * found[5], found
        whole += found[0] == size
    assert _start(url, file).wait() == 0
    assert counts_of(url)[:4] == (size,) * 4
    return whole
