"""`flask demo`: the story, or as many synthetic businesses as asked for."""

from __future__ import annotations

import click
from flask.cli import with_appcontext


@click.command("demo")
@click.option(
    "--businesses", type=click.IntRange(1, 2_000_000), help="So many synthetic businesses instead of the story."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same businesses.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are businesses already.")
@with_appcontext
def demo_command(businesses: int | None, seed: int, if_empty: bool) -> None:
    """Fill this instance with made-up data."""
    from flask import current_app

    from nbe.core.database import db, writing
    from nbe.demo.bulk import load_businesses
    from nbe.demo.story import is_empty, tell_story

    if current_app.config["IS_PRODUCTION"]:
        raise click.ClickException("The demo is not loaded in production.")
    with writing():
        if businesses is None and not is_empty():
            if if_empty:
                click.echo("There are businesses already; the demo is not loaded.")
                return
            raise click.ClickException("There are businesses already; the story needs an empty database.")
        if businesses is None:
            tell_story()
            click.echo("The story is loaded: it is 25 April 2016.")
        else:
            load_businesses(businesses, seed)
            click.echo(f"{businesses} businesses are loaded.")
        db.session.commit()
