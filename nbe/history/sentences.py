"""From a ledger row or a change to a Danish sentence. Pure: what is told is given, nothing is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from nbe.history.courses import tell_participant, tell_participant_undone
from nbe.history.gatherings import tell_registration
from nbe.history.hours import tell_hours, tell_loan, tell_norm
from nbe.history.labels import ENTITIES, field_label, show_value
from nbe.models.states import (
    CloseReason,
    LedgerKind,
    MeasureState,
    MembershipState,
    ScreeningState,
    Stage,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A ledger row, with the names it points at."""

    kind: LedgerKind
    who: str
    business: str
    municipality: str
    year: int | None
    from_code: str | None
    to_code: str
    detail: str | None
    happened_on: dt.date
    recorded_on: dt.date
    is_undo: bool = False
    import_name: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of plain fields: operation I (made), U (changed) or D (deleted)."""

    who: str
    entity: str
    operation: str
    business: str
    diff: Mapping[str, Any]
    import_name: str = ""


def stage_label(code: str | None) -> str:
    """A stage by its label; the code itself when it is unknown."""
    return str(Stage(code).label) if code in set(Stage) else str(code or "")


def tell_move(row: Moved) -> str:
    """The whole sentence; beside it stands when it was written, and in it when it happened if that was another day."""
    what = _tell_undo(row) if row.is_undo else _TELLERS[row.kind](row)
    told = what
    if row.recorded_on != row.happened_on:
        days = {"happened": _dmy(row.happened_on), "recorded": _dmy(row.recorded_on)}
        told = _("%(what)s, sket %(happened)s, skrevet %(recorded)s", what=what, **days)
    return _("%(told)s (import af %(name)s)", told=told, name=row.import_name) if row.import_name else told


def _dmy(day: dt.date) -> str:
    return day.strftime("%d-%m-%Y")


def _names(row: Moved) -> dict[str, Any]:
    return {
        "who": row.who,
        "business": row.business,
        "municipality": row.municipality,
        "year": row.year,
        "before": stage_label(row.from_code),
        "after": stage_label(row.to_code),
    }


def _tell_stage(row: Moved) -> str:
    names = _names(row)
    if row.detail == CloseReason.MERGED and row.to_code == Stage.CLOSED:
        return _("%(who)s lukkede %(business)s i %(year)s: slået sammen med en anden virksomhed", **names)
    if row.from_code == row.to_code:
        return _("%(who)s flyttede %(business)s til %(municipality)s Kommune", **names)
    if row.to_code == Stage.CLOSED:
        reason = str(CloseReason(row.detail).label) if row.detail in set(CloseReason) else ""
        return _("%(who)s lukkede %(business)s: %(reason)s", reason=reason.lower(), **names)
    if row.from_code is None:
        return _("%(who)s satte %(business)s på %(after)s i %(year)s", **names)
    if row.from_code == Stage.CLOSED:
        return _("%(who)s genåbnede %(business)s på %(after)s", **names)
    return _("%(who)s flyttede %(business)s fra %(before)s til %(after)s", **names)


def _tell_verdict(row: Moved) -> str:
    verdict = str(Verdict(row.to_code).label).lower() if row.to_code in set(Verdict) else row.to_code
    return _("%(who)s vurderede %(business)s: %(verdict)s", who=row.who, business=row.business, verdict=verdict)


def _tell_membership(row: Moved) -> str:
    names = _names(row)
    if row.detail == CloseReason.MERGED:
        return _("%(who)s slog %(business)s sammen med en anden virksomhed, som har medlemskabet nu", **names)
    if row.from_code == row.to_code:
        return _("%(who)s flyttede medlemskabet for %(business)s til %(municipality)s Kommune", **names)
    sentences = {
        MembershipState.INVITED: _("%(who)s inviterede %(business)s til netværket", **names),
        MembershipState.APPLIED: _("%(who)s noterede, at %(business)s har ansøgt om medlemskab", **names),
        MembershipState.MEMBER: _("%(who)s skrev %(business)s ind som medlem af netværket", **names),
        MembershipState.LEFT: _("%(who)s meldte %(business)s ud af netværket", **names),
        MembershipState.REJECTED: _("%(who)s afviste %(business)s som medlem", **names),
    }
    return sentences[MembershipState(row.to_code)]


def _tell_target(row: Moved) -> str:
    names = {**_names(row), "before": row.from_code, "after": row.to_code}
    if row.from_code:
        return _("%(who)s ændrede måltallet for %(municipality)s i %(year)s fra %(before)s til %(after)s", **names)
    return _("%(who)s satte måltallet for %(municipality)s i %(year)s til %(after)s", **names)


def _tell_screening(row: Moved) -> str:
    names = _names(row)
    sentences = {
        ScreeningState.PLANNED: _("%(who)s aftalte en screening hos %(business)s", **names),
        ScreeningState.HELD: _("%(who)s noterede, at screeningen hos %(business)s er gennemført", **names),
        ScreeningState.DRAFT: _("%(who)s begyndte på rapporten til %(business)s", **names),
        ScreeningState.APPROVED: _("%(who)s godkendte rapporten til %(business)s", **names),
        ScreeningState.HANDED_OVER: _("%(who)s afleverede rapporten til %(business)s", **names),
        ScreeningState.CANCELLED: _("%(who)s aflyste screeningen hos %(business)s", **names),
    }
    return sentences[ScreeningState(row.to_code)]


def _tell_measure(row: Moved) -> str:
    names = {**_names(row), "state": str(MeasureState(row.to_code).label).lower()}
    if row.from_code is None:
        return _("%(who)s foreslog et tiltag hos %(business)s", **names)
    if row.from_code == row.to_code:
        return _("%(who)s rettede besparelsen ved et tiltag hos %(business)s", **names)
    return _("%(who)s satte et tiltag hos %(business)s til %(state)s", **names)


def _tell_norm(row: Moved) -> str:
    return tell_norm(_names(row), row.to_code)


def _tell_hours(row: Moved) -> str:
    return tell_hours(_names(row), row.from_code, row.to_code, row.detail)


def _tell_participant(row: Moved) -> str:
    return tell_participant(row.who, row.person, row.from_code, row.to_code)


def _tell_registration(row: Moved) -> str:
    return tell_registration(row.who, row.business, row.to_code)


_TELLERS = {
    LedgerKind.STAGE: _tell_stage,
    LedgerKind.VERDICT: _tell_verdict,
    LedgerKind.MEMBERSHIP: _tell_membership,
    LedgerKind.TARGET: _tell_target,
    LedgerKind.SCREENING: _tell_screening,
    LedgerKind.MEASURE: _tell_measure,
    LedgerKind.NORM: _tell_norm,
    LedgerKind.HOURS: _tell_hours,
    LedgerKind.PARTICIPANT: _tell_participant,
    LedgerKind.REGISTRATION: _tell_registration,
}


def _tell_undo(row: Moved) -> str:
    """A counter-row: its `from` is what the row taken back led to."""
    names = _names(row)
    if row.kind is LedgerKind.VERDICT:
        return _("%(who)s fortrød vurderingen af %(business)s", **names)
    if row.kind is LedgerKind.MEMBERSHIP:
        return _("%(who)s fortrød ændringen af medlemskabet for %(business)s", **names)
    if row.kind is LedgerKind.TARGET:
        return _("%(who)s fortrød måltallet %(number)s for %(municipality)s", number=row.from_code, **names)
    if row.kind is LedgerKind.SCREENING:
        return _("%(who)s fortrød en ændring af screeningen hos %(business)s", **names)
    if row.kind is LedgerKind.MEASURE:
        return _("%(who)s fortrød en ændring af et tiltag hos %(business)s", **names)
    if row.kind in (LedgerKind.NORM, LedgerKind.HOURS):
        return _("%(who)s fortrød en ændring af timer for %(municipality)s", **names)
    if row.kind is LedgerKind.PARTICIPANT:
        return tell_participant_undone(row.who, row.person)
    if row.kind is LedgerKind.REGISTRATION:
        return _("%(who)s fortrød en ændring af en tilmelding", who=row.who)
    if row.from_code == row.to_code:
        return _("%(who)s fortrød, at %(business)s kom på %(after)s", **names)
    return _("%(who)s fortrød, at %(business)s blev flyttet fra %(after)s til %(before)s", **names)


def tell_change(row: Changed) -> str:
    """Who made, changed or deleted what, and which fields."""
    if row.entity == "loan" and (told := tell_loan(row.who, row.diff)):
        return told
    subject = " ".join(part for part in (str(ENTITIES.get(row.entity, row.entity)), row.business) if part)
    business = row.business or (_("en uden virksomhed") if row.entity == "registration" else "")
    subject = " ".join(part for part in (str(ENTITIES.get(row.entity, row.entity)), business) if part)
    fields = ", ".join(dict.fromkeys(field_label(key) for key in row.diff))
    if row.operation == "I":
        told = _("%(who)s oprettede %(subject)s", who=row.who, subject=subject)
    elif row.operation == "D":
        told = _("%(who)s slettede %(subject)s", who=row.who, subject=subject)
    else:
        told = _("%(who)s rettede %(subject)s: %(fields)s", who=row.who, subject=subject, fields=fields)
    return _("%(told)s (import af %(name)s)", told=told, name=row.import_name) if row.import_name else told


def _told_fields(row_operation: str, diff: Mapping[str, Any]) -> list[str]:
    """The fields worth telling: what a new record points at goes without saying."""
    if row_operation == "I":
        return [key for key in diff if not key.endswith("_id") and key not in ("is_hidden", "industry_version")]
    return list(diff)


def field_lines(operation: str, diff: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) in words; what is masked stays masked, and ids are only said to have changed."""
    lines = []
    for key in _told_fields(operation, diff):
        pair = diff[key]
        if isinstance(pair, list) and len(pair) == 2 and not key.endswith("_id"):
            before = "" if operation == "I" else show_value(key, pair[0])
            lines.append((field_label(key), before, show_value(key, pair[1])))
        else:
            lines.append((field_label(key), "", _("ændret")))
    return lines
