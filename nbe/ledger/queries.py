"""Reading the ledger and its totals: sums at a day, weeks for a curve, and who stood where at a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from nbe.core.database import db
from nbe.ledger.actions import row_columns, with_amounts
from nbe.ledger.fold import NO_PROGRAMME, Contribution, Row, contributions, monday
from nbe.ledger.numbers import hours_at, norms_at, numbers_at, targets_at
from nbe.models import LedgerRow, Total
from nbe.models.states import CloseReason, LedgerKind

# Made once, as making a statement costs more than running it; an alias copies every column of its table.
_UNDO = aliased(LedgerRow)


def _periods(keys: tuple[str, ...], place: Sequence[Any], *, of_one: bool) -> Any:
    """What makes up a day's figures, summed by `place`: the weeks before its own, and the days of its own."""
    own = [Total.municipality_code == sa.bindparam("municipality_code")] if of_one else []
    # Keys as elements, not as one list: a list would be written into the statement anew at every use.
    named = Total.key.in_([sa.literal(key) for key in keys])
    wanted = (Total.programme_id == sa.bindparam("programme_id"), named, *own)
    columns = sa.select(*place, sa.func.sum(Total.delta).label("n")).group_by(*place)
    week: Any = sa.bindparam("week")
    as_of: Any = sa.bindparam("as_of")
    weeks = columns.where(*wanted, Total.grain == "W", Total.starts_on < week)
    days = columns.where(*wanted, Total.grain == "D", Total.starts_on.between(week, as_of))
    return sa.union_all(weeks, days)


@cache
def _sums_statement(keys: tuple[str, ...], *, of_one: bool) -> Any:
    part = _periods(keys, (Total.municipality_code, Total.key), of_one=of_one).subquery().c
    place = (part.municipality_code, part.key)
    return sa.select(*place, sa.func.sum(part.n)).group_by(*place)


@cache
def _weekly_statement(keys: tuple[str, ...], *, of_one: bool) -> Any:
    # In the order of the table's key, so that nothing is sorted to be grouped.
    return _periods(keys, (Total.key, Total.starts_on), of_one=of_one)


def _asked(programme_id: int, as_of: dt.date, municipality_code: int | None) -> dict[str, Any]:
    asked: dict[str, Any] = {"programme_id": programme_id, "week": monday(as_of), "as_of": as_of}
    if municipality_code is not None:
        asked["municipality_code"] = municipality_code
    return asked


def sums(
    programme_id: int, keys: Sequence[str], as_of: dt.date, municipality_code: int | None = None
) -> dict[tuple[int, str], int]:
    """(municipality, key) -> count at the end of `as_of`, as known now. One statement over totals."""
    statement = _sums_statement(tuple(keys), of_one=municipality_code is not None)
    asked = _asked(programme_id, as_of, municipality_code)
    return {(code, key): int(n) for code, key, n in db.session.execute(statement, asked)}


def weekly(
    programme_id: int, keys: Sequence[str], until: dt.date, municipality_code: int | None = None
) -> list[tuple[dt.date, dict[str, int]]]:
    """The counts at the end of each week up to `until` (the last point is `until` itself), summed over keys' series.

    -> [(last day of the week or `until`, {key: count})], from the first week with a move.
    """
    statement = _weekly_statement(tuple(keys), of_one=municipality_code is not None)
    changes: dict[dt.date, dict[str, int]] = {}
    for key, starts_on, n in db.session.execute(statement, _asked(programme_id, until, municipality_code)):
        changes.setdefault(starts_on, {})[key] = int(n)
    points: list[tuple[dt.date, dict[str, int]]] = []
    level = dict.fromkeys(keys, 0)
    last = monday(until)
    week = min(last, monday(min(changes, default=last)))
    while week <= last:
        is_last = week == last
        for day in (week + dt.timedelta(days=n) for n in range(7 if is_last else 1)):
            for key, n in changes.get(day, {}).items():
                level[key] += n
        points.append((until if is_last else week + dt.timedelta(days=6), dict(level)))
        week += dt.timedelta(days=7)
    return points


def states_at(
    kind: LedgerKind, programme_id: int | None, as_of: dt.date, known_at: dt.datetime | None = None
) -> sa.Subquery:
    """Where each business stood at the end of `as_of`, as known at `known_at` (None: as known now).

    Columns: business_id, programme_id, to_code, detail, municipality_code, happened_on, id.
    """
    place = (LedgerRow.business_id, LedgerRow.programme_id)
    ranked = _ranked(kind, programme_id, as_of, known_at, place)
    latest = sa.select(ranked).where(ranked.c.place == 1)
    if kind is LedgerKind.MEMBERSHIP:  # one that gave way in a merge is the other business's
        latest = latest.where(ranked.c.detail.is_distinct_from(CloseReason.MERGED.value))
    return latest.subquery()


