"""Kurser og arrangementer: seats hold by hold and municipality by municipality, and who signed up and came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.dashboards.asked import Asked
from nbe.dashboards.charts import build_charts
from nbe.dashboards.overview import Cell
from nbe.dashboards.routes import ask
from nbe.figures import ALL, Figure, FigureSet, compute, find_figure
from nbe.figures.declared import (
    ATTENDED,
    COURSE_FIGURES,
    EVENT_FIGURES,
    GATHERING_FIGURES,
    PARTICIPANTS,
    SIGNED_UP,
    SIGNED_UP_MEMBERS,
)
from nbe.figures.gatherings import EventLine, TeamSeats, read_events, read_teams
from nbe.figures.rows import Asked as AskedRows
from nbe.models.gathering_states import ParticipantState

PATH = "/overblik/kurser-og-arrangementer"

bp = Feature("gatherings", __name__)


Link = Callable[..., str | None]  # (figure, municipality, what narrows it on) -> the list, for those who may open it


@dataclass(frozen=True, slots=True)
class Part:
    """People in one cell of a table, with their list.

    `kept`: seats agreed for the municipality there; `common`: people on common seats, as these were not enough.
    """

    number: int
    href: str | None
    kept: int | None = None
    common: int = 0


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One municipality: for each team the people seated, None where the team is not for it; and all together."""

    code: int
    name: str
    cells: tuple[Part | None, ...]
    seated: Part


@dataclass(frozen=True, slots=True)
class StateTable:
    """People by state; `states` are those that occur."""

    states: tuple[ParticipantState, ...]
    rows: tuple[tuple[str, tuple[Part, ...]], ...]


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
    teams, events, code = read_teams(rows), read_events(rows), asked.municipality_code

    def link(figure: Figure, place: int | None, **more: int) -> str | None:
        return figures.link(figure, viewer, place, today=asked.today, **more)

    return render_template(
        "dashboards/gatherings.html",
        asked=asked,
        path=PATH,
        programme=programme,
        programmes=[(p.year, str(p.year)) for p in programmes],
        municipalities=[(m.code, m.name) for m in municipalities],
        figures=figures,
        numbers=_numbers(figures, code, link),
        teams=teams,
        matrix=_matrix(teams, figures.names, link),
        by_team=_by_state([(team.name, _of(team, code), code, {"hold": team.id}) for team in teams], link),
        by_place=_by_state([(name, _of_place(teams, place), place, {}) for place, name in figures.names.items()], link),
        events=[(line, *_of_event(line, code, link)) for line in events],
        charts=build_charts(programme, asked, figures, ["events"]) if events else [],
        may_see_teams=viewer.may(Permission.COURSES_READ),
        may_open=viewer.may(Permission.EVENTS_READ),
    )


def _numbers(figures: FigureSet, code: int | None, link: Link) -> list[Cell]:
    chosen = (*COURSE_FIGURES[:3], *EVENT_FIGURES)
    return [Cell(figure, figures.shown(figure.key, code), link(figure, code)) for figure in chosen]


def _matrix(teams: list[TeamSeats], names: Mapping[int, str], link: Link) -> list[MatrixLine]:
    lines = []
    for code, name in names.items():
        cells = tuple(_cell(team, code, link) for team in teams)
        seated = Part(sum(cell.number for cell in cells if cell), link(PARTICIPANTS, code))
        lines.append(MatrixLine(code, name, cells, seated))
    return lines


def _cell(team: TeamSeats, code: int, link: Link) -> Part | None:
    seated = team.seats.taken.get(code, 0)
    if not seated and not team.serves(code):
        return None
    return Part(
        seated, link(PARTICIPANTS, code, hold=team.id), team.seats.reserved.get(code), team.seats.on_common(code)
    )


def _of_event(line: EventLine, code: int | None, link: Link) -> list[Part]:
    """Signed up, of these members, of these came."""
    told = ((SIGNED_UP, line.signed_up), (SIGNED_UP_MEMBERS, line.members), (ATTENDED, line.came))
    return [Part(number, link(figure, code, arrangement=line.id)) for figure, number in told]


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


def _by_state(
    people: list[tuple[str, Counter[ParticipantState], int | None, Mapping[str, int]]], link: Link
) -> StateTable:
    """`people`: (name of the row, people by state, municipality, what narrows their list on)."""
    states = tuple(state for state in ParticipantState if any(counts[state] for _, counts, *_ in people))
    figures = [find_figure(f"participants_{state.value}") for state in states]
    rows = tuple(
        (name, tuple(Part(counts[s], link(f, code, **more)) for s, f in zip(states, figures, strict=True)))
        for name, counts, code, more in people
        if counts.total()
    )
    return StateTable(states, rows)
