"""Reading the files of a visit; who may see the visit may see its files."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort

from nbe.core.database import db
from nbe.models import Screening, ScreeningFile


def list_files(screening_id: int) -> list[ScreeningFile]:
    """The files that are shown, in the order they came."""
    statement = sa.select(ScreeningFile).where(
        ScreeningFile.screening_id == screening_id, ScreeningFile.is_hidden.is_(False)
    )
    return list(db.session.scalars(statement.order_by(ScreeningFile.id)))


def find_file(screening: Screening, file_id: int) -> ScreeningFile:
    """One file of a visit that was found by `find_screening`, or 404."""
    statement = sa.select(ScreeningFile).where(
        ScreeningFile.id == file_id,
        ScreeningFile.screening_id == screening.id,
        ScreeningFile.is_hidden.is_(False),
    )
    found = db.session.scalar(statement) if file_id < 2**31 else None
    if found is None:
        abort(404)
    return found


def find_by_key(key: str) -> ScreeningFile | None:
    """The file that has a key, of whichever visit, removed ones as well."""
    return db.session.scalar(sa.select(ScreeningFile).where(ScreeningFile.key == key))


def count_files(screening_id: int, theme_id: int | None) -> tuple[int, int]:
    """(under the theme, of the visit), removed ones left out."""
    files = list_files(screening_id)
    return sum(file.theme_id == theme_id for file in files), len(files)
