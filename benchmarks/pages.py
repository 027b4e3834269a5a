"""Overblik and the candidate list, beside a page with the same frame that runs one indexed query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from benchmarks.data import MUNICIPALITY, YEAR, Instance
from benchmarks.report import LIST_GROWTH, LIST_TO_FLOOR, OVERVIEW_GROWTH, Limit, Line, Report
from benchmarks.timing import ratio, series

OVERVIEW = "/"
LIST = f"/kandidater?aar={YEAR}&kommune={MUNICIPALITY}&visning=tabel"
FLOOR = "/benchmark/floor"
OVERVIEW_ROWS, LIST_ROWS = 11, 50
_FLOOR_NOTE = "same frame and session, one indexed query, {} rows"


def add_floor(app: Flask) -> None:
    """Give this app the floor page: so many candidates of one municipality, by name."""
    from nbe.access import Feature, Permission
    from nbe.core.database import db
    from nbe.models import Business, Candidacy

    bp = Feature("floor", __name__)
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(Path(__file__).parent)])  # type: ignore[list-item]
    columns = (
        Candidacy.id, Business.name, Business.town, Business.industry_code, Candidacy.stage, Candidacy.next_step,
        Candidacy.next_step_on, Business.last_activity_on, Candidacy.source,
    )  # fmt: skip

    @bp.get(FLOOR, needs=Permission.LISTS_READ)
    def floor() -> str:
        statement = (
            sa.select(*columns)
            .join(Business, Business.id == Candidacy.business_id)
            .where(Business.municipality_code == MUNICIPALITY)
            .order_by(Business.sort_key, Business.id)
            .limit(int(request.args["rows"]))
        )
        return render_template("floor.html", rows=db.session.execute(statement).all())

    app.register_blueprint(bp)


def _getter(instance: Instance, path: str, rows: int = 0) -> Callable[[], object]:
    """A request for `path`; the first one is looked at."""
    answer = instance.client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    found = answer.get_data(as_text=True).count("<tr")
    assert found > rows, f"{path}: {found} rows"

    def get() -> object:
        response = instance.client.get(path)
        body = response.get_data()
        response.close()
        return body

    return get


def has_list(app: Flask) -> bool:
    """Whether this service has the candidate list."""
    return "pipeline.index" in app.view_functions


def measure(instances: Sequence[Instance], rounds: int, report: Report) -> None:
    """Both pages and their floors at every size, all in turn."""
    calls: dict[str, Callable[[], object]] = {}
    pages = [("Overblik", OVERVIEW, OVERVIEW_ROWS)]
    if has_list(instances[0].app):
        pages.append(("Candidate list", LIST, LIST_ROWS))
    for name, path, rows in pages:
        for instance in instances:
            calls[f"{name} {instance.size}"] = _getter(instance, path, rows)
            calls[f"{name} floor {instance.size}"] = _getter(instance, f"{FLOOR}?rows={rows}", rows)
    found = series(calls, rounds)
    for name, _, rows in pages:
        for instance in instances:
            value, floor = found[f"{name} {instance.size}"], found[f"{name} floor {instance.size}"]
            report.lines.append(Line(name, instance.size, value, floor, note=_FLOOR_NOTE.format(rows)))
            if name != "Overblik":
                what = f"{name} at {instance.size:,} to its floor"
                report.limits.append(Limit(what, report.lines[-1].ratio, LIST_TO_FLOOR))
    small, large = instances[0].size, instances[-1].size
    for name, _, _ in pages if small != large else []:
        growth = ratio(found[f"{name} {large}"], found[f"{name} {small}"])
        limit = OVERVIEW_GROWTH if name == "Overblik" else LIST_GROWTH
        report.limits.append(Limit(f"{name} at {large:,} to its cost at {small:,}", growth, limit))
