"""The process is killed while it sends: nothing is lost, and nothing goes twice by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.mails.rules import unsure
from nbe.mails.sending import send_due
from nbe.models import Mail
from nbe.models.gathering_states import MailState
from tests.conftest import KEY, build
from tests.mails.letters import PAST, draft, people, send
from tests.mails.servers import Post, free_port
from tests.sizes import size

ROOT = Path(__file__).resolve().parents[2]
SERVER = ["gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "warning", "wsgi:app"]
COMMAND = ["flask", "--app", "wsgi", "mails", "send"]
MAILS = size(200, 0.2)


def _start(what: list[str], url: str, post: Post) -> subprocess.Popen[bytes]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("NBE")}
    environ |= {"DATABASE_URL": url, "SECRET_KEY": KEY, "MAIL_URL": post.url, "PORT": str(free_port())}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", *what], cwd=ROOT, env=environ, stdout=quiet, stderr=quiet, start_new_session=True
    )


def _kill_at(process: subprocess.Popen[bytes], post: Post, count: int) -> None:
    """`kill -9` of all its processes as soon as so many mails have come in, and a moment at random."""
    deadline = time.monotonic() + 90
    while len(post.taken) < count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(post.taken) >= count, "it did not send"
    time.sleep(count % 7 * 0.006)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _time_passes() -> None:
    """The dead job's claim runs out."""
    db.session.rollback()
    with writing():
        held = sa.update(Mail).where(Mail.state == MailState.SENDING)
        db.session.execute(held.values(claimed_until=clock.real_now() + PAST))
        db.session.commit()


def test_nothing_is_lost_and_nothing_goes_twice(db_url: str, post: Post) -> None:
    app, deaths = build(db_url, MAIL_URL=post.url), 0
    with app.app_context():
        assert send(draft(people(MAILS))) == MAILS
        db.session.remove()
        post.pause = 0.02
        goals = [MAILS * part // 10 for part in (1, 3, 5, 7)]
        for what, goal in zip((SERVER, COMMAND, COMMAND, SERVER), goals, strict=True):
            _kill_at(_start(what, db_url, post), post, goal)
            deaths += 1
            _time_passes()
        post.pause = 0.0
        send_due()
        db.session.rollback()
        mails = db.session.scalars(sa.select(Mail)).all()
        arrived, now = Counter(post.to), clock.real_now()
        assert set(arrived.values()) == {1}
        in_doubt = {mail.email for mail in mails if unsure(mail, now)}
        assert len(in_doubt) <= deaths
        assert {mail.state for mail in mails if mail.email not in in_doubt} == {MailState.SENT}
        assert set(arrived) | in_doubt == {mail.email for mail in mails}
        assert {mail.email for mail in mails} - in_doubt <= set(arrived)
        db.session.remove()
        db.engine.dispose()
