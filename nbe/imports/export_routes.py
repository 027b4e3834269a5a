"""Exports of the lists: what the viewer sees, as filtered, as a spreadsheet or Danish CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from flask import Response, abort, request, send_file, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.businesses import queries as businesses
from nbe.core import clock
from nbe.core.dates import parse_date
from nbe.core.text import clean
from nbe.imports.exporting import Export, to_csv, to_xlsx
from nbe.models.industries import DIVISIONS
from nbe.models.states import MembershipState
from nbe.pipeline.filters import read_filter as read_candidate_filter
from nbe.pipeline.queries import list_candidate_businesses
from nbe.targets.queries import find_programme

bp = Feature("exports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024


def _number(name: str) -> int | None:
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def _year() -> int:
    year = _number("aar")
    return year if year is not None and 2000 <= year <= 2100 else clock.today().year


def _business_filter() -> businesses.BusinessFilter:
    """The same parameters as the list of businesses; nonsense is left out."""
    state, division = request.args.get("medlem", ""), request.args.get("branche", "")
    try:
        day = parse_date(request.args.get("pr") or None)
    except ValueError:
        day = None
    return businesses.BusinessFilter(
        municipality_code=_number("kommune"),
        membership=MembershipState(state) if state in list(MembershipState) else None,
        division=division if division in DIVISIONS else "",
        search=clean(request.args.get("q", ""))[:100],
        as_of=day,
    )


@bp.get("/virksomheder/eksport.<any(xlsx, csv):kind>", needs=Permission.LISTS_READ)
def export_businesses(kind: str) -> BaseResponse:
    """The list of businesses."""
    viewer, chosen, year = current_viewer(), _business_filter(), _year()
    ids = businesses.list_ids(viewer, chosen)
    leave_trail("export", "business", what=f"virksomheder.{kind}", rows=len(ids), programme=year)
    return _answer(Export(viewer, ids, find_programme(year), year, chosen.as_of), "virksomheder", kind)


@bp.get("/kandidater/eksport.<any(xlsx, csv):kind>", needs=Permission.LISTS_READ)
def export_candidates(kind: str) -> BaseResponse:
    """The list of candidates."""
    viewer, chosen = current_viewer(), read_candidate_filter(request.args)
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
