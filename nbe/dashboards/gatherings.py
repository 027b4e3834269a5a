"""Kurser og arrangementer: seats hold by hold and municipality by municipality, and who signed up and came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.dashboards.asked import Asked
from nbe.dashboards.charts import build_charts
from nbe.dashboards.routes import ask
from nbe.figures import ALL, Figure, FigureSet, compute
from nbe.figures.declared import COURSE_FIGURES, EVENT_FIGURES, GATHERING_FIGURES
from nbe.figures.gatherings import TeamSeats, read_events, read_teams
from nbe.figures.rows import Asked as AskedRows
from nbe.models.gathering_states import ParticipantState

PATH = "/overblik/kurser-og-arrangementer"

bp = Feature("gatherings", __name__)


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One municipality: for each team (people seated, seats kept for it or None), None where the team is not for it."""

    code: int
    name: str
    cells: tuple[tuple[int, int | None] | None, ...]
    seated: int


@dataclass(frozen=True, slots=True)
class StateTable:
    """People by state; `states` are those that occur."""

    states: tuple[ParticipantState, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@bp.get(PATH, needs=Permission.FIGURES_READ)
def show() -> str:
    """Courses and events of a programme, on any day."""
    asked, programmes, municipalities = ask()
    if asked.programme is None:
        return render_template("pages/nothing_yet.html", heading=_("Kurser og arrangementer"))
    programme, viewer = asked.programme, current_viewer()
    asked = Asked(programme, asked.as_of, asked.today, asked.municipality_code, remarks=asked.remarks)
    figures = compute(programme, asked.as_of, asked.municipality_code, figures=GATHERING_FIGURES)
    rows = AskedRows(programme.id, asked.as_of, asked.municipality_code)
    teams, events = read_teams(rows), read_events(rows)
    return render_template(
        "dashboards/gatherings.html",
        asked=asked,
        path=PATH,
        programme=programme,
        programmes=[(p.year, str(p.year)) for p in programmes],
        municipalities=[(m.code, m.name) for m in municipalities],
        figures=figures,
        numbers=_numbers(figures, asked),
        teams=teams,
        matrix=_matrix(teams, figures.names),
        by_team=_by_state([(team.name, _of(team, asked.municipality_code)) for team in teams]),
        by_place=_by_state([(name, _of_place(teams, code)) for code, name in figures.names.items()]),
        events=events,
        charts=build_charts(programme, asked, figures, ["events"]) if events else [],
        may_see_teams=viewer.may(Permission.COURSES_READ),
        may_open=viewer.may(Permission.EVENTS_READ),
    )


def _numbers(figures: FigureSet, asked: Asked) -> list[tuple[Figure, Any]]:
    chosen = (*COURSE_FIGURES[:3], *EVENT_FIGURES)
    return [(figure, figures.shown(figure.key, asked.municipality_code)) for figure in chosen]


def _matrix(teams: list[TeamSeats], names: Any) -> list[MatrixLine]:
    lines = []
    for code, name in names.items():
        cells = tuple(_cell(team, code) for team in teams)
        lines.append(MatrixLine(code, name, cells, sum(cell[0] for cell in cells if cell)))
    return lines


def _cell(team: TeamSeats, code: int) -> tuple[int, int | None] | None:
    seated = team.seats.taken.get(code, 0)
    if not seated and not team.serves(code):
        return None
    return seated, team.seats.reserved.get(code)


def _of(team: TeamSeats, code: int | None) -> Counter[ParticipantState]:
    found: Counter[ParticipantState] = Counter()
    for (place, state), n in team.people.items():
        if code in (ALL, place):
            found[state] += n
    return found


def _of_place(teams: list[TeamSeats], code: int) -> Counter[ParticipantState]:
    found: Counter[ParticipantState] = Counter()
    for team in teams:
        found.update(_of(team, code))
    return found


def _by_state(people: list[tuple[str, Counter[ParticipantState]]]) -> StateTable:
    states = tuple(state for state in ParticipantState if any(counts[state] for _, counts in people))
    rows = tuple((name, tuple(counts[state] for state in states)) for name, counts in people if counts.total())
    return StateTable(states, rows)
