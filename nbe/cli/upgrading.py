"""`flask upgrade`: the schema and the reference data every instance holds."""

from __future__ import annotations

import click
from flask.cli import with_appcontext


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the schema up to date and hold municipalities, roles and code lists."""
    bring_up_to_date()
    click.echo("The database is up to date.")


def bring_up_to_date() -> None:
    """Schema and reference data; may be run again at any time. Needs an app context."""
    from nbe.accounts.reference import hold_roles
    from nbe.core.database import db, upgrade_schema, writing
    from nbe.measures.reference import hold_factors
    from nbe.pipeline.reference import hold_criteria
    from nbe.targets.reference import hold_municipalities

    upgrade_schema()
    with writing():
        db.session.info["unaudited"] = True  # what every instance holds is nobody's change
        hold_municipalities()
        hold_roles()
        hold_criteria()
        hold_factors()
        db.session.commit()
        db.session.info.pop("unaudited")
