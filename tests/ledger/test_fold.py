"""The fold: what each business adds to the totals, day by day, from any history."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.ledger.fold import Row, contributions, effective, monday
from tests.ledger.recount import FIRST, HISTORIES, Act, counted, days, standing
from tests.sizes import size

START = dt.datetime(2016, 1, 15, 12, tzinfo=dt.UTC)


def rows_of(history: list[list[Act]]) -> list[Row]:
    """The ledger rows of a history, each list recorded a minute after the last."""
    rows: list[Row] = []
    for minute, acts in enumerate(history):
        at = START + dt.timedelta(minutes=minute)
        for act in acts:
            row_id = len(rows) + 1
            if act.kind != "undo":
                programme = None if act.kind == "membership" else 1 + act.programme
                place = (act.business, programme, act.municipality, act.to, act.detail, act.day)
                rows.append(Row(row_id, act.kind, *place, at, None))
                continue
            free = [r for r in rows if r.reverses_id is None and not any(u.reverses_id == r.id for u in rows)]
            if free:
                back = free[act.which % len(free)]
                rows.append(back._replace(id=row_id, recorded_at=at, reverses_id=back.id))
    return rows


@settings(max_examples=size(10_000))
@given(HISTORIES)
def test_the_sum_of_the_days_is_a_count_of_the_day(history: list[list[Act]]) -> None:
    rows = rows_of(history)
    added = contributions(rows)
    for day in days():
        level: Counter[tuple[int, int, str]] = Counter()
        for place, n in added.items():
            if place.day <= day:
                level[(place.programme_id, place.municipality_code, place.key)] += n
        assert {place: n for place, n in level.items() if n} == counted(rows, day)
    assert 0 not in added.values()


@settings(max_examples=size(5_000))
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_does_not_count(history: list[list[Act]], random: object) -> None:
    rows = rows_of(history)
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert contributions(mixed) == contributions(rows)


@settings(max_examples=size(5_000))
@given(HISTORIES)
def test_a_move_taken_back_was_never_made(history: list[list[Act]]) -> None:
    rows = rows_of(history)
    undone = {row.reverses_id for row in rows}
    assert contributions(rows) == contributions([r for r in rows if r.id not in undone and r.reverses_id is None])


@settings(max_examples=size(5_000))
@given(HISTORIES)
def test_what_was_known_is_not_changed_by_what_came_later(history: list[list[Act]]) -> None:
    rows = rows_of(history)
    for minute in range(len(history)):
        moment = START + dt.timedelta(minutes=minute)
        then = rows_of(history[: minute + 1])
        assert effective(rows, known_at=moment) == effective(then)
        day = FIRST + dt.timedelta(days=minute)
        assert standing(effective(rows, day, moment), "stage", day) == standing(then, "stage", day)


def test_weeks_begin_on_mondays() -> None:
    assert monday(dt.date(2016, 1, 3)) == dt.date(2015, 12, 28)
    assert monday(dt.date(2016, 1, 4)) == dt.date(2016, 1, 4)
