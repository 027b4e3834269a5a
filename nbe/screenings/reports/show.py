"""What the page of a report shows beside the report itself: whose turn it is, the steps, the other versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from nbe.access import Viewer
from nbe.core import clock
from nbe.models import Report
from nbe.models.states import ReportState
from nbe.screenings import queries as visits
from nbe.screenings.actions import latest_move
from nbe.screenings.reports import queries
from nbe.screenings.reports.content import content_of, differs
from nbe.screenings.reports.edition import view_of
from nbe.screenings.reports.forms import CorrectForm, HandOverForm, NoteForm, StepForm, send_form, stand_of
from nbe.screenings.reports.gaps import Gaps, gaps_of
from nbe.screenings.reports.rules import STANDS_AT, waits_for
from nbe.screenings.reports.views import Edition, ReportView, ThemeView
from nbe.screenings.rules import POTENTIALS


@dataclass(frozen=True, slots=True)
class Desk:
    """What the viewer may do with a report, and the forms for it."""

    report: Report
    versions: list[Report]
    names: dict[int | None, str]
    may_write: bool = False
    is_newest: bool = True
    is_reader: bool = False
    is_changed: bool = False
    waits_for: str = ""
    stand: str = ""
    undo_id: int | None = None
    forms: dict[str, StepForm] = field(default_factory=dict)
    gaps: Gaps | None = None


def edition_for(viewer: Viewer) -> Edition:
    """The edition that somebody reads on the page."""
    return Edition.WHOLE if queries.sees_all(viewer) else Edition.OPEN


def view_for(viewer: Viewer, report: Report, edition: Edition | None = None) -> ReportView:
    """The report as the viewer reads it."""
    return view_of(content_of(report), edition or edition_for(viewer))


def desk_for(viewer: Viewer, report: Report, filled: dict[str, StepForm] | None = None) -> Desk:
    """The steps that the viewer may take from here; `filled` are forms that came back with errors."""
    versions = queries.versions_of(viewer, report.screening_id)
    if not queries.sees_all(viewer):
        return Desk(report, versions, queries.user_names(report.author_id, report.reader_id))
    newest = queries.newest_report(report.screening_id) or report
    names = queries.user_names(report.author_id, report.reader_id, report.handed_over_by_id)
    turn = waits_for(report.state, report.author_id, report.reader_id)
    is_newest = newest.id == report.id
    may_write = is_newest and visits.may_write(viewer, report.screening)
    is_reader = report.state is ReportState.READING and report.reader_id == viewer.user_id
    stand = stand_of(report, newest.number)
    desk = {"may_write": may_write, "is_newest": is_newest, "is_reader": is_reader and may_write, "stand": stand}
    return Desk(
        report,
        versions,
        names,
        **desk,  # type: ignore[arg-type]  # flags and the stand
        is_changed=report.state is ReportState.APPROVED and differs(report),
        waits_for=names.get(turn, "") if turn else "",
        undo_id=latest_move(report.screening) if may_write and _stands_as_told(report) else None,
        gaps=_gaps(report) if may_write else None,
        forms={**(_forms(viewer, report, stand) if may_write else {}), **(filled or {})},
    )


def _gaps(report: Report) -> Gaps | None:
    """What it lacks while something can still be done about it; None when nothing."""
    if report.state not in (ReportState.DRAFT, ReportState.READING):
        return None
    return gaps_of(content_of(report)) or None


def _stands_as_told(report: Report) -> bool:
    """Whether the screening's latest step is this report's."""
    is_step = report.state in (ReportState.APPROVED, ReportState.HANDED_OVER)
    if report.state is ReportState.HANDED_OVER and report.handed_over_on != clock.today():
        return False
    return is_step and STANDS_AT[report.state] is report.screening.state


def _forms(viewer: Viewer, report: Report, stand: str) -> dict[str, StepForm]:
    given: dict[str, Any] = {"formdata": None, "data": {"stand": stand, "day": clock.today()}}
    if report.state is ReportState.DRAFT:
        readers = queries.list_readers(report.screening, report.author_id, viewer.user_id)
        kept = {"stand": stand, "reader": str(report.reader_id or "")}
        return {"send": send_form(readers, formdata=None, data=kept)}
    if report.state is ReportState.READING:
        return {"note": NoteForm(**given)}
    if report.state is ReportState.APPROVED:
        return {"hand_over": HandOverForm(**given), "note": NoteForm(**given)}
    return {"correct": CorrectForm(**given)}


def describe_chart(themes: list[ThemeView]) -> str:
    """The bars in words, the greatest potential first."""
    parts = []
    for potential in sorted(POTENTIALS, reverse=True):
        titles = [theme.title for theme in themes if theme.potential == potential and theme.potential_label]
        if titles:
            parts.append(f"{POTENTIALS[potential]}: {', '.join(titles)}.")
    return " ".join([str(_("Potentiale pr. tema.")), *parts])
