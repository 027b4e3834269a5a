"""A list as an answer to be saved: XLSX, or CSV as Danish Excel opens it."""

from __future__ import annotations

import io

from flask import Response, send_file
from werkzeug.wrappers import Response as BaseResponse

from nbe.core.sheets.writing import SheetOut, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_answer(sheet: SheetOut, filename: str, kind: str) -> BaseResponse:
    """The sheet as a file called `filename`.`kind`; kind xlsx or csv."""
    name = f"{filename}.{kind}"
    if kind == "xlsx":
        file = io.BytesIO()
        write_xlsx(file, [sheet])
        file.seek(0)
        return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
    reply = Response(b"".join(write_csv(sheet.columns, sheet.rows)), content_type="text/csv; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply
