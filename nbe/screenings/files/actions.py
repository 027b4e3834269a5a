"""Adding a file to a visit. Its key makes it count once, and names it in the form, where it is told of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, MultiDict

from nbe.access import Permission, Viewer
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.core.text import clean
from nbe.models import Screening, ScreeningFile
from nbe.screenings.files import queries, rules, storage
from nbe.screenings.files.cleaning import CleanFile, clean_file
from nbe.screenings.files.rules import FileRefusedError
from nbe.screenings.queries import find_screening
from nbe.screenings.sync.rules import is_editable


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on its way in: its key, the name it had, the code of its theme ("" for none), and its bytes."""

    key: str
    name: str
    theme: str
    data: bytes


def take_file(viewer: Viewer, screening_id: int, sent: SentFile) -> ScreeningFile:
    """Keep one file and commit; it is read before the lock is taken, so that nobody waits for a large photo.

    404 where the viewer is not at work. Raises FileRefusedError.
    """
    screening = find_screening(viewer, screening_id, Permission.SCREENINGS_WRITE)
    known = queries.find_by_key(sent.key)
    if known is not None and known.screening_id == screening.id:
        return known
    _check_open(screening)
    kept = clean_file(sent.data)
    db.session.rollback()
    with writing():
        screening = find_screening(viewer, screening_id, Permission.SCREENINGS_WRITE, for_update=True)
        file = add_file(screening, sent, kept, user_id=viewer.user_id)
        db.session.commit()
    return file


def add_file(screening: Screening, sent: SentFile, kept: CleanFile, *, user_id: int | None) -> ScreeningFile:
    """Keep a file under its theme. The same key again changes nothing.

    Needs the visit's row locked for update. Raises FileRefusedError.
    """
    known = queries.find_by_key(sent.key)
    if known is not None and known.screening_id == screening.id:
        return known
    if known is not None or not storage.is_key(sent.key):
        raise FileRefusedError(_l("Filen kunne ikke læses. Vælg den igen."))
    _check_open(screening)
    themes = {one.code: one.id for one in screening.theme_set.themes}
    if sent.theme and sent.theme not in themes:
        raise FileRefusedError(_l("Temaet findes ikke i skemaet."))
    rules.check_count(*queries.count_files(screening.id, themes.get(sent.theme)))
    storage.write(sent.key, kept.content)
    if kept.small:
        storage.write(sent.key, kept.small, storage.SMALL)
    file = ScreeningFile(
        screening_id=screening.id,
        theme_id=themes.get(sent.theme),
        key=sent.key,
        name=_read_name(sent.name),
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=kept.sha256,
        user_id=user_id,
        created_at=clock.now(),
    )
    db.session.add(file)
    db.session.flush()
    return file


def take_files(
    screening: Screening, sent: MultiDict[str, FileStorage], *, user_id: int | None
) -> tuple[int, dict[str, str]]:
    """The files that the form was sent with, each in the field "file:<theme>": -> (how many, field -> why not)."""
    count, refused = 0, {}
    for name, file in sent.items(multi=True):
        kind, _colon, theme = name.partition(":")
        if kind != "file" or not file.filename:
            continue
        one = SentFile(str(uuid.uuid4()), file.filename, theme, file.stream.read(rules.LARGEST + 1))
        try:
            add_file(screening, one, clean_file(one.data), user_id=user_id)
        except FileRefusedError as error:
            refused[name] = f"{file.filename[-60:]}: {error.message}"
        else:
            count += 1
    return count, refused


def _read_name(name: str) -> str:
    """The name alone, without a folder of the sender's."""
    last = clean(name).replace("\n", " ").replace("\\", "/").rpartition("/")[2].strip()
    return last[-rules.LONGEST_NAME :] or _("billede")


def _check_open(screening: Screening) -> None:
    if not is_editable(screening.state):
        state = str(screening.state.label).lower()
        raise FileRefusedError(_("Screeningen er %(state)s og kan ikke rettes.", state=state))
