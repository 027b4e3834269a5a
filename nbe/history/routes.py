"""The page Historik."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _

from nbe.access import Feature, Permission, Scope, Viewer, current_viewer
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.dates import parse_date
from nbe.figures import ALL, FigureSet, compute
from nbe.figures.declared import MEMBERS, OPEN, PLANS, REPORTED, SCREENED, SUITABLE
from nbe.history.queries import HistoryFilter, list_entries, read_mark
from nbe.models.states import LedgerKind
from nbe.targets.queries import current_programme, find_programme, list_municipalities

bp = Feature("history", __name__, url_prefix="/historik")
KINDS = tuple(LedgerKind)
FIGURES = (MEMBERS, OPEN, SUITABLE, SCREENED, REPORTED, PLANS)


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of a day as known then, beside the same day as known now."""

    then: FigureSet
    now: FigureSet
    code: int | None


@bp.get("", needs=Permission.HISTORY_READ)
def index() -> str:
    """Moves and changes, newest first; with a date known, the figures as they were known then."""
    viewer = current_viewer()
    remarks: list[str] = []
    asked = _read_filter(viewer, remarks)
    before = read_mark(request.args.get("efter", ""))
    entries, following = list_entries(viewer, asked, before)
    return render_template(
        "history/index.html",
        asked=asked,
        entries=entries,
        remarks=remarks,
        next_page=_address({**request.args.to_dict(), "efter": str(following)}) if following else None,
        is_continued=before is not None,
        municipalities=[(m.code, m.name) for m in list_municipalities()],
        sees_all=viewer.scope(Permission.HISTORY_READ) is Scope.ALL,
        kinds=[*((kind.value, kind.label) for kind in KINDS), ("change", _("Rettede oplysninger"))],
        compared=_compare(viewer, asked),
        figures=FIGURES,
    )


def _address(query: dict[str, Any]) -> str:
    return f"/historik?{urlencode({name: value for name, value in query.items() if value})}"


def _day(name: str, remarks: list[str]) -> dt.date | None:
    text = request.args.get(name, "").strip()[:40]
    if not text:
        return None
    try:
        return parse_date(text, default_year=clock.today().year)
    except ValueError:
        remarks.append(_("Datoen kunne ikke læses. Skriv den som 25-04-2016."))
        return None


def _kind() -> Any:
    text = request.args.get("slags", "")
    if text == "change":
        return "change"
    return LedgerKind(text) if text in set(LedgerKind) else None


def _read_filter(viewer: Viewer, remarks: list[str]) -> HistoryFilter:
    own = viewer.municipality_code if viewer.scope(Permission.HISTORY_READ) is Scope.OWN else None
    return HistoryFilter(
        municipality_code=own if own is not None else asked_number(request.args, "kommune"),
        business_id=asked_number(request.args, "virksomhed"),
        kind=_kind(),
        recorded_from=_day("fra", remarks),
        recorded_to=_day("til", remarks),
        as_of=_day("pr", remarks),
        known_on=_day("kendt", remarks),
    )


def _compare(viewer: Viewer, asked: HistoryFilter) -> Compared | None:
    if asked.known_at is None:
        return None
    day = min(asked.as_of or asked.known_on or clock.today(), clock.today())
    programme = find_programme(day.year) or current_programme(day)
    if programme is None:
        return None
    code = asked.municipality_code if asked.municipality_code is not None else ALL
    if code is not ALL and code not in {m.code for m in list_municipalities()}:
        return None
    return Compared(
        then=compute(programme, day, code, known_at=asked.known_at, figures=FIGURES),
        now=compute(programme, day, code, figures=FIGURES),
        code=code,
    )
