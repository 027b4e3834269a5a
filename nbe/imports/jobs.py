"""Work that goes on after the answer: reading and loading a file in a thread, with its progress to be asked for."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

import structlog
from flask import Flask

from nbe.core.database import db, writing
from nbe.imports.plan import Progress
from nbe.imports.runs import WAIT_FOR_OTHERS
from nbe.models import ImportRun
from nbe.models.states import ImportState

log = structlog.get_logger()

PATIENCE = 1.5  # seconds in which most files are done, so that the next page shows the outcome at once
_progress: dict[int, tuple[int, int]] = {}
Work = Callable[[int, Progress], object]


def progress_of(run_id: int) -> tuple[int, int] | None:
    """(done, total) of work going on in this process; None when there is none."""
    return _progress.get(run_id)


def start(app: Flask, work: Work, run_id: int) -> None:
    """Do `work` on a run in a thread of its own, and wait for it a moment."""
    if run_id in _progress:
        return
    _progress[run_id] = (0, 0)
    thread = threading.Thread(
        target=contextvars.Context().run, args=(_do, app, work, run_id), name=f"import-{run_id}", daemon=True
    )
    thread.start()
    thread.join(None if app.config.get("TESTING") else PATIENCE)


def _do(app: Flask, work: Work, run_id: int) -> None:
    def note(done: int, total: int) -> None:
        _progress[run_id] = (done, total)

    try:
        with app.app_context():
            try:
                work(run_id, note)
            except Exception:
                log.exception("import_failed", run_id=run_id)
                db.session.rollback()
                _give_up(run_id)
    finally:
        _progress.pop(run_id, None)


def _give_up(run_id: int) -> None:
    """Nothing has gone in; say so on the page."""
    with writing(WAIT_FOR_OTHERS):
        run = db.session.get(ImportRun, run_id)
        if run is not None and run.state is ImportState.APPLYING:
            run.state, run.message = ImportState.PLANNED, "failed"
        elif run is not None and run.state is ImportState.UPLOADED:
            run.state, run.message, run.content = ImportState.REFUSED, "failed", None
        db.session.commit()
