"""The steps of a report: begun, sent to its reader, approved or sent back, handed over, corrected, and back again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.core.arguments import asked_number
from nbe.core.notices import tell
from nbe.models import Report
from nbe.models.states import Stage
from nbe.screenings.actions import latest_move
from nbe.screenings.queries import find_screening
from nbe.screenings.reports import actions, queries
from nbe.screenings.reports.forms import CorrectForm, HandOverForm, NoteForm, StepForm, send_form, stand_of
from nbe.screenings.reports.routes import report_page
from nbe.screenings.reports.rules import ReportRefusedError
from nbe.screenings.rules import ScreeningRefusedError

bp = Feature("report_steps", __name__)
WRITE = Permission.SCREENINGS_WRITE


def _to(report: Report) -> Any:
    return redirect(url_for("reports.show", report_id=report.id), code=303)


def _undo(report: Report, ledger_id: int | None) -> str | None:
    return url_for(".undo", report_id=report.id, raekke=ledger_id) if ledger_id else None


@bp.post("/screeninger/<int:screening_id>/rapport", needs=WRITE)
def begin(screening_id: int) -> Any:
    """Begin the first version."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, WRITE, for_update=True)
    known = queries.newest_report(screening.id)
    if known is not None:
        tell(_("Rapporten er allerede begyndt."), "warning")
        return _to(known)
    try:
        report = actions.begin_report(screening, user_id=viewer.user_id)
    except (ReportRefusedError, ScreeningRefusedError) as refused:
        tell(refused.message, "warning")
        return redirect(url_for("reports.of_screening", screening_id=screening.id), code=303)
    row = latest_move(screening)
    tell(_("Rapporten er begyndt. Skriv indledning og konklusion; resten hentes fra besøget."), undo=_undo(report, row))
    return redirect(url_for("reports.edit", report_id=report.id), code=303)


def _take(report_id: int, name: str, form: Callable[[Report], StepForm], act: Callable[[Report, Any], Any]) -> Any:
    """A step with a form: refused at its field, told when somebody was first, else done."""
    viewer = current_viewer()
    report = queries.find_report(viewer, report_id, WRITE, for_update=True)
    filled = form(report)
    newest = queries.newest_report(report.screening_id)
    first = next(iter(field for field in filled if field.name not in ("stand", "version")), filled.stand)
    if filled.stand.data != stand_of(report, newest.number if newest else report.number):
        filled.stand.data = ""
        first.errors = [_("En anden har ændret rapporten, mens du så på den. Se, hvordan den står nu.")]
        return report_page(report, {name: filled}, 409)
    if filled.validate():
        try:
            return act(report, filled)
        except (ReportRefusedError, ScreeningRefusedError) as refused:
            at = filled[refused.field] if refused.field in filled else first  # noqa: SIM401 - a form has no get()
            at.errors = [*at.errors, str(refused.message)]
    return report_page(report, {name: filled}, 422)


@bp.post("/rapporter/<int:report_id>/andenlaesning", needs=WRITE)
def send(report_id: int) -> Any:
    """Give the draft to its second reader."""
    user_id = current_viewer().user_id

    def form(report: Report) -> StepForm:
        return send_form(queries.list_readers(report.screening, report.author_id, user_id))

    def act(report: Report, filled: Any) -> Any:
        actions.send_to_reader(report, int(filled.reader.data or 0) or None, user_id=user_id)
        name = queries.user_names(report.reader_id).get(report.reader_id, "")
        undo = url_for(".take_back", report_id=report.id)
        tell(_("Rapporten er sendt til andenlæsning hos %(name)s.", name=name), undo=undo)
        return _to(report)

    return _take(report_id, "send", form, act)


@bp.post("/rapporter/<int:report_id>/traek-tilbage", needs=WRITE)
def take_back(report_id: int) -> Any:
    """Back to a draft before it was read."""
    report = queries.find_report(current_viewer(), report_id, WRITE, for_update=True)
    try:
        actions.take_back(report)
    except ReportRefusedError as refused:
        tell(refused.message, "warning")
    else:
        tell(_("Rapporten er trukket tilbage og kan skrives videre."))
    return _to(report)


@bp.post("/rapporter/<int:report_id>/godkend", needs=WRITE)
def approve(report_id: int) -> Any:
    """The second reader says good."""
    user_id = current_viewer().user_id

    def act(report: Report, _filled: Any) -> Any:
        row = actions.approve(report, user_id=user_id)
        tell(_("Rapporten er godkendt og kan afleveres."), undo=_undo(report, row))
        return _to(report)

    return _take(report_id, "approve", lambda _report: StepForm(), act)


@bp.post("/rapporter/<int:report_id>/send-tilbage", needs=WRITE)
def send_back(report_id: int) -> Any:
    """Back to the author, with what must be seen to."""
    user_id = current_viewer().user_id

    def act(report: Report, filled: Any) -> Any:
        actions.send_back(report, filled.note.data or "", user_id=user_id)
        tell(_("Rapporten er sendt tilbage til forfatteren."))
        return _to(report)

    return _take(report_id, "note", lambda _report: NoteForm(), act)


@bp.post("/rapporter/<int:report_id>/aflever", needs=WRITE)
def hand_over(report_id: int) -> Any:
    """The report is handed over and locked."""
    user_id = current_viewer().user_id

    def act(report: Report, filled: Any) -> Any:
        candidacy = report.screening.candidacy
        before = candidacy.stage
        row = actions.hand_over(report, filled.day.data, filled.to.data or "", user_id=user_id)
        text = _("Rapporten er afleveret og låst.")
        if candidacy.stage is not before and candidacy.stage is Stage.REPORTED:
            text = _("%(text)s Kandidaten er flyttet til %(stage)s.", text=text, stage=candidacy.stage.label)
        tell(text, undo=_undo(report, row))
        return _to(report)

    return _take(report_id, "hand_over", lambda _report: HandOverForm(), act)


@bp.post("/rapporter/<int:report_id>/ret", needs=WRITE)
def correct(report_id: int) -> Any:
    """A new version of a report that was handed over."""
    user_id = current_viewer().user_id

    def act(report: Report, filled: Any) -> Any:
        version = actions.correct(report, filled.reason.data or "", user_id=user_id)
        row = latest_move(version.screening)
        text = _("Version %(number)s er begyndt. Den afleverede version står, som den er.", number=version.number)
        tell(text, undo=_undo(version, row))
        return redirect(url_for("reports.edit", report_id=version.id), code=303)

    return _take(report_id, "correct", lambda _report: CorrectForm(), act)


@bp.post("/rapporter/<int:report_id>/fortryd", needs=WRITE)
def undo(report_id: int) -> Any:
    """Take the latest step back, while it is the latest."""
    viewer = current_viewer()
    report = queries.find_report(viewer, report_id, WRITE, for_update=True)
    screening_id = report.screening_id
    row = asked_number(request.args, "raekke")
    if row and actions.undo_step(report, row, user_id=viewer.user_id):
        tell(_("Det er fortrudt."))
    else:
        tell(_("Det kan ikke fortrydes længere; rapporten står, som den stod."), "warning")
    return redirect(url_for("reports.of_screening", screening_id=screening_id), code=303)
