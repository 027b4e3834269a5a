"""Min dag: whom to call, who has gone silent, and what is missing before the next meeting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from nbe.access import Viewer
from nbe.businesses.queries import Reach, list_reaches, narrowed
from nbe.core import clock
from nbe.core.database import db
from nbe.figures import FigureSet, compute, find_figure
from nbe.figures.declared import MAIN_FIGURES
from nbe.models import Activity, Business, Candidacy, Event, Programme
from nbe.pipeline.conditions import STEPS_TO_TAKE
from nbe.pipeline.filters import CandidateFilter
from nbe.pipeline.queries import count_candidates, select_candidates
from nbe.pipeline.rows import CandidateRow, read_rows
from nbe.resources.queries import Standing, standing_of
from nbe.targets.queries import deadlines, last_meeting, next_meeting

SHOWN = 15
REMEMBERED = dt.timedelta(days=400)  # an agreement older than this, and never followed up, is no longer one


@dataclass(frozen=True, slots=True)
class Task:
    """A next step agreed with a business that is no candidate."""

    business_id: int
    name: str
    town: str
    step: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the day: its first candidates, other tasks, how many there are, and where the rest is."""

    key: str
    title: str
    rows: list[CandidateRow]
    tasks: list[Task]
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing before the meeting, with the list to work on."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Day:
    """Everything the page tells."""

    today: dt.date
    parts: list[Part]
    warnings: list[Part]
    gaps: list[Gap]
    meeting: Event | None
    since: Event | None
    figures: FigureSet
    before: FigureSet | None
    deadline: dt.date
    hrefs: dict[str, str | None]
    reaches: dict[int, Reach]
    standing: Standing

    def change(self, key: str, code: int | None) -> int:
        """How much a figure has changed since the last meeting."""
        if self.before is None:
            return 0
        return int(self.figures.value(key, code) or 0) - int(self.before.value(key, code) or 0)


def build_day(viewer: Viewer, programme: Programme, code: int | None) -> Day:
    """The day of one municipality (None: of all, for those who see all). A constant number of statements."""
    today = clock.today()
    chosen = CandidateFilter(programme, code, stages=STEPS_TO_TAKE)
    sunday = today + dt.timedelta(days=6 - today.weekday())
    spans = [
        ("overskredet", _("Overskredet"), None, today - dt.timedelta(days=1)),
        ("i-dag", _("I dag"), today, today),
        ("ugen", _("Resten af ugen"), today + dt.timedelta(days=1), sunday),
    ]
    tasks = _tasks(viewer, code, today, sunday)
    parts = [_steps(viewer, chosen, tasks, *span) for span in spans]
    warnings = [
        _warned(viewer, replace(chosen, is_silent=True), "tavse", _("Tavse kandidater"), tavs="1"),
        _warned(viewer, replace(chosen, lacks_step=True), "uden", _("Uden næste skridt"), uden_skridt="1"),
        _warned(viewer, replace(chosen, lacks_verdict=True), "vurdering", _("Vurdering mangler"), mangler="vurdering"),
    ]
    lists = (*parts, *warnings)
    shown = [row.business_id for part in lists for row in part.rows] + [task.business_id for task in tasks]
    since = last_meeting(today)
    standing = standing_of(programme, today, code)
    figures = compute(programme, today, code, figures=MAIN_FIGURES)
    before = compute(programme, since.held_on, code, figures=MAIN_FIGURES) if since else None
    deadline = deadlines(programme).get(code, programme.deadline_on) if code is not None else programme.deadline_on
    return Day(
        today,
        parts,
        warnings,
        [*_gaps(figures, code, chosen, parts, warnings), *_hours_gap(standing, programme, code)],
        next_meeting(today),
        since,
        figures,
        before,
        deadline,
        {key: figures.link(find_figure(key), viewer, code, today=today) for key in ("suitable", "open", "members")},
        list_reaches(viewer, shown),
        standing,
    )


def _address(chosen: CandidateFilter, **query: Any) -> str:
    asked = {"aar": chosen.programme.year, "kommune": chosen.municipality_code, "visning": "tabel", **query}
    return f"/kandidater?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def _first(viewer: Viewer, chosen: CandidateFilter, *conditions: Any) -> tuple[list[CandidateRow], int]:
    statement, municipality, stage, detail = select_candidates(viewer, chosen)
    statement = statement.where(*conditions)
    total = db.session.scalar(statement.with_only_columns(sa.func.count())) or 0
    order = (Candidacy.next_step_on.is_(None), Candidacy.next_step_on, Business.sort_key, Business.id)
    return read_rows(viewer, statement.order_by(*order).limit(SHOWN), municipality, stage, detail), total


