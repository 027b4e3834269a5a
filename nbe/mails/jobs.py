"""Background jobs: mail as soon as it is written, and what other rooms want done every so often.

The queue (huey) lies beside the SQLite database or in tables of its own in PostgreSQL; it says only that there is
something to do. What is to be done stands in the service's own tables, so a lost queue loses nothing: each minute
everything due is looked for anew.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session

from nbe.access.stored import read_settings, write_setting
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails.sending import send_due

log = structlog.get_logger()
_WRITTEN = "mails_written"


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something done every so often."""

    name: str
    function: Callable[[], object]
    every: dt.timedelta


_periodic: dict[str, Periodic] = {}


def register_periodic(name: str, function: Callable[[], object], minutes: int) -> None:
    """Have `function` run every so many minutes, in an app context and a write transaction that is committed after it.

    Of several processes one runs it, and what was missed while the service was down is done once when it is up. When
    it raises, nothing of it is kept, and it is tried again a minute later. `name` remembers the last run: keep it.
    """
    _periodic[name] = Periodic(name, function, dt.timedelta(minutes=minutes))


def run_periodic() -> list[str]:
    """Run what is due and return its names; needs an app context."""
    return [job.name for job in list(_periodic.values()) if _run(job)]


def _run(job: Periodic) -> bool:
    key, now = f"job:{job.name}"[:40], clock.real_now()
    last = read_settings(key).get(key)
    db.session.rollback()
    if last and dt.datetime.fromisoformat(last) + job.every > now:
        return False
    try:
        with writing():
            if read_settings(key, for_update=True).get(key) != last:
                db.session.rollback()
                return False  # another process was first
            write_setting(key, now.isoformat())
            job.function()
            db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("job_failed", job=job.name)
        return False
    return True


def note_written() -> None:
    """Mails were written in this transaction: wake the sender once it is committed."""
    db.session.info[_WRITTEN] = True


def _after_commit(session: Session) -> None:
    if session.info.get(_WRITTEN) and not session.in_nested_transaction():
        session.info.pop(_WRITTEN)
        wake()


def _after_rollback(session: Session) -> None:
    session.info.pop(_WRITTEN, None)


def wake() -> None:
    """Ask the job to send at once. Where that fails, it looks by itself within a minute."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the app itself, for other threads
    if not _is_on(app):
        return
    try:
        queue_of(app).send()
    except Exception:
        log.exception("queue_not_reached")


def _is_on(app: Flask) -> bool:
    return not app.config.get("TESTING") and app.config.get("JOBS", "on") != "off"


class Queue:
    """The queue of an app, and its two tasks."""

    def __init__(self, app: Flask) -> None:
        self.huey = _make_huey(app)
        self.is_stopping = threading.Event()
        self.send: Any = self.huey.task(name="send")(self._send)
        self.huey.periodic_task(crontab(minute="*"), name="tick")(self._tick)
        self._app = app

    def _send(self) -> None:
        with self._app.app_context():
            try:
                send_due(self.is_stopping.is_set)
            finally:
                db.session.remove()

    def _tick(self) -> None:
        with self._app.app_context():
            run_periodic()
            db.session.remove()
        self._send()


def queue_of(app: Flask) -> Queue:
    """The app's queue, made when first asked for."""
    with _making:
        if "jobs" not in app.extensions:
            app.extensions["jobs"] = Queue(app)
    queue: Queue = app.extensions["jobs"]
    return queue


_making = threading.Lock()


def _make_huey(app: Flask) -> Huey:
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    # What lies in the queue is unpickled: only what this service has signed is.
    options: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=str(app.secret_key))}
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey("nbe", dsn=dsn, **options)
    if not url.database or url.database == ":memory:":
        return MemoryHuey("nbe", **options)
    path = Path(app.instance_path) / url.database
    return SqliteHuey("nbe", filename=str(path.with_name(f"{path.stem}-jobs.sqlite")), **options)


def start(app: Flask) -> Consumer | None:
    """Begin to work through the queue in threads of this process; the caller stops it with `stop`."""
    if not _is_on(app):
        return None
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = queue_of(app)
    consumer = Consumer(queue.huey, workers=1, max_delay=1.0, shutdown_timeout=8)
    consumer._set_signal_handlers = lambda: None  # signals are the server's
    consumer.start()
    queue.send()
    return consumer


def stop(app: Flask, consumer: Consumer | None) -> None:
    """End the work after the mail that is on its way."""
    if consumer is not None:
        queue_of(app).is_stopping.set()
        consumer.stop(graceful=True)


def init_jobs() -> None:
    """Listen for commits, once per process."""
    if not event.contains(Session, "after_commit", _after_commit):
        event.listen(Session, "after_commit", _after_commit)
        event.listen(Session, "after_rollback", _after_rollback)
