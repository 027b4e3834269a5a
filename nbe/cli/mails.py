"""`flask mails`: the background jobs by hand or from cron."""

from __future__ import annotations

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
