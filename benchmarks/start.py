"""Start-up and memory of the service's process, beside those of bare Flask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from benchmarks.data import ROOT, Instance, session_token, settings
from benchmarks.report import Line, Report

# Libraries that take long to load and are needed by few pages.
HEAVY = ("pandas", "numpy", "plotly", "xlsxwriter", "python_calamine", "alembic")
_RSS = """
import sys
def told():
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1])
"""
_SERVICE = """
import json
from wsgi import app
import sys
started = sorted(name for name in {heavy!r} if name in sys.modules)
client = app.test_client()
client.set_cookie("nbe", {token!r})
answer = client.get("/")
assert answer.status_code == 200, answer.status
answer.get_data()
print(json.dumps([told(), started]))
"""
_FLASK = """
import json
from flask import Flask, render_template_string
app = Flask(__name__)
@app.get("/")
def show():
    return render_template_string("<h1>{{ n }}</h1>", n=1)
app.test_client().get("/").get_data()
print(json.dumps([told(), []]))
"""


def _run(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def _spent(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def measure(instance: Instance, rounds: int, report: Report) -> None:
    """New processes in turn: the service up to the first request it could take; Flask imported; then their memory."""
    environment = {**os.environ, **settings(instance.path), "PYTHONPATH": str(ROOT)}
    service = partial(_run, "import wsgi", environment)
    flask = partial(_run, "import flask", environment)
    service(), flask()
    times = [(_spent(service), _spent(flask)) for _ in range(rounds)]
    values, floors = zip(*times, strict=True)
    report.lines.append(Line("Start-up", None, values, floors, note="importing Flask; both in new processes"))
    page = _RSS + _SERVICE.format(heavy=HEAVY, token=session_token(instance.app))
    memory, heavy = json.loads(_run(page, environment))
    bare, _ = json.loads(_run(_RSS + _FLASK, environment))
    note = "Flask with one page; both after the first page"
    report.lines.append(Line("Memory", instance.size, [memory / 1024], [bare / 1024], "MB", note))
    report.notes.append(
        f"Loaded at start though few pages need it: {', '.join(heavy)}."
        if heavy
        else f"Not loaded at start: {', '.join(HEAVY)}."
    )
