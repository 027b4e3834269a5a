"""The commands operators use: `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask


def init_commands(app: Flask) -> None:
    """Register every command; each imports what it needs only when it runs."""
    from nbe.cli.demo import demo_command
    from nbe.cli.figures import check_command, figures_command
    from nbe.cli.importing import export_command, import_command
    from nbe.cli.mails import mails_group
    from nbe.cli.upgrading import upgrade_command
    from nbe.cli.users import user_group

    app.cli.add_command(upgrade_command)
    app.cli.add_command(demo_command)
    app.cli.add_command(user_group)
    app.cli.add_command(import_command)
    app.cli.add_command(export_command)
    app.cli.add_command(figures_command)
    app.cli.add_command(check_command)
    app.cli.add_command(mails_group)
