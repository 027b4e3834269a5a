"""What hours are enough for: the arithmetic, and the answer at any day and as known at any moment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from nbe.access.viewers import Viewer
from nbe.core import clock
from nbe.core.database import db, writing
from nbe.models import HourNorm, LedgerRow, Pledge, Programme
from nbe.models.states import HourTask, LedgerKind, ResourceState, RoleName
from nbe.resources import actions
from nbe.resources.queries import coverage, screener_choices, task_hours
from nbe.resources.rules import Coverage, add_up, cover, months_of, plain
from nbe.targets.actions import find_target, set_target
from tests.builders import make_pledge, make_programme, make_screener
from tests.counting import statements

DAY = dt.date(2016, 4, 25)
HOURS = st.decimals(0, 900, places=2)


@given(st.integers(0, 30), HOURS, HOURS)
def test_covered_is_whole_forloeb_and_never_more_than_the_target(target: int, promised: Decimal, each: Decimal) -> None:
    found = cover(target, promised, each)
    assert 0 <= found.covered <= target
    assert found.needed == target * each
    assert found.covered * each <= promised or not each
    if found.covered < target:
        assert (found.covered + 1) * each > promised  # one more would not be paid for
        assert found.state is (ResourceState.PARTLY if promised else ResourceState.UNCLEAR)
    else:
        assert found.state is ResourceState.IN_PLACE


@given(st.integers(0, 30), HOURS, HOURS, st.integers(0, 40))
def test_the_hours_short_are_just_enough(target: int, promised: Decimal, each: Decimal, suitable: int) -> None:
    short = cover(target, promised, each).hours_short(suitable)
    assert short >= 0
    after = cover(max(target, suitable), promised + short, each)
    assert not after.lacks(suitable)
    if short > Decimal("0.01"):
        assert cover(max(target, suitable), promised + short - Decimal("0.01"), each).lacks(suitable)


def test_the_example_of_the_story() -> None:
    found = cover(5, Decimal(60), Decimal(30))
    assert (found.covered, found.needed, found.state) == (2, 150, ResourceState.PARTLY)
    assert found.lacks(3) and not found.lacks(2)
    assert found.hours_short(3) == 30
    assert cover(5, Decimal("59.99"), Decimal(30)).covered == 1


def test_hours_of_one_are_no_help_to_another() -> None:
    parts = [cover(2, Decimal(45), Decimal(30)), cover(2, Decimal(15), Decimal(30)), cover(1, Decimal(99), Decimal(30))]
    found = add_up(parts)
    assert (found.covered, found.target, found.promised) == (2, 5, Decimal(159))
    assert found.state is ResourceState.PARTLY


@pytest.mark.parametrize(
    ("deadline", "count", "last"),
    [((2016, 12, 31), 12, (2016, 12, 1)), ((2016, 6, 30), 12, (2016, 12, 1)), ((2017, 3, 1), 15, (2017, 3, 1))],
)
def test_the_months_of_a_programme(deadline: Any, count: int, last: Any) -> None:
    months = months_of(2016, dt.date(*deadline))
    assert (len(months), months[0], months[-1]) == (count, dt.date(2016, 1, 1), dt.date(*last))
    assert len(months_of(2016, dt.date(2030, 1, 1))) == 24


def test_numbers_are_kept_without_needless_zeros() -> None:
    assert [plain(Decimal(text)) for text in ("7.50", "30", "0.00", "100", "0.25")] == ["7.5", "30", "0", "100", "0.25"]


def at(programme: Programme, day: dt.date = DAY, known_at: dt.datetime | None = None, code: int = 849) -> Coverage:
    db.session.rollback()
    return coverage(programme, day, known_at)[code]


def test_figures_of_past_days_and_as_known_then(app: Flask) -> None:
    programme = make_programme()
    screener = make_screener()
    assert at(programme).state is ResourceState.UNCLEAR
    make_pledge(screener, 30, dt.date(2016, 5, 1), dt.date(2016, 2, 1))
    before = dt.datetime.now(dt.UTC).replace(year=2016, month=4, day=25)
    with app.app_context():
        before = clock.now()
    make_pledge(screener, "37.5", dt.date(2016, 6, 1), dt.date(2016, 3, 1))
    now = at(programme)
    assert (now.promised, now.covered, now.state) == (Decimal("67.5"), 2, ResourceState.PARTLY)
    assert at(programme, dt.date(2016, 2, 29)).promised == 30
    assert at(programme, dt.date(2016, 1, 31)).promised == 0
    # What was not yet written down is not part of the answer as known then; it never changes.
    assert at(programme, DAY, before).promised == 30
    assert at(programme, code=851).promised == 0
    make_pledge(screener, 0, dt.date(2016, 5, 1), dt.date(2016, 4, 1))
    assert at(programme).promised == Decimal("37.5")
    assert at(programme, dt.date(2016, 3, 31)).promised == Decimal("67.5")
    assert at(programme, DAY, before).promised == 30


def test_another_target_and_another_norm_move_the_line_from_their_day_on(app: Flask) -> None:
    programme = make_programme()
    make_pledge(make_screener(), 100)
    with writing():
        programme = db.session.merge(programme)
        set_target(find_target(programme.id, 849), 2, None, "få", user_id=None)
        ids = actions.set_norm(programme, {HourTask.VISIT: Decimal("10.5")}, user_id=None)
        db.session.commit()
    found = at(programme)
    assert len(ids) == 11
    assert (found.per_programme, found.needed, found.covered) == (Decimal("34.5"), 69, 2)
    assert found.state is ResourceState.IN_PLACE
    yesterday = at(programme, DAY - dt.timedelta(days=1))
    assert (yesterday.per_programme, yesterday.target, yesterday.covered) == (30, 5, 3)
    assert at(programme, code=851).needed == Decimal("172.5")


def test_a_norm_is_taken_back_task_by_task(app: Flask) -> None:
    programme = make_programme()
    first, second = {HourTask.VISIT: Decimal(8)}, {HourTask.VISIT: Decimal(6), HourTask.REPORT: Decimal("9.25")}
    with writing():
        programme = db.session.merge(programme)
        one = actions.set_norm(programme, first, user_id=None)
        assert actions.set_norm(programme, first, user_id=None) == []
        two = actions.set_norm(programme, second, user_id=None)
        assert sum(task_hours(programme.id).values()) == Decimal("31.25")
        with pytest.raises(actions.ChangedSinceError):
            actions.undo_norm(programme, one[0], user_id=None)
        actions.undo_norm(programme, two[0], user_id=None)
        assert task_hours(programme.id)[HourTask.VISIT] == 8
        assert sum(task_hours(programme.id).values()) == 32
        with pytest.raises(actions.ChangedSinceError):
            actions.undo_norm(programme, two[0], user_id=None)
        actions.undo_norm(programme, one[0], user_id=None)
        db.session.commit()
    assert at(programme).per_programme == 30
    assert sum(norm.hours for norm in db.session.scalars(sa.select(HourNorm))) == 30


def test_a_promise_is_taken_back_unless_somebody_went_on(app: Flask) -> None:
    programme, screener = make_programme(), make_screener()
    make_pledge(screener, 20)
    with writing():
        programme, screener = db.session.merge(programme), db.session.merge(screener)
        months = [dt.date(2016, 5, 1), dt.date(2016, 6, 1)]
        promises = [actions.Promise(screener.id, month, Decimal(40)) for month in months]
        ids = actions.set_pledges(programme, 849, promises, user_id=None)
        with pytest.raises(actions.ChangedSinceError):
            actions.undo_pledges(programme, 851, ids[0], user_id=None)
        assert actions.undo_pledges(programme, 849, ids[0], user_id=None) == 2
        with pytest.raises(actions.ChangedSinceError):
            actions.undo_pledges(programme, 849, ids[0], user_id=None)
        db.session.commit()
    assert at(programme).promised == 20
    assert {pledge.hours for pledge in db.session.scalars(sa.select(Pledge))} == {Decimal(20), Decimal(0)}
    with writing():
        programme, screener = db.session.merge(programme), db.session.merge(screener)
        early = actions.set_pledge(programme, screener, months[0], Decimal(25), user_id=None)
        actions.set_pledge(programme, screener, months[0], Decimal(26), user_id=None)
        with pytest.raises(actions.ChangedSinceError):
            actions.undo_pledges(programme, 849, early[0], user_id=None)
        db.session.rollback()


def test_the_ledger_and_the_records_say_the_same(app: Flask) -> None:
    """Over any order of changes and undoings, the promised hours are those of the pledges."""
    programme, screeners = make_programme(), [make_screener(), make_screener()]
    done: list[int] = []
    steps = [(0, 5, "12"), (1, 5, "7.25"), (0, 6, "30"), None, (0, 5, "0"), (1, 7, "0.5"), None, (0, 5, "3"), None]
    with writing():
        programme = db.session.merge(programme)
        screeners = [db.session.merge(screener) for screener in screeners]
        for step in steps:
            if step is None:
                actions.undo_pledges(programme, 849, done.pop(), user_id=None)
            else:
                who, month, hours = step
                args = (programme, screeners[who], dt.date(2016, month, 1), Decimal(hours))
                done += actions.set_pledge(*args, user_id=None)
            told = coverage(programme, DAY)[849].promised
            assert told == sum(pledge.hours for pledge in db.session.scalars(sa.select(Pledge)))
        db.session.commit()
    rows = db.session.scalars(sa.select(LedgerRow).where(LedgerRow.kind == LedgerKind.HOURS)).all()
    assert len(rows) == len(steps)


def test_the_cost_does_not_grow_with_the_promises(sqlite_app: Flask) -> None:
    programme = make_programme()
    make_pledge(make_screener(), 30)

    def cost() -> int:
        db.session.rollback()
        with statements() as sent:
            coverage(programme, DAY)
        return len(sent)

    few = cost()
    for month in range(1, 13):
        for _ in range(3):
            make_pledge(make_screener(), 10, dt.date(2016, month, 1))
    assert cost() == few


def test_who_can_be_chosen(sqlite_app: Flask) -> None:
    programme = make_programme()
    own, gone = make_screener(name="Ada"), make_screener(name="Bo", is_active=False)
    other = make_screener(municipality=851)
    leader = Viewer(1, RoleName.LEADER, 849)
    assert screener_choices(leader, 849, programme) == [(own.id, "Ada")]
    assert gone.id != other.id
    assert screener_choices(leader, 851, programme) == []
    assert screener_choices(Viewer(2, RoleName.PARTNER, 849), 849, programme) == []
    assert [row[0] for row in screener_choices(Viewer(3, RoleName.ADMINISTRATOR, None), 851, programme)] == [other.id]
