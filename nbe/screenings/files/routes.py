"""Photos and files of a visit: sent in by the form's script, and shown. What they show is told in the form itself."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, request, url_for

from nbe.access import Feature, Permission, current_viewer, leave_trail
from nbe.models import ScreeningFile
from nbe.screenings.files import actions, queries, storage
from nbe.screenings.files.answers import answer_with
from nbe.screenings.files.rules import LARGEST, PHOTO, FileRefusedError
from nbe.screenings.queries import find_screening

bp = Feature("screening_files", __name__, url_prefix="/screeninger/<int:screening_id>/filer")
READ, WRITE = Permission.SCREENINGS_READ, Permission.SCREENINGS_WRITE


def told(file: ScreeningFile) -> dict[str, Any]:
    """What the form's script shows of a file."""
    place: dict[str, Any] = {"screening_id": file.screening_id, "file_id": file.id}
    is_photo = file.content_type == PHOTO
    return {
        "key": file.key,
        "href": url_for("screening_files.show", **place),
        "small": url_for("screening_files.small", **place) if is_photo else "",
    }


@bp.post("", needs=WRITE, writes=False)
def add(screening_id: int) -> Any:
    """One file from the form's script; its key makes it count once."""
    viewer, sent = current_viewer(), request.files.get("file")
    one = actions.SentFile(
        key=request.form.get("key", "")[:36],
        name=(sent.filename or "") if sent else "",
        theme=request.form.get("theme", "")[:40],
        data=sent.stream.read(LARGEST + 1) if sent else b"",
    )
    try:
        file = actions.take_file(viewer, screening_id, one)
    except FileRefusedError as refused:
        return make_response(jsonify(message=refused.message), 422)
    return jsonify(user=viewer.user_id, file=told(file))


@bp.get("/<int:file_id>", needs=READ)
def show(screening_id: int, file_id: int) -> Response:
    """The file itself."""
    file = queries.find_file(find_screening(current_viewer(), screening_id), file_id)
    leave_trail("read", "screening_file", file.id)
    return answer_with(file.key, file.name, file.content_type)


@bp.get("/<int:file_id>/lille", needs=READ)
def small(screening_id: int, file_id: int) -> Response:
    """A small picture of a photo."""
    file = queries.find_file(find_screening(current_viewer(), screening_id), file_id)
    return answer_with(file.key, file.name, PHOTO, storage.SMALL)
