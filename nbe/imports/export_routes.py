"""Exports of the lists: what the viewer sees, as filtered, as a spreadsheet or Danish CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from flask import Response, abort, request, send_file, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.businesses import queries as businesses
from nbe.businesses.filters import read_filter as read_business_filter
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.imports.exporting import Export, to_csv, to_xlsx
from nbe.pipeline.filters import read_filter as read_candidate_filter
from nbe.pipeline.queries import list_candidate_businesses
from nbe.targets.queries import find_programme

bp = Feature("exports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024


def _year() -> int:
    year = asked_number(request.args, "aar")
    return year if year is not None and 2000 <= year <= 2100 else clock.today().year


@bp.get("/virksomheder/eksport.<any(xlsx, csv):kind>", needs=Permission.LISTS_READ)
def export_businesses(kind: str) -> BaseResponse:
    """The list of businesses."""
    viewer, chosen, year = current_viewer(), read_business_filter(request.args), _year()
    ids = businesses.list_ids(viewer, chosen)
    leave_trail("export", "business", what=f"virksomheder.{kind}", rows=len(ids), programme=year)
    return _answer(Export(viewer, ids, find_programme(year), year, chosen.as_of), "virksomheder", kind)


@bp.get("/kandidater/eksport.<any(xlsx, csv):kind>", needs=Permission.LISTS_READ)
def export_candidates(kind: str) -> BaseResponse:
    """The list of candidates."""
    viewer = current_viewer()
    chosen = read_candidate_filter(request.args, sees_details=viewer.may(Permission.BUSINESSES_READ))
    if chosen is None:
        abort(404)
    ids, year = list_candidate_businesses(viewer, chosen), chosen.programme.year
    leave_trail("export", "candidacy", what=f"kandidater.{kind}", rows=len(ids), programme=year)
    return _answer(Export(viewer, ids, chosen.programme, year, chosen.as_of), f"kandidater-{year}", kind)


def _answer(export: Export, name: str, kind: str) -> BaseResponse:
    day = (export.as_of or clock.today()).isoformat()
    filename = f"{name}-{day}.{kind}"
    if kind == "xlsx":
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the answer
        to_xlsx(export, name.capitalize(), cast(BinaryIO, file))
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=filename)
    pieces: Iterator[bytes] = stream_with_context(to_csv(export))
    answer = Response(pieces, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer
