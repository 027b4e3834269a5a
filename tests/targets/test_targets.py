"""What a municipality must find, by when, and as it was known then."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from nbe.core import clock
from nbe.core.database import db, writing
from nbe.models import Programme
from nbe.models.states import RoleName
from nbe.targets.actions import (
    ChangedSinceError,
    create_programme,
    ensure_programme,
    find_target,
    set_rules,
    set_target,
    undo_targets,
)
from nbe.targets.queries import current_programme, deadlines, list_targets, required
from tests.builders import make_programme, make_user, sign_in
from tests.counting import statements

TODAY = dt.date(2016, 4, 25)
YESTERDAY = TODAY - dt.timedelta(days=1)


def change(code: int, number: int, reason: str = "", day: dt.date | None = None) -> tuple[int, int, int | None]:
    """Set a target as the page does; -> (target id, its version, the ledger row's id)."""
    programme = make_programme()
    db.session.rollback()
    with writing():
        target = find_target(programme.id, code)
        row_id = set_target(target, number, day, reason, user_id=None)
        db.session.commit()
    return target.id, target.version, row_id


def in_writing(work: Callable[[], object]) -> object:
    db.session.rollback()
    with writing():
        result = work()
        db.session.commit()
    return result


def test_five_until_somebody_says_otherwise(app: Flask) -> None:
    programme = make_programme()
    assert set(required(programme.id, TODAY).values()) == {5}
    assert len(required(programme.id, TODAY)) == 11
    change(851, 10, "størst erhvervsliv")
    change(825, 2, "få virksomheder")
    numbers = required(programme.id, TODAY)
    assert (numbers[851], numbers[825], numbers[849]) == (10, 2, 5)
    assert set(required(programme.id, YESTERDAY).values()) == {5}


def test_overblik_shows_the_new_number_from_its_day_on_and_not_before(app: Flask) -> None:
    make_programme()
    client = sign_in(app.test_client(), make_user(RoleName.PARTNER))
    change(851, 10, "størst erhvervsliv")

    def targets_shown(day: dt.date) -> list[str]:
        page = html.unescape(client.get(f"/?aar=2016&pr={day.isoformat()}").get_data(as_text=True))
        rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page, re.S)
        row = next(row for row in rows if ">Aalborg<" in row)
        return re.findall(r"\baf (\d+)", row)

    assert set(targets_shown(TODAY)) == {"10"}
    assert set(targets_shown(YESTERDAY)) == {"5"}


def test_as_known_before_the_change_was_recorded(app: Flask) -> None:
    programme = make_programme()
    before = clock.now()
    change(851, 10, "størst erhvervsliv")
    assert required(programme.id, TODAY, known_at=before)[851] == 5
    assert required(programme.id, TODAY, known_at=clock.now())[851] == 10


def test_twice_on_one_day_the_last_holds_and_undo_goes_one_back(app: Flask) -> None:
    programme = make_programme()
    change(851, 8, "a")
    target_id, version, row_id = change(851, 10, "b", dt.date(2016, 11, 1))
    assert row_id is not None
    assert required(programme.id, TODAY)[851] == 10
    assert deadlines(programme)[851] == dt.date(2016, 11, 1)
    in_writing(lambda: undo_targets(programme, {target_id: version}, [row_id], user_id=None))
    assert required(programme.id, TODAY)[851] == 8
    target = list_targets(programme.id)[851]
    assert (target.required, target.reason, target.deadline_on) == (8, "a", None)
    with pytest.raises(ChangedSinceError):
        in_writing(lambda: undo_targets(programme, {target_id: version}, [row_id], user_id=None))


def test_undo_of_words_alone_moves_no_number(app: Flask) -> None:
    programme = make_programme()
    change(851, 10, "størst")
    target_id, version, row_id = change(851, 10, "størst erhvervsliv")
    assert row_id is None
    in_writing(lambda: undo_targets(programme, {target_id: version}, [], user_id=None))
    target = list_targets(programme.id)[851]
    assert (target.required, target.reason) == (10, "størst")


def test_a_row_of_another_year_or_kind_is_not_taken_back(app: Flask) -> None:
    programme = make_programme()
    target_id, version, row_id = change(851, 10, "a")
    assert row_id is not None
    other = in_writing(lambda: create_programme(2017, dt.date(2017, 12, 31)))
    assert isinstance(other, Programme)
    for wrong, versions, rows in (
        (other, {target_id: version}, [row_id]),
        (programme, {target_id: version - 1}, [row_id]),
        (programme, {target_id: version}, [row_id, row_id + 1000]),
        (programme, {find_target(programme.id, 849).id: 1}, [row_id]),
    ):
        with pytest.raises(ChangedSinceError):
            undo_targets(wrong, versions, rows, user_id=None)
    assert required(programme.id, TODAY)[851] == 10


def test_a_deadline_of_ones_own_stands_when_the_years_moves(app: Flask) -> None:
    programme = make_programme()
    change(825, 5, "", dt.date(2016, 11, 1))
    in_writing(lambda: set_rules(programme, dt.date(2016, 12, 15), 3))
    days = deadlines(programme)
    assert (days[825], days[849]) == (dt.date(2016, 11, 1), dt.date(2016, 12, 15))


def test_the_year_that_counts_today(app: Flask) -> None:
    assert current_programme(TODAY) is None
    make_programme(2018)
    assert current_programme(TODAY).year == 2018  # type: ignore[union-attr]
    make_programme(2015)
    assert current_programme(TODAY).year == 2015  # type: ignore[union-attr]
    programme, is_new = in_writing(lambda: ensure_programme(2016))  # type: ignore[misc]
    assert (is_new, programme.deadline_on) == (True, dt.date(2016, 12, 31))
    assert current_programme(TODAY).year == 2016  # type: ignore[union-attr]
    assert in_writing(lambda: ensure_programme(2016))[1] is False  # type: ignore[index]


def test_numbers_and_deadlines_cost_two_statements_each(app: Flask) -> None:
    programme = make_programme()
    year_id = programme.id
    for code in (851, 825, 849):
        change(code, 7, "a")
    assert programme.year == 2016
    with statements() as sent:
        required(year_id, TODAY)
    assert len(sent) == 2
    with statements() as sent:
        deadlines(programme)
    assert len(sent) == 2
