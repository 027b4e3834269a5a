"""The audit of plain fields: who changed what, before and after, one row per changed record.

Stages, memberships' states, verdicts and target numbers are told by the ledger; what only
serves searching and sorting is nobody's change. Password and keys are masked or left out.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from nbe.access.audited import AUDITED, CHANGES_ONLY, MASK, MASKED, TECHNICAL, TOLD_ELSEWHERE
from nbe.access.viewers import current_viewer
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import Base
from nbe.models import (
    Assessment,
    AssessmentAnswer,
    Business,
    Candidacy,
    Change,
    Loan,
    Mailing,
    Measure,
    Participant,
    Pledge,
    Registration,
    Report,
    Saving,
    Screener,
    Screening,
    ScreeningFile,
    Target,
    ThemeAnswer,
    User,
)


class BulkChangeError(RuntimeError):
    """A bulk UPDATE or DELETE would pass the audit by."""


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, float, str, bool)) else str(value)


def audited_fields(model: type[Base]) -> list[str]:
    """The fields of a record whose every change is told here."""
    left_out = TECHNICAL | TOLD_ELSEWHERE.get(model, frozenset())
    return [attribute.key for attribute in inspect(model).column_attrs if attribute.key not in left_out]


def _difference(row: Any, operation: str) -> dict[str, Any]:
    model = type(row)
    state = inspect(row)
    diff: dict[str, Any] = {}
    for key in audited_fields(model):
        history = state.attrs[key].history
        if operation == "U" and not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = getattr(row, key)
        if operation == "D":
            old, new = new, None
        if operation == "U" and plain(old) == plain(new):
            continue
        if operation == "I" and new in (None, ""):
            continue
        diff[key] = MASK if (model, key) in MASKED else [plain(old), plain(new)]
    if model is User:
        diff.update(_role_difference(state))
    return diff


def _role_difference(state: Any) -> dict[str, Any]:
    history = state.attrs["roles"].history
    old = ", ".join(sorted(role.name for role in history.deleted)) or None
    new = ", ".join(sorted(role.name for role in history.added)) or None
    return {"role": [old, new]} if old != new else {}


def _business_id(row: Any, session: Session) -> int | None:
    if isinstance(row, Business):
        return row.id
    if isinstance(row, Assessment):
        candidacy = session.get(Candidacy, row.candidacy_id)
        return candidacy.business_id if candidacy else None
    if isinstance(row, AssessmentAnswer):
        assessment = session.get(Assessment, row.assessment_id)
        return _business_id(assessment, session) if assessment else None
    if isinstance(row, Saving):
        measure = session.get(Measure, row.measure_id)
        return measure.business_id if measure else None
    if isinstance(row, ThemeAnswer | ScreeningFile | Report):
        screening = session.get(Screening, row.screening_id)
        return screening.business_id if screening else None
    return getattr(row, "business_id", None)


def _municipality(row: Any, business_id: int | None, known: dict[int, int]) -> int | None:
    if isinstance(row, Business | Target | Screener | Pledge | Participant | Registration | Mailing):
        return row.municipality_code
    if isinstance(row, Loan):
        return row.lender_code
    return known.get(business_id) if business_id is not None else None


def _municipalities(session: Session, ids: set[int]) -> dict[int, int]:
    known: dict[int, int] = {}
    missing = []
    for business_id in ids:
        loaded = session.identity_map.get(session.identity_key(Business, business_id))
        if loaded is not None and "municipality_code" in loaded.__dict__:
            known[business_id] = loaded.municipality_code
        else:
            missing.append(business_id)
    for part in chunks(missing):
        found = session.connection().execute(
            sa.select(Business.id, Business.municipality_code).where(Business.id.in_(part))
        )
        known.update((row.id, row.municipality_code) for row in found)
    return known


def _record(row: Any) -> tuple[str, int]:
    """Which record a change belongs to; an answer belongs to its assessment."""
    if isinstance(row, AssessmentAnswer):
        return Assessment.__tablename__, row.assessment_id
    return type(row).__tablename__, row.id


def _write_changes(session: Session, _: Any) -> None:
    if session.info.get("unaudited"):  # made-up data: nobody has done it
        return
    changed: list[tuple[str, Any, dict[str, Any]]] = []
    for operation, rows in (("I", session.new), ("U", session.dirty), ("D", session.deleted)):
        for row in rows:
            if not isinstance(row, AUDITED) or (operation == "I" and isinstance(row, CHANGES_ONLY)):
                continue
            diff = _difference(row, operation)
            if isinstance(row, AssessmentAnswer) and diff:
                # An answer given is a change of its assessment.
                answer = {f"criterion_{row.criterion_id}": diff["answer"]}
                changed.append(("U" if operation == "I" else operation, row, answer))
            elif diff:
                changed.append((operation, row, diff))
    if not changed:
        return
    with session.no_autoflush:
        businesses = [_business_id(row, session) for _, row, _ in changed]
    known = _municipalities(session, {i for i in businesses if i is not None})
    moment, user_id = clock.now(), current_viewer().user_id
    values = []
    for (operation, row, diff), business_id in zip(changed, businesses, strict=True):
        entity, entity_id = _record(row)
        values.append(
            {
                "at": moment,
                "user_id": user_id,
                "entity": entity,
                "entity_id": entity_id,
                "business_id": business_id,
                "municipality_code": _municipality(row, business_id, known),
                "import_id": session.info.get("import_id"),
                "operation": operation,
                "version": getattr(row, "version", None),
                "diff": diff,
            }
        )
    session.connection().execute(sa.insert(Change.__table__), values)  # type: ignore[arg-type]


def _refuse_bulk(state: Any) -> None:
    if not (state.is_update or state.is_delete) or state.execution_options.get("unaudited"):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, AUDITED):
        raise BulkChangeError(f"bulk change of {mapper.class_.__name__} without the option unaudited")


def _keep_old_value(*_: Any) -> None:
    """Listening with active_history makes SQLAlchemy load the old value before a change."""


def init_changes() -> None:
    """Listen to every session, once per process."""
    if event.contains(Session, "after_flush", _write_changes):
        return
    event.listen(Session, "after_flush", _write_changes)
    event.listen(Session, "do_orm_execute", _refuse_bulk)
    for model in AUDITED:
        for key in audited_fields(model):
            event.listen(getattr(model, key), "set", _keep_old_value, active_history=True)
