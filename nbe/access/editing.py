"""Two people on one record: the second sees what the first changed, field by field, and chooses.

    conflict = find_conflict(business, form, {"name": _l("Navn"), …})
    if conflict:
        return conflict_page(conflict, form, action=request.path)

A form carries the version it was filled in from. When the record has moved on, nothing is saved:
the page shows theirs beside mine for each field that differs and posts again with the new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from wtforms import BooleanField

from nbe.access.changes import audited_fields
from nbe.core.database import Base, db
from nbe.models import Change, User


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field in which what was typed differs from what now stands."""

    name: str
    label: str
    mine: str
    theirs: str
    was_changed: bool
    mine_label: str = ""
    theirs_label: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody was first: who, when, and the fields that differ."""

    version: int
    who: str
    when: Any
    fields: tuple[FieldConflict, ...]
    kept: tuple[tuple[str, str], ...]


def find_conflict(record: Base, form: Any, labels: Mapping[str, Any]) -> Conflict | None:
    """Compare a validated form with a record that is newer than the form's version; None when it is not.

    `labels` names the fields that are saved, by their name on both the form and the record.
    """
    base = form.read_version()
    version: int = record.version  # type: ignore[attr-defined]
    if base is None or base == version:
        return None
    changes = db.session.execute(
        sa.select(Change, User.name)
        .outerjoin(User, User.id == Change.user_id)
        .where(
            Change.entity == record.__tablename__,
            Change.entity_id == record.id,  # type: ignore[attr-defined]
            Change.version > base,
        )
        .order_by(Change.id.desc())
    ).all()
    touched = {name for change, _who in changes for name in change.diff}
    if not touched & set(labels) and set(labels) <= set(audited_fields(type(record))):
        return None  # somebody changed the record, and nothing of what this form saves
    who, when = (changes[0][1] or "", changes[0][0].at) if changes else ("", None)
    sent = {key: value for key, value in request.form.items() if key not in ("csrf_token", "once", "version")}
    differing = []
    for name, label in labels.items():
        mine, theirs = sent.get(name, ""), _shown(form[name], getattr(record, name))
        if mine.strip() != theirs.strip():
            labels_of = _choice_labels(form[name])
            differing.append(
                FieldConflict(
                    name,
                    str(label),
                    mine,
                    theirs,
                    name in touched,
                    labels_of.get(mine, mine),
                    labels_of.get(theirs, theirs),
                )
            )
    names = {field.name for field in differing}
    kept = tuple((key, value) for key, value in sent.items() if key not in names)
    return Conflict(version, who, when, tuple(differing), kept)


def _choice_labels(field: Any) -> dict[str, str]:
    """What a choice is called, by the value the form sends; empty for typed fields."""
    if isinstance(field, BooleanField):
        return {"": _("Nej"), "y": _("Ja")}
    choices = getattr(field, "choices", None) or ()
    return {str(value): str(label) for value, label, *_rest in choices}


def _shown(field: Any, value: Any) -> str:
    """A record's value as the form would write it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    show = getattr(field, "show", None)
    return str(show(value)) if show else str(getattr(value, "value", value))


def conflict_page(conflict: Conflict, *, action: str, title: str, back: str) -> Response:
    """The page on which the second chooses; status 409."""
    page = render_template("components/conflict_page.html", conflict=conflict, action=action, title=title, back=back)
    return make_response(page, 409)
