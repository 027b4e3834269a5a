"""Reports: the list, one as it is read, its texts, the PDF and the page for the printer."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.editing import conflict_page, find_conflict
from nbe.businesses.queries import municipality_choices
from nbe.core.arguments import addresses_of_pages
from nbe.core.notices import tell
from nbe.core.paging import page_number
from nbe.core.pdf import can_write_pdf, write_pdf
from nbe.measures.show import payback_text
from nbe.models import Report
from nbe.models.states import ReportState
from nbe.screenings.files import storage
from nbe.screenings.queries import find_screening, may_write
from nbe.screenings.reports import actions, queries
from nbe.screenings.reports.forms import TEXTS, ReportForm, StepForm
from nbe.screenings.reports.rules import BEGINS_FROM, ReportRefusedError
from nbe.screenings.reports.show import describe_chart, desk_for, view_for
from nbe.screenings.reports.views import Edition, ReportView
from nbe.targets.queries import programme_choices

bp = Feature("reports", __name__)
READ, ALL, WRITE = Permission.REPORTS_READ, Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE
STYLE, TIGHTER = "report-print.css", "report-tight.css"


@bp.get("/rapporter", needs=READ)
def index() -> str:
    """Reports by screening, the newest version of each."""
    viewer, chosen = current_viewer(), queries.read_filter(request.args)
    page = queries.list_reports(viewer, chosen, page_number())
    leave_trail("list", "report", rows=len(page.rows))
    return render_template(
        "reports/index.html",
        chosen=chosen,
        page=page,
        page_href=addresses_of_pages(),
        sees_all=queries.sees_all(viewer),
        programmes=programme_choices(),
        municipalities=municipality_choices(viewer, READ),
        states=[(state.value, state.label) for state in ReportState],
    )


@bp.get("/screeninger/<int:screening_id>/rapport", needs=READ)
def of_screening(screening_id: int) -> Any:
    """The newest version, or an offer to begin one."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, READ)
    versions = queries.versions_of(viewer, screening.id)
    if versions:
        return redirect(url_for(".show", report_id=versions[0].id))
    if not queries.sees_all(viewer):
        abort(404)
    return render_template(
        "reports/begin.html",
        screening=screening,
        is_ready=screening.state in BEGINS_FROM,
        may_write=may_write(viewer, screening),
    )


def parts_of(report: Report, view: ReportView) -> dict[str, Any]:
    """What the templates of a report's own text need."""
    return {
        "report": report,
        "view": view,
        "chart_text": describe_chart(view.judged),
        "payback_text": payback_text,
    }


def report_page(report: Report, filled: dict[str, StepForm] | None = None, status: int = 200) -> Any:
    """The report with the steps that can be taken; `filled` are forms that came back."""
    viewer = current_viewer()
    page = render_template(
        "reports/show.html",
        desk=desk_for(viewer, report, filled),
        sees_all=queries.sees_all(viewer),
        editions=[edition for edition in Edition if edition is Edition.OPEN or queries.sees_all(viewer)],
        **parts_of(report, view_for(viewer, report)),
    )
    return make_response(page, status)


@bp.get("/rapporter/<int:report_id>", needs=READ)
def show(report_id: int) -> Any:
    """One version, as the viewer may read it."""
    report = queries.find_report(current_viewer(), report_id)
    leave_trail("read", "report", report.id)
    return report_page(report)


def _edit_page(report: Report, form: ReportForm, status: int = 200) -> Any:
    return make_response(render_template("reports/edit.html", report=report, form=form), status)


@bp.get("/rapporter/<int:report_id>/rediger", needs=WRITE)
def edit(report_id: int) -> Any:
    """The texts of a draft."""
    report = queries.find_report(current_viewer(), report_id, WRITE)
    if report.state is not ReportState.DRAFT:
        return redirect(url_for(".show", report_id=report.id))
    return _edit_page(report, ReportForm(formdata=None, obj=report))


@bp.post("/rapporter/<int:report_id>/rediger", needs=WRITE)
def save(report_id: int) -> Any:
    """Keep the texts; somebody who was first is shown, not overwritten."""
    report = queries.find_report(current_viewer(), report_id, WRITE, for_update=True)
    form, back = ReportForm(), url_for(".show", report_id=report.id)
    if not form.validate():
        return _edit_page(report, form, 422)
    conflict = find_conflict(report, form, TEXTS) if report.state is ReportState.DRAFT else None
    if conflict:
        return conflict_page(conflict, action=request.path, title=_("Rapport"), back=back)
    try:
        actions.save_texts(
            report, form.introduction.data or "", form.conclusion.data or "", form.confidential_note.data or ""
        )
    except ReportRefusedError as refused:
        form.introduction.errors = [str(refused.message)]
        return _edit_page(report, form, 409)
    tell(_("Rapportens tekster er gemt."))
    return redirect(back, code=303)


@bp.get("/rapporter/<int:report_id>/udskriv/aaben", needs=READ)
def print_page(report_id: int) -> str:
    """The report alone without its confidential parts, for the printer of the browser."""
    return _on_paper(queries.find_report(current_viewer(), report_id), Edition.OPEN)


@bp.get("/rapporter/<int:report_id>/udskriv/fuld", needs=ALL)
def print_whole(report_id: int) -> str:
    """The whole report for the printer."""
    return _on_paper(queries.find_report(current_viewer(), report_id, ALL), Edition.WHOLE)


@bp.get("/rapporter/<int:report_id>/aaben.pdf", needs=READ)
def as_pdf(report_id: int) -> BaseResponse:
    """The report without its confidential parts as tagged PDF."""
    return _pdf(queries.find_report(current_viewer(), report_id), Edition.OPEN)


@bp.get("/rapporter/<int:report_id>/fuld.pdf", needs=ALL)
def whole_pdf(report_id: int) -> BaseResponse:
    """The whole report as tagged PDF."""
    return _pdf(queries.find_report(current_viewer(), report_id, ALL), Edition.WHOLE)


def _on_paper(report: Report, edition: Edition) -> str:
    leave_trail("export", "report", report.id, what=f"udskrift-{edition}")
    view = view_for(current_viewer(), report, edition)
    return render_template("reports/print.html", is_pdf=False, **parts_of(report, view))


def _pdf(report: Report, edition: Edition) -> BaseResponse:
    """In Danish whoever asks; a page with another way where PDF cannot be made."""
    if not can_write_pdf():
        return make_response(render_template("reports/no_pdf.html", report=report, edition=edition), 503)
    leave_trail("export", "report", report.id, what=f"rapport-{edition}.pdf")
    view = view_for(current_viewer(), report, edition)
    with force_locale("da"):
        html = render_template("reports/print.html", is_pdf=True, **parts_of(report, view))
    pictures = {photo["key"]: storage.read(photo["key"]) or b"" for photo in view.photos}
    answer = make_response(write_pdf(html, STYLE, tighter=TIGHTER, pictures=pictures))
    answer.mimetype = "application/pdf"
    name = f"screeningsrapport-{report.id}-version-{report.number}-{edition}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
