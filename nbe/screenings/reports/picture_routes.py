"""The photos of a report, to those who may read the edition that shows them."""

from __future__ import annotations

from flask import Response, abort

from nbe.access import Feature, Permission, current_viewer
from nbe.screenings.files.answers import answer_with
from nbe.screenings.reports import queries
from nbe.screenings.reports.show import view_for

bp = Feature("report_pictures", __name__)


@bp.get("/rapporter/<int:report_id>/billeder/<int:file_id>", needs=Permission.REPORTS_READ)
def show(report_id: int, file_id: int) -> Response:
    """A photo as the report has it, also after it was taken away from the form."""
    viewer = current_viewer()
    view = view_for(viewer, queries.find_report(viewer, report_id))
    photo = next((photo for photo in view.photos if photo["id"] == file_id), None)
    if photo is None:
        abort(404)
    return answer_with(photo["key"], photo["name"], photo["content_type"])
