"""Reading the history: ledger rows and changes in one stream, newest first, page by page from a mark."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from nbe.access import Permission, Viewer, visible
from nbe.access.visibility import changes_of_borrower
from nbe.core import clock
from nbe.core.database import db
from nbe.history.sentences import Changed, Moved, field_lines, tell_change, tell_move
from nbe.models import Business, Change, ImportRun, LedgerReason, LedgerRow, Municipality, Participant, Programme, User
from nbe.models.states import LedgerKind

PAGE = 50
Stream = Literal["m", "c"]  # moves of the ledger, changes of fields
_RANK = {"m": 1, "c": 0}  # which comes first of the same moment, newest first
_MARK = re.compile(r"(\d{1,17})([mc])(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What is asked for. Days are Danish; `known_on` asks what was written by the end of that day."""

    municipality_code: int | None = None
    business_id: int | None = None
    kind: LedgerKind | Literal["change"] | None = None
    recorded_from: dt.date | None = None
    recorded_to: dt.date | None = None
    as_of: dt.date | None = None
    known_on: dt.date | None = None

    @property
    def known_at(self) -> dt.datetime | None:
        """The last moment of `known_on`."""
        return clock.end_of_day(self.known_on) - dt.timedelta(microseconds=1) if self.known_on else None


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a row in the stream."""

    moment: dt.datetime
    stream: Stream
    row_id: int

    def __str__(self) -> str:
        micros = (self.moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        return f"{micros}{self.stream}{self.row_id}"

    @property
    def place(self) -> tuple[dt.datetime, int, int]:
        """What the stream is ordered by."""
        return self.moment, _RANK[self.stream], self.row_id


def read_mark(text: str) -> Mark | None:
    """A mark from an address; None where it makes no sense."""
    match = _MARK.fullmatch(text)
    if match is None:
        return None
    try:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Mark(moment, "m" if match[2] == "m" else "c", min(int(match[3]), 2**62))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    mark: Mark
    sentence: str
    reason: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()
    business_id: int | None = None
    is_undone: bool = False

    @property
    def moment(self) -> dt.datetime:
        """When it was written."""
        return self.mark.moment


def list_entries(viewer: Viewer, asked: HistoryFilter, before: Mark | None = None) -> tuple[list[Entry], Mark | None]:
    """A page of entries, and the mark the next page begins after (None on the last). Two statements."""
    entries: list[Entry] = []
    if asked.kind != "change":
        entries += _moves(viewer, asked, before)
    if asked.kind in (None, "change") and asked.as_of is None:
        entries += _changes(viewer, asked, before)
    entries.sort(key=lambda entry: entry.mark.place, reverse=True)
    page = entries[:PAGE]
    return page, page[-1].mark if len(entries) > PAGE else None


def _after(before: Mark | None, stream: Stream, moment: Any, row_id: Any) -> list[Any]:
    """The condition that a row comes after the mark in a stream that runs backwards."""
    if before is None:
        return []
    own, other = _RANK[stream], _RANK[before.stream]
    same = row_id < before.row_id if own == other else sa.true() if own < other else sa.false()
    return [moment <= before.moment, sa.or_(moment < before.moment, same)]


def _within(asked: HistoryFilter, moment: Any) -> list[Any]:
    conditions = []
    if asked.recorded_from:
        conditions.append(moment >= clock.end_of_day(asked.recorded_from - dt.timedelta(days=1)))
    if asked.recorded_to:
        conditions.append(moment < clock.end_of_day(asked.recorded_to))
    if asked.known_at:
        conditions.append(moment <= asked.known_at)
    return conditions


def _who(name: str | None) -> str:
    return name or _("Systemet")


def _moves(viewer: Viewer, asked: HistoryFilter, before: Mark | None) -> list[Entry]:
    undo = aliased(LedgerRow)
    undone_by = sa.and_(
        undo.reverses_id == LedgerRow.id, *([undo.recorded_at <= asked.known_at] if asked.known_at else [])
    )
    is_participant = sa.and_(LedgerRow.kind == LedgerKind.PARTICIPANT, Participant.id == LedgerRow.subject_id)
    statement = (
        visible(viewer, LedgerRow, Permission.HISTORY_READ)
        .join(Municipality, Municipality.code == LedgerRow.municipality_code)
        .join(Business, Business.id == LedgerRow.business_id, isouter=True)
        .join(Programme, Programme.id == LedgerRow.programme_id, isouter=True)
        .join(User, User.id == LedgerRow.user_id, isouter=True)
        .join(LedgerReason, LedgerReason.ledger_id == LedgerRow.id, isouter=True)
        .join(ImportRun, ImportRun.id == LedgerRow.import_id, isouter=True)
        .join(undo, undone_by, isouter=True)
        .join(Participant, is_participant, isouter=True)
        .where(*_within(asked, LedgerRow.recorded_at), *_after(before, "m", LedgerRow.recorded_at, LedgerRow.id))
        .with_only_columns(
            LedgerRow.id, LedgerRow.recorded_at, LedgerRow.kind, LedgerRow.business_id, LedgerRow.from_code,
            LedgerRow.to_code, LedgerRow.detail, LedgerRow.happened_on, LedgerRow.reverses_id,
            Business.name.label("business"), Municipality.name.label("municipality"), Programme.year,
            User.name.label("who"), LedgerReason.text, ImportRun.filename, undo.id.label("undo_id"),
            Participant.name.label("person"),
        )
        .order_by(LedgerRow.recorded_at.desc(), LedgerRow.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if asked.municipality_code is not None:
        statement = statement.where(LedgerRow.municipality_code == asked.municipality_code)
    if asked.business_id is not None:
        statement = statement.where(LedgerRow.business_id == asked.business_id)
    if isinstance(asked.kind, LedgerKind):
        statement = statement.where(LedgerRow.kind == asked.kind)
    if asked.as_of:
        statement = statement.where(LedgerRow.happened_on <= asked.as_of)
    return [_move_entry(row) for row in db.session.execute(statement)]


def _move_entry(row: Any) -> Entry:
    told = Moved(
        kind=row.kind,
        who=_who(row.who),
        business=row.business or "",
        municipality=row.municipality,
        year=row.year,
        from_code=row.from_code,
        to_code=row.to_code,
        detail=row.detail,
        happened_on=row.happened_on,
        recorded_on=clock.danish(row.recorded_at).date(),
        is_undo=row.reverses_id is not None,
        import_name=row.filename or "",
        person=row.person or "",
    )
    mark = Mark(row.recorded_at, "m", row.id)
    return Entry(mark, tell_move(told), row.text or "", (), row.business_id, row.undo_id is not None)


def _changes(viewer: Viewer, asked: HistoryFilter, before: Mark | None) -> list[Entry]:
    statement = (
        visible(viewer, Change, Permission.HISTORY_READ)
        .join(Business, Business.id == Change.business_id, isouter=True)
        .join(User, User.id == Change.user_id, isouter=True)
        .join(ImportRun, ImportRun.id == Change.import_id, isouter=True)
        .where(*_within(asked, Change.at), *_after(before, "c", Change.at, Change.id))
        .with_only_columns(
            Change.id, Change.at, Change.entity, Change.operation, Change.diff, Change.business_id,
            Business.name.label("business"), User.name.label("who"), ImportRun.filename,
        )
        .order_by(Change.at.desc(), Change.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if asked.municipality_code is not None:
        lent = Change.id.in_(changes_of_borrower(asked.municipality_code))
        statement = statement.where(sa.or_(Change.municipality_code == asked.municipality_code, lent))
    if asked.business_id is not None:
        statement = statement.where(Change.business_id == asked.business_id)
    return [_change_entry(row) for row in db.session.execute(statement)]


def _change_entry(row: Any) -> Entry:
    told = Changed(_who(row.who), row.entity, row.operation, row.business or "", row.diff, row.filename or "")
    fields = tuple(field_lines(row.operation, row.diff))
    return Entry(Mark(row.at, "c", row.id), tell_change(told), "", fields, row.business_id)
