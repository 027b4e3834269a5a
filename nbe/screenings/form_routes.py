"""The form of a visit: filled in on a tablet, saved as it is typed, or by its button where no script runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from nbe.access import Feature, Permission, current_viewer
from nbe.access.editing import conflict_page
from nbe.core.arguments import asked_number
from nbe.core.assets import OWN
from nbe.core.csrf import csrf_token
from nbe.core.notices import tell
from nbe.models import Screening
from nbe.models.states import EditOutcome, Quantity
from nbe.screenings import filling
from nbe.screenings.files.actions import take_files
from nbe.screenings.form_texts import script_texts
from nbe.screenings.queries import find_screening
from nbe.screenings.sync import actions, queries
from nbe.screenings.sync.reading import UnreadableError, read_batch

bp = Feature("screening_form", __name__)
READ, WRITE = Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE


def _page(page: filling.FormPage, *, may_write: bool, status: int = 200) -> Response:
    html = render_template(
        "screenings/form.html",
        may_write=may_write,
        quantities=list(Quantity),
        script_texts=script_texts(),
        user_id=current_viewer().user_id,
        **filling.context(page),
    )
    return make_response(html, status)


@bp.get("/screeninger/<int:screening_id>/skema", needs=READ)
def show(screening_id: int) -> Any:
    """The form; read only for those who are not at work here."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id)
    page = filling.open_page(queries.load_form(screening))
    return _page(page, may_write=queries.may_fill(viewer, screening))


@bp.get("/screeninger/skema.js", needs=Permission.PUBLIC)
def worker() -> Any:
    """The script that opens the form without a connection; its address says which pages it may look after."""
    return send_file(OWN / "screening-worker.js", mimetype="text/javascript")


@bp.post("/screeninger/<int:screening_id>/skema", needs=WRITE)
def save(screening_id: int) -> Any:
    """All that was changed on the page at once, or nothing."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, WRITE, for_update=True)
    form = queries.load_form(screening)
    edits = filling.read_edits(form)
    errors = filling.missing_reasons(edits)
    batch = actions.apply_edits(screening, edits, user_id=viewer.user_id)
    errors |= {one.edit.name: one.message for one in batch.of(EditOutcome.REFUSED)}
    sent, refused = take_files(screening, request.files, user_id=viewer.user_id)
    errors |= refused
    if errors:
        return _page(filling.typed_page(form, errors), may_write=True, status=422)
    here = url_for(".show", screening_id=screening.id)
    if batch.of(EditOutcome.CONFLICT):
        conflict = filling.find_conflict(form, batch)
        return conflict_page(conflict, action=here, title=screening.business.name, back=here)
    tell(_("Skemaet er gemt.") if edits or sent else _("Der var intet nyt at gemme."))
    return redirect(here, code=303)


def _answer(screening: Screening, since: int, devices: list[str], **more: Any) -> Response:
    viewer = current_viewer()
    later = queries.list_later(screening.id, since, devices)
    is_all = len(later) < queries.MOST_LATER
    return jsonify(
        user=viewer.user_id,
        csrf=csrf_token(),
        may_write=queries.may_fill(viewer, screening),
        latest=queries.latest_edit(screening.id) if is_all else later[-1].id,
        later=[asdict(edit) for edit in later],
        **more,
    )


@bp.get("/screeninger/<int:screening_id>/rettelser", needs=READ)
def state(screening_id: int) -> Any:
    """Who is signed in here, a fresh token, and what others have written since."""
    screening = find_screening(current_viewer(), screening_id)
    devices = [request.args.get("enhed", "")[:36]]
    return _answer(screening, asked_number(request.args, "siden") or 0, devices)


@bp.post("/screeninger/<int:screening_id>/rettelser", needs=WRITE)
def sync(screening_id: int) -> Any:
    """A batch of edits from one or more devices; what became of each, and what others have written since."""
    viewer = current_viewer()
    screening = find_screening(viewer, screening_id, WRITE, for_update=True)
    try:
        edits, since = read_batch(request.get_json(silent=True))
    except UnreadableError:
        return make_response(jsonify(title=_("Det kunne ikke læses.")), 422)
    batch = actions.apply_edits(screening, edits, user_id=viewer.user_id)
    devices = sorted({edit.device for edit in edits})
    return _answer(screening, since, devices, outcomes=_told(batch), send_from=batch.send_from)


def _told(batch: actions.Batch) -> list[dict[str, Any]]:
    writers = queries.who_wrote(one.theirs.id for one in batch.outcomes if one.theirs)
    return [
        {
            "device": one.edit.device,
            "number": one.edit.number,
            "subject": one.edit.subject,
            "field": one.edit.field,
            "outcome": one.outcome.value,
            "id": one.id,
            "value": one.value,
            "message": one.message,
            "theirs": {"id": one.theirs.id, "value": one.theirs.value, "who": writers[one.theirs.id][0]}
            if one.theirs
            else None,
        }
        for one in batch.outcomes
    ]
