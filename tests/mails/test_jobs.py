"""What other rooms want done every so often; waking after a commit; the whole under gunicorn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.mails import jobs
from nbe.mails.jobs import register_periodic, run_periodic
from nbe.models import Mail, Setting
from nbe.models.gathering_states import MailState
from tests.conftest import KEY, build
from tests.mails.letters import write
from tests.mails.servers import Post, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _no_others(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Only what a test registers: the app has put in its own before."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
    monkeypatch.setattr(jobs, "_periodic", {})


def note() -> None:
    db.session.add(Setting(key=f"prøve{db.session.scalar(sa.select(sa.func.count(Setting.key)))}", value="1"))


def test_a_job_runs_when_it_is_time_and_is_committed(app: Flask) -> None:
    register_periodic("proeve", note, 60)
    assert run_periodic() == ["proeve"]
    assert run_periodic() == []
    with writing():
        db.session.execute(
            sa.update(Setting).where(Setting.key == "job:proeve").values(value="2016-01-01T00:00:00+00:00")
        )
        db.session.commit()
    assert run_periodic() == ["proeve"]
    assert db.session.scalar(sa.select(sa.func.count(Setting.key)).where(Setting.key.like("prøve%"))) == 2


def test_a_job_that_fails_keeps_nothing_and_stops_no_other(app: Flask) -> None:
    def fail() -> None:
        note()
        raise RuntimeError("nej")

    register_periodic("fejl", fail, 1)
    register_periodic("efter", lambda: None, 1)
    assert run_periodic() == ["efter"]
    assert db.session.scalars(sa.select(Setting.key)).all() == ["job:efter"]


def test_of_many_processes_one_runs_a_job(app: Flask) -> None:
    register_periodic("proeve", note, 60)

    def work(_: int) -> list[str]:
        with app.app_context():
            try:
                return run_periodic()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert [name for names in pool.map(work, range(8)) for name in names] == ["proeve"]


def test_the_sender_is_woken_after_the_commit_alone(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(jobs, "wake", lambda: woken.append(1))
    write()
    assert woken == [1]
    with writing():
        note()
        db.session.flush()
        jobs.note_written()
        db.session.rollback()
        db.session.commit()
    assert woken == [1]


def test_the_command_does_what_the_jobs_do(sqlite_app: Flask, post: Post) -> None:
    sqlite_app.config["MAIL_URL"] = post.url
    write()
    done = sqlite_app.test_cli_runner().invoke(args=["mails", "send"])
    assert (done.exit_code, done.output.strip().splitlines()[-1]) == (0, "Sent 1.")


def test_under_gunicorn_mail_goes_by_itself_and_the_end_is_quick(db_url: str, post: Post) -> None:
    """A mail written by another process is found within the first minute; one woken for goes at once."""
    app = build(db_url, MAIL_URL=post.url)
    with app.app_context():
        mail_id = write().id
        db.session.remove()
        db.engine.dispose()
    port = free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("NBE")}
    environ |= {"DATABASE_URL": db_url, "SECRET_KEY": KEY, "MAIL_URL": post.url, "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "warning", "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not post.taken and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(post.taken) == 1
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.status == 200
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        _out, complaints = server.communicate(timeout=15)
        assert time.monotonic() - began < 4
        assert server.returncode == 0
        assert "Traceback" not in complaints
    finally:
        server.kill()
    with app.app_context():
        assert db.session.get_one(Mail, mail_id).state is MailState.SENT
        db.session.remove()
        db.engine.dispose()
