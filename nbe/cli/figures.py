"""`flask figures`: the figures of a programme. `flask check`: are the totals and the records what the ledger says."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from nbe.figures import Figure, FigureSet
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
    from nbe.figures.declared import (
        COURSE_FIGURES,
        DAYS_TO_SCREENED,
        EVENT_FIGURES,
        HOUR_FIGURES,
        MAIN_FIGURES,
        SCREENING_FIGURES,
    )

    name = "Alle kommuner" if code is None else figures.names[code]
    lines = [f"{name}, forløbsår {figures.year}, pr. {figures.as_of:%d-%m-%Y}"]
    for group in (MAIN_FIGURES, (*SCREENING_FIGURES, DAYS_TO_SCREENED), HOUR_FIGURES):
        lines += [_line(figures, figure, code) for figure in group]
        lines.append("")
    lines[-2] += f" ({str(figures.coverage[code].state.label).lower()})"
    lines += [*_savings(figures, code), ""]
    lines += [_line(figures, figure, code) for figure in (*COURSE_FIGURES, *EVENT_FIGURES)]
    return "\n".join(lines)


def _line(figures: FigureSet, figure: Figure, code: int | None) -> str:
    of_target = f" af {figures.target(code)}" if figure.has_target else ""
    return f"{figure.title!s:<32}{_number(figures.value(figure.key, code)):>8}{of_target}"


def _savings(figures: FigureSet, code: int | None) -> list[str]:
    """Measures and savings: a line for each, the three phases beside each other and never added up."""
    from nbe.figures.declared import MEASURE_LINES
    from nbe.models.states import SavingPhase

    lines = [" " * 32 + "".join(f"{phase.label!s:>15}" for phase in SavingPhase)]
    for line in MEASURE_LINES:
        head = f"{line.title}, {line.unit_words}" if line.unit_words else str(line.title)
        numbers = (_number(figures.value(figure.key, code)) for figure in line.figures)
        lines.append(f"{head:<32}" + "".join(f"{number:>15}" for number in numbers))
    return lines


def _number(value: float | None) -> str:
    """As Danes write it: 1.234,5; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


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
