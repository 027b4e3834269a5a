"""`flask figures`: the figures of a programme. `flask check`: are the totals and the records what the ledger says."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from nbe.figures import FigureSet
    from nbe.models import Programme


class Day(click.ParamType[dt.date]):
    """A day, ISO or as Danes write it."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from nbe.core.dates import parse_date

        try:
            return parse_date(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2016-04-25.", param, ctx)


@click.command("figures")
@click.option("--programme", "year", type=int, help="The programme year; the latest begun when left out.")
@click.option("--municipality", "code", type=int, help="The municipality's code, such as 849; all when left out.")
@click.option("--as-of", "as_of", type=Day(), help="The day the figures are for; today when left out.")
@click.option("--json", "as_json", is_flag=True, help="As the JSON object of the interface.")
@with_appcontext
def figures_command(year: int | None, code: int | None, as_of: dt.date | None, as_json: bool) -> None:
    """Members, candidates, suitable of target and the rest, for one municipality or all."""
    from flask_babel import force_locale

    from nbe.core import clock
    from nbe.core.database import db
    from nbe.figures import compute
    from nbe.models import Municipality

    if code is not None and (not 0 < code < 10_000 or db.session.get(Municipality, code) is None):
        raise click.ClickException(f"There is no municipality with the code {code}.")
    figures = compute(_find_programme(year), as_of or clock.today(), code)
    with force_locale("da"):
        if as_json:
            click.echo(json.dumps(figures.as_json(code), ensure_ascii=False, indent=2))
        else:
            click.echo(_as_text(figures, code))


def _find_programme(year: int | None) -> Programme:
    from nbe.core import clock
    from nbe.targets.queries import current_programme, find_programme

    programme = current_programme(clock.today()) if year is None else find_programme(year)
    if programme is None:
        which = "any programme" if year is None else f"the programme {year}"
        raise click.ClickException(f"There is no such thing yet as {which}.")
    return programme


def _as_text(figures: FigureSet, code: int | None) -> str:
    from nbe.figures.declared import MAIN_FIGURES

    name = "Alle kommuner" if code is None else figures.names[code]
    lines = [f"{name}, forløbsår {figures.year}, pr. {figures.as_of:%d-%m-%Y}"]
    for figure in MAIN_FIGURES:
        value = figures.value(figure.key, code)
        text = "–" if value is None else str(value).replace(".", ",")
        of_target = f" af {figures.target(code)}" if figure.has_target else ""
        lines.append(f"{figure.title!s:<20}{text:>8}{of_target}")
    return "\n".join(lines)


@click.command("check")
@with_appcontext
def check_command() -> None:
    """Recount everything from the ledger; exit 1 and say where anything differs."""
    from nbe.figures.checking import find_differences

    found = 0
    for line in find_differences():
        click.echo(line)
        found += 1
    if found:
        raise click.ClickException(f"{found} differences.")
    click.echo("The totals and the records are what the ledger says.")