def subjects_at(
    kind: LedgerKind, programme_id: int | None, as_of: dt.date, known_at: dt.datetime | None = None
) -> sa.Subquery:
    """The same for each screening or measure of each business; the columns are those of `states_at` and subject_id."""
    place = (LedgerRow.business_id, LedgerRow.programme_id, LedgerRow.subject_id)
    ranked = _ranked(kind, programme_id, as_of, known_at, place)
    return sa.select(ranked).where(ranked.c.place == 1).subquery()


def moves_until(
    kind: LedgerKind, programme_id: int | None, as_of: dt.date, known_at: dt.datetime | None = None
) -> sa.Subquery:
    """The rows that hold then: id, business_id, programme_id, to_code and happened_on of each."""
    columns = (
        LedgerRow.id,
        LedgerRow.business_id,
        LedgerRow.programme_id,
        LedgerRow.to_code,
        LedgerRow.happened_on,
    )
    return sa.select(*columns).where(*_holding(kind, programme_id, as_of, known_at)).subquery()


def _holding(
    kind: LedgerKind, programme_id: int | None, as_of: dt.date, known_at: dt.datetime | None
) -> list[sa.ColumnElement[bool]]:
    """What a row that holds fulfils: happened and known by then, and not taken back by then."""
    taken_back = sa.select(_UNDO.id).where(_UNDO.reverses_id == LedgerRow.id)
    conditions = [LedgerRow.kind == kind, LedgerRow.reverses_id.is_(None), LedgerRow.happened_on <= as_of]
    if programme_id is not None:
        conditions.append(LedgerRow.programme_id == programme_id)
    if known_at is not None:
        conditions.append(LedgerRow.recorded_at <= known_at)
        taken_back = taken_back.where(_UNDO.recorded_at <= known_at)
    return [*conditions, ~taken_back.exists()]


def _ranked(
    kind: LedgerKind, programme_id: int | None, as_of: dt.date, known_at: dt.datetime | None, place: tuple[Any, ...]
) -> sa.Subquery:
    """The rows that hold, each with its place among those of its kind: 1 for the latest."""
    order = (LedgerRow.happened_on.desc(), LedgerRow.id.desc())
    ranking = sa.func.row_number().over(partition_by=place, order_by=order).label("place")
    told = (LedgerRow.to_code, LedgerRow.detail, LedgerRow.municipality_code, LedgerRow.happened_on, LedgerRow.id)
    return sa.select(*place, *told, ranking).where(*_holding(kind, programme_id, as_of, known_at)).subquery()


def recount() -> Iterable[Counter[Contribution]]:
    """What each business contributes by its ledger rows; reads the whole ledger, business by business."""
    statement = sa.select(*row_columns()).where(LedgerRow.business_id.is_not(None)).order_by(LedgerRow.business_id)
    result = db.session.execute(statement, execution_options={"yield_per": 5000})
    for _, rows in groupby((Row(*row) for row in result), key=lambda row: row.business_id):
        yield contributions(with_amounts(list(rows)))
    of_people = LedgerRow.kind.in_([LedgerKind.PARTICIPANT, LedgerKind.REGISTRATION])
    alone = sa.select(*row_columns()).where(LedgerRow.business_id.is_(None), of_people)
    people = db.session.execute(
        alone.order_by(LedgerRow.kind, LedgerRow.subject_id), execution_options={"yield_per": 5000}
    )
    for _, rows in groupby((Row(*row) for row in people), key=lambda row: (row.kind, row.subject_id)):
        yield contributions(list(rows))


def differences() -> list[tuple[int, str, str, dt.date, int, int, int]]:
    """Where the totals differ from the ledger: (programme, grain, key, starts_on, municipality, counted, kept)."""
    counted: Counter[tuple[int, str, str, dt.date, int]] = Counter()
    for part in recount():
        for place, n in part.items():
            counted[(place.programme_id, "D", place.key, place.day, place.municipality_code)] += n
            counted[(place.programme_id, "W", place.key, monday(place.day), place.municipality_code)] += n
    kept: Counter[tuple[int, str, str, dt.date, int]] = Counter()
    for row in db.session.execute(
        sa.select(Total.programme_id, Total.grain, Total.key, Total.starts_on, Total.municipality_code, Total.delta)
    ):
        kept[(row[0], row[1], row[2], row[3], row[4])] = row[5]
    return sorted(
        (*place, counted[place], kept[place]) for place in set(counted) | set(kept) if counted[place] != kept[place]
    )


__all__ = [
    "NO_PROGRAMME",
    "differences",
    "hours_at",
    "moves_until",
    "norms_at",
    "numbers_at",
    "recount",
    "states_at",
    "subjects_at",
    "sums",
    "targets_at",
    "weekly",
]
