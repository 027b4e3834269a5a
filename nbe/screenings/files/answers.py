"""A kept file as an answer: a photo to be looked at, anything else to be saved; never stored on the way."""

from __future__ import annotations

import io

from flask import Response, abort, send_file

from nbe.screenings.files import storage
from nbe.screenings.files.rules import PHOTO


def answer_with(key: str, name: str, content_type: str, suffix: str = "") -> Response:
    """The bytes under their name; 404 where they are missing."""
    content = storage.read(key, suffix)
    if content is None:
        abort(404)
    is_photo = content_type == PHOTO
    called = f"{name.rpartition('.')[0] or name}.jpg" if is_photo else name
    answer = send_file(
        io.BytesIO(content),
        mimetype=content_type,
        as_attachment=not is_photo,
        download_name=called,
        etag=False,
        max_age=0,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
