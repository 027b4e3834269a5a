"""`flask mails`: the background jobs by hand or from cron, and how they stand."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext


@click.group("mails")
def mails_group() -> None:
    """Mail that waits."""


@mails_group.command("send")
@with_appcontext
def send_command() -> None:
    """Do what the jobs in the background do: run what is due, send the mail that is due."""
    from nbe.mails.jobs import run_periodic
    from nbe.mails.sending import send_due

    run_periodic()
    click.echo(f"Sent {send_due()}.")


@mails_group.command("status")
@with_appcontext
def status_command() -> None:
    """Tell what waits; exit 1 when a mail should have gone a quarter of an hour ago."""
    from nbe.mails.queries import backlog

    now = backlog()
    since = now.due_at.isoformat(timespec="seconds") if now.due_at else "-"
    click.echo(f"waiting={now.waiting} due_since={since} kept={now.kept} failed={now.failed} unsure={now.unsure}")
    sys.exit(1 if now.is_late else 0)
