"""Adding a file to a visit. Its key makes it count once, and names it in the form, where it is told of."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, MultiDict

from nbe.core import clock
from nbe.core.database import db
from nbe.core.text import clean
from nbe.models import Screening, ScreeningFile
from nbe.screenings.files import queries, rules, storage
from nbe.screenings.files.cleaning import clean_file
from nbe.screenings.files.rules import FileRefusedError
from nbe.screenings.sync.rules import is_editable


def add_file(
    screening: Screening,
    data: bytes,
    *,
    key: str,
    name: str,
    theme: str,
    user_id: int | None,
) -> ScreeningFile:
    """Keep a file under a theme (its code; "" for none). The same key again changes nothing.

    Needs the visit's row locked for update. Raises FileRefusedError.
    """
    known = queries.find_by_key(key)
    if known is not None and known.screening_id == screening.id:
        return known
    if known is not None or not storage.is_key(key):
        raise FileRefusedError(_l("Filen kunne ikke læses. Vælg den igen."))
    _check_open(screening)
    themes = {one.code: one.id for one in screening.theme_set.themes}
    if theme and theme not in themes:
        raise FileRefusedError(_l("Temaet findes ikke i skemaet."))
    rules.check_count(*queries.count_files(screening.id, themes.get(theme)))
    kept = clean_file(data)
    storage.write(key, kept.content)
    if kept.small:
        storage.write(key, kept.small, storage.SMALL)
    file = ScreeningFile(
        screening_id=screening.id,
        theme_id=themes.get(theme),
        key=key,
        name=_read_name(name),
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
        data, key = file.stream.read(rules.LARGEST + 1), str(uuid.uuid4())
        try:
            add_file(screening, data, key=key, name=file.filename, theme=theme, user_id=user_id)
        except FileRefusedError as error:
            refused[name] = f"{file.filename[-60:]}: {error}"
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
