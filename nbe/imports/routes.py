"""The import pages: choose a file, look at the dry run, load the good rows, take it all back."""

from __future__ import annotations

import io
from typing import Any

from flask import (
    after_this_request,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.access.permissions import Scope
from nbe.core import clock
from nbe.core.database import db
from nbe.core.paging import page_number
from nbe.core.text import clean
from nbe.imports import actions, jobs, queries
from nbe.imports.bad_rows import write_bad_rows
from nbe.imports.fields import FIELDS
from nbe.imports.forms import UploadForm, read_columns
from nbe.imports.messages import kind_label, refusal, sheet_reason
from nbe.imports.runs import carry_out, plan_run, start_run
from nbe.models import ImportRun
from nbe.models.states import ImportState

bp = Feature("imports", __name__, url_prefix="/import")
_IN_WORK = (ImportState.UPLOADED, ImportState.APPLYING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _start(work: jobs.Work, run_id: int) -> None:
    """Begin the work once this request's own changes are kept."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # it is a LocalProxy

    @after_this_request
    def begin(response: Any) -> Any:
        if response.status_code < 400:
            jobs.start(app, work, run_id)
        return response


def _address(run: ImportRun) -> str:
    return url_for("imports.show", run_id=run.id)


@bp.get("", needs=Permission.IMPORTS_RUN)
def index() -> str:
    """Choose a file; past imports below."""
    form = UploadForm(data={"year": clock.today().year})
    return render_template("imports/index.html", form=form, page=queries.list_runs(current_viewer(), page_number()))


@bp.post("", needs=Permission.IMPORTS_RUN)
def upload() -> Response | tuple[str, int]:
    """Take a file in and have it read."""
    viewer, form = current_viewer(), UploadForm()
    if not form.validate():
        page = queries.list_runs(viewer, 1)
        return render_template("imports/index.html", form=form, page=page), 422
    own = viewer.municipality_code if viewer.scope(Permission.IMPORTS_RUN) is Scope.OWN else None
    filename = clean(form.file.data.filename).replace("\n", " ")[-200:] or "regneark"
    run = start_run(form.content, filename, form.year.data, user_id=viewer.user_id, municipality_code=own)
    _start(plan_run, run.id)
    return redirect(_address(run), 303)


@bp.get("/<int:run_id>", needs=Permission.IMPORTS_RUN)
def show(run_id: int) -> str:
    """Where an import stands: at work, refused, to be confirmed, loaded or taken back."""
    run = queries.find_run(current_viewer(), run_id)
    common = {"run": run, "refusal": refusal, "sheet_reason": sheet_reason, "kind_label": kind_label}
    if run.state in _IN_WORK:
        done, total = jobs.progress_of(run.id) or (0, 0)
        is_stopped = jobs.progress_of(run.id) is None
        return render_template("imports/progress.html", **common, done=done, total=total, is_stopped=is_stopped)
    if run.state is ImportState.REFUSED:
        return render_template("imports/refused.html", **common)
    counts = run.counts or {"sum": {}, "sheets": [], "warned": 0}
    view = request.args.get("vis", "")
    if view not in queries.VIEWS:
        has_failed, has_warned = counts["sum"].get("failed"), counts["warned"]
        view = queries.FAILED if has_failed else queries.WARNED if has_warned else queries.CHANGED
    remarks = queries.list_remarks(run, view, page_number())
    good = sum(counts["sum"].get(name, 0) for name in ("created", "updated"))
    labels = {field.key: field.label for field in FIELDS}
    return render_template(
        "imports/show.html", **common, counts=counts, view=view, page=remarks, good=good, labels=labels
    )


@bp.get("/<int:run_id>/fremdrift", needs=Permission.IMPORTS_RUN)
def progress(run_id: int) -> Response:
    """How far the work has come, for the page to ask."""
    run = queries.find_run(current_viewer(), run_id)
    done, total = jobs.progress_of(run.id) or (run.done, run.total)
    return jsonify({"state": run.state.value, "done": done, "total": total, "is_working": run.state in _IN_WORK})


@bp.get("/<int:run_id>/kolonner", needs=Permission.IMPORTS_RUN)
def columns(run_id: int) -> str | Response:
    """The columns as they were recognised, to be chosen by hand."""
    run = queries.find_run(current_viewer(), run_id)
    if run.state is not ImportState.PLANNED:
        return redirect(_address(run), 303)
    return _columns_page(run, [])


def _columns_page(run: ImportRun, wrong: list[str]) -> str:
    sheets = (run.counts or {}).get("sheets", [])
    return render_template(
        "imports/columns.html",
        run=run,
        sheets=sheets,
        fields=FIELDS,
        wrong=wrong,
        sheet_reason=sheet_reason,
        kind_label=kind_label,
    )


@bp.post("/<int:run_id>/kolonner", needs=Permission.IMPORTS_RUN)
def choose(run_id: int) -> Response | tuple[str, int]:
    """Columns by hand; the dry run is made again."""
    run = queries.find_run(current_viewer(), run_id, for_update=True)
    if run.state is not ImportState.PLANNED:
        return redirect(_address(run), 303)
    mapping, wrong = read_columns((run.counts or {}).get("sheets", []))
    year = request.form.get("year", "")
    if not (len(year) == 4 and year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100):
        wrong.append(_("Skriv et år mellem 2000 og 2100."))
    if wrong:
        return _columns_page(run, wrong), 422
    actions.choose_columns(run, mapping, int(year))
    _start(plan_run, run.id)
    return redirect(_address(run), 303)


@bp.post("/<int:run_id>/indlaes", needs=Permission.IMPORTS_RUN)
def confirm(run_id: int) -> Response:
    """Load the good rows. Said twice, it happens once."""
    viewer = current_viewer()
    run = queries.find_run(viewer, run_id, for_update=True)
    if actions.go_ahead(run, viewer.user_id):
        _start(carry_out, run.id)
    return redirect(_address(run), 303)


@bp.post("/<int:run_id>/igen", needs=Permission.IMPORTS_RUN)
def again(run_id: int) -> Response:
    """Begin again where the work was cut off."""
    run = queries.find_run(current_viewer(), run_id, for_update=True)
    if run.state is ImportState.APPLYING:
        _start(carry_out, run.id)
    elif run.state is ImportState.UPLOADED:
        _start(plan_run, run.id)
    return redirect(_address(run), 303)


@bp.post("/<int:run_id>/fortryd", needs=Permission.IMPORTS_RUN)
def undo(run_id: int) -> Response:
    """Take the whole import back."""
    viewer = current_viewer()
    run = queries.find_run(viewer, run_id, for_update=True)
    if actions.take_back(run, viewer.user_id):
        flash(_("Indlæsningen er fortrudt. Indlæser du filen igen, kommer det hele tilbage."), "success")
    return redirect(_address(run), 303)


@bp.post("/<int:run_id>/drop", needs=Permission.IMPORTS_RUN)
def drop(run_id: int) -> Response:
    """Forget a file that was not loaded."""
    run = queries.find_run(current_viewer(), run_id, for_update=True)
    actions.throw_away(run)
    flash(_("Filen %(name)s er ikke indlæst.", name=run.filename), "info")
    return redirect(url_for("imports.index"), 303)


@bp.get("/<int:run_id>/fejlraekker.xlsx", needs=Permission.IMPORTS_RUN)
def bad_rows(run_id: int) -> Response:
    """The failed rows, to correct and load again."""
    run = queries.find_run(current_viewer(), run_id)
    stream = io.BytesIO()
    write_bad_rows(stream, queries.list_bad_rows(run), queries.headings_of(run))
    stream.seek(0)
    leave_trail("export", "import_run", run.id, what="fejlraekker")
    db.session.rollback()
    return send_file(stream, mimetype=XLSX, as_attachment=True, download_name=f"fejlraekker-{run.id}.xlsx")
