"""Two people on one measure: its words, and the numbers of its savings, field by field."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import request
from wtforms import BooleanField

from nbe.access.editing import Conflict, FieldConflict
from nbe.core.database import db
from nbe.measures.forms import MeasureForm, filled, labels_of, name_of, parts_of, stamp
from nbe.models import Change, Measure, Saving, User

_COLUMNS = {"amount": ("amount", "is_not_measured"), "baseline": ("baseline",), "factor": ("factor_id",)}


def find_measure_conflict(measure: Measure, form: MeasureForm) -> Conflict | None:
    """Compare a validated form with a measure that is newer than what the form showed; None when it may be saved."""
    seen = str(form.stand.data or "")
    if not seen or seen == stamp(measure):
        return None
    changes = _changes_since(measure, seen)
    touched = _touched(measure, seen, changes)
    labels, theirs = labels_of(form), filled(measure)
    if not touched & set(labels):
        return None
    sent = {k: v for k, v in request.form.items() if k not in ("csrf_token", "once", "version", "stand")}
    fields = []
    for name, label in labels.items():
        mine, now = sent.get(name, "").strip(), _shown(form[name], theirs.get(name)).strip()
        if mine != now:
            readable = dict(_choices(form[name]))
            fields.append(
                FieldConflict(
                    name, str(label), mine, now, name in touched, readable.get(mine, mine), readable.get(now, now)
                )
            )
    if not fields:
        return None
    names = {field.name for field in fields}
    kept = [(key, value) for key, value in sent.items() if key not in names]
    who, when = (changes[0][1] or "", changes[0][0].at) if changes else ("", None)
    return Conflict(measure.version, who, when, tuple(fields), (*kept, ("stand", stamp(measure))))


def _changes_since(measure: Measure, seen: str) -> list[tuple[Change, str | None]]:
    """What was changed in the measure and the savings that the form showed, the latest first."""
    first, *rest = seen.split(".")
    bases = {(Measure.__tablename__, measure.id): first}
    bases |= {(Saving.__tablename__, int(key)): version for key, _dash, version in (r.partition("-") for r in rest)
              if key.isascii() and key.isdigit()}  # fmt: skip
    ids = [saving.id for saving in measure.savings]
    statement = (
        sa.select(Change, User.name)
        .outerjoin(User, User.id == Change.user_id)
        .where(
            sa.or_(
                sa.and_(Change.entity == Measure.__tablename__, Change.entity_id == measure.id),
                sa.and_(Change.entity == Saving.__tablename__, Change.entity_id.in_(ids)),
            )
        )
        .order_by(Change.id.desc())
    )
    found: list[tuple[Change, str | None]] = []
    for change, who in db.session.execute(statement):
        base = bases.get((change.entity, change.entity_id), "0")
        if (change.version or 0) > (int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0):
            found.append((change, who))
    return found


def _touched(measure: Measure, seen: str, changes: list[tuple[Change, str | None]]) -> set[str]:
    """The fields of the form that somebody else has changed; all of a saving that the form did not know."""
    known = {part.partition("-")[0] for part in seen.split(".")[1:]}
    by_id = {saving.id: saving for saving in measure.savings}
    touched: set[str] = set()
    for change, _who in changes:
        if change.entity == Measure.__tablename__:
            touched |= set(change.diff)
        else:
            touched |= _fields(by_id[change.entity_id], set(change.diff))
    for saving in measure.savings:
        if str(saving.id) not in known:
            touched |= _fields(saving, None)
    return touched


def _fields(saving: Saving, columns: set[str] | None) -> set[str]:
    return {
        name_of(saving.phase, saving.quantity, part)
        for part in parts_of(saving.phase, saving.quantity)
        if columns is None or columns & set(_COLUMNS.get(part, (part,)))
    }


def _shown(field: Any, value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "y"
    show = getattr(field, "show", None)
    return str(show(value)) if show else str(value)


def _choices(field: Any) -> list[tuple[str, str]]:
    if isinstance(field, BooleanField):
        from flask_babel import gettext as _

        return [("", _("Nej")), ("y", _("Ja"))]
    return [(str(value), str(label)) for value, label, *_rest in getattr(field, "choices", None) or ()]