def _steps(
    viewer: Viewer,
    chosen: CandidateFilter,
    tasks: list[Task],
    key: str,
    title: str,
    first: dt.date | None,
    last: dt.date,
) -> Part:
    conditions = [Candidacy.next_step_on <= last]
    if first is not None:
        conditions.append(Candidacy.next_step_on >= first)
    rows, total = _first(viewer, chosen, *conditions)
    own = [task for task in tasks if task.day <= last and (first is None or task.day >= first)]
    return Part(key, title, rows, own, total + len(own), _address(chosen, orden="skridt"))


def _warned(viewer: Viewer, chosen: CandidateFilter, key: str, title: str, **query: str) -> Part:
    rows, _total = _first(viewer, chosen)
    return Part(key, title, rows, [], count_candidates(viewer, chosen), _address(chosen, **query))


def _tasks(viewer: Viewer, code: int | None, today: dt.date, last: dt.date) -> list[Task]:
    """What was agreed with businesses that are no candidates, unless something was done with them since."""
    later = aliased(Activity)
    newer = sa.select(later.id).where(
        later.business_id == Activity.business_id,
        later.is_hidden.is_(False),
        sa.or_(
            later.happened_on > Activity.happened_on,
            sa.and_(later.happened_on == Activity.happened_on, later.id > Activity.id),
        ),
    )
    statement: Any = (
        sa.select(Business.id, Business.name, Business.town, Activity.next_step, Activity.next_step_on)
        .join(Business, Business.id == Activity.business_id)
        .where(
            Activity.candidacy_id.is_(None),
            Activity.is_hidden.is_(False),
            Activity.happened_on >= today - REMEMBERED,
            Activity.next_step_on <= last,
            Business.is_hidden.is_(False),
            Business.merged_into_id.is_(None),
            ~newer.exists(),
        )
        .order_by(Activity.next_step_on, Business.sort_key)
        .limit(100)
    )
    shown = narrowed(viewer, statement, Business.municipality_code, code)
    return [Task(*row) for row in db.session.execute(shown)]


def _gaps(
    figures: FigureSet, code: int | None, chosen: CandidateFilter, parts: list[Part], warnings: list[Part]
) -> list[Gap]:
    missing, waiting = int(figures.value("missing", code) or 0), int(figures.value("open", code) or 0)
    gaps = []
    if missing:
        text = ngettext(
            "%(num)s egnet mangler for at nå måltallet.", "%(num)s egnede mangler for at nå måltallet.", missing
        )
        gaps.append(Gap(text, _address(chosen, trin="aabne") if waiting else None))
    if missing > waiting:
        text = ngettext(
            "Find mindst %(num)s kandidat til: der er ikke nok åbne.",
            "Find mindst %(num)s kandidater til: der er ikke nok åbne.",
            missing - waiting,
        )
        gaps.append(Gap(text, f"/kandidater/ny?aar={chosen.programme.year}"))
    late, (silent, idle, unjudged) = parts[0], warnings
    told = (
        (late, ngettext("%(num)s aftale er overskredet.", "%(num)s aftaler er overskredet.", late.total)),
        (
            unjudged,
            ngettext("%(num)s egnet mangler en vurdering.", "%(num)s egnede mangler en vurdering.", unjudged.total),
        ),
        (silent, ngettext("%(num)s kandidat er tavs.", "%(num)s kandidater er tavse.", silent.total)),
        (
            idle,
            ngettext(
                "%(num)s kandidat har intet næste skridt.", "%(num)s kandidater har intet næste skridt.", idle.total
            ),
        ),
    )
    return gaps + [Gap(text, part.href) for part, text in told if part.total]


def _hours_gap(standing: Standing, programme: Programme, code: int | None) -> list[Gap]:
    if not standing.places_short:
        return []
    text = _("De egnede mangler %(hours)s timer.", hours=format_decimal(standing.hours_short))
    return [Gap(text, f"/ressourcer?{urlencode({'aar': programme.year, 'kommune': code or ''})}")]
