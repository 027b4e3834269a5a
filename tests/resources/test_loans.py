"""Lending a screener: who may do what, where the hours go, and that none are lost or made by any order of steps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbe.access import find_visible
from nbe.access.permissions import Permission
from nbe.access.viewers import Viewer
from nbe.core.database import db, writing
from nbe.ledger.queries import hours_at
from nbe.models import LedgerRow, Loan, Pledge, Programme, Screener, Screening
from nbe.models.states import LoanState, RoleName, Stage
from nbe.resources import actions, rules
from nbe.resources.queries import coverage, list_waiting, screener_choices
from tests.builders import (
    make_business,
    make_candidacy,
    make_pledge,
    make_programme,
    make_screener,
    make_screening,
    make_user,
)
from tests.sizes import size

DAY, JUNE, JULY = dt.date(2016, 4, 25), dt.date(2016, 6, 1), dt.date(2016, 7, 1)
LENDER, BORROWER = 851, 849
OFF, REQ, A, D, W, E = LoanState


@pytest.mark.parametrize(
    ("state", "has_screener", "lender_may", "borrower_may"),
    [
        (OFF, True, (W,), (A, D)),
        (REQ, False, (A, D), (W,)),
        (A, True, (E,), (E,)),
        (D, True, (), (OFF,)),
        (D, False, (REQ,), ()),
        (W, True, (OFF,), ()),
        (W, False, (), (REQ,)),
        (E, True, (), ()),
    ],
)
def test_who_may_do_what(state: LoanState, has_screener: bool, lender_may: Any, borrower_may: Any) -> None:
    def may(is_lender: bool, is_borrower: bool) -> tuple[LoanState, ...]:
        return rules.steps_for(state, has_screener=has_screener, is_lender=is_lender, is_borrower=is_borrower)

    assert may(True, False) == lender_may
    assert may(False, True) == borrower_may
    assert set(may(True, True)) == {*lender_may, *borrower_may}
    assert may(False, False) == ()


def test_no_step_leads_where_the_rules_do_not() -> None:
    for state, has_screener, lends, borrows in product(LoanState, *[(True, False)] * 3):
        steps = rules.steps_for(state, has_screener=has_screener, is_lender=lends, is_borrower=borrows)
        assert set(steps) <= set(rules.LOAN_STEPS[state])


def promised(programme: Programme, code: int) -> Decimal:
    return coverage(programme, DAY)[code].promised


def make_offer(programme: Programme, screener: Screener, hours: Any = 20, month: dt.date = JUNE) -> Loan:
    wish = actions.Wish(month, Decimal(str(hours)), "Kan I bruge dem?")
    return actions.offer_loan(programme, screener, BORROWER, wish, user_id=None)


def again(*rows: Any) -> Any:
    """The rows in the session of a change that begins now."""
    db.session.rollback()
    merged = [db.session.merge(row) for row in rows]
    return merged if len(merged) > 1 else merged[0]


def test_the_hours_move_and_go_back(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    make_pledge(screener, 60, JUNE)
    with writing():
        programme, screener = again(programme, screener)
        loan = make_offer(programme, screener)
        assert promised(programme, BORROWER) == 0
        actions.accept_loan(programme, loan, None, user_id=None)
        assert (promised(programme, LENDER), promised(programme, BORROWER)) == (40, 20)
        assert (loan.state, loan.hours_taken) == (A, 20)
        with pytest.raises(actions.LoanAnsweredError):
            actions.decline_loan(loan, user_id=None)
        actions.end_loan(programme, loan, user_id=None)
        assert (promised(programme, LENDER), promised(programme, BORROWER)) == (60, 0)
        with pytest.raises(actions.LoanAnsweredError):
            actions.end_loan(programme, loan, user_id=None)
        db.session.commit()
    rows = db.session.execute(
        sa.select(LedgerRow.municipality_code, LedgerRow.from_code, LedgerRow.to_code, LedgerRow.detail)
        .where(LedgerRow.detail == rules.BY_LOAN)
        .order_by(LedgerRow.id)
    )
    assert [tuple(row)[:3] for row in rows] == [
        (BORROWER, "0", "20"), (LENDER, "60", "40"), (BORROWER, "20", "0"), (LENDER, "40", "60"),
    ]  # fmt: skip


def test_hours_beyond_those_promised_at_home_are_new_and_end_with_the_loan(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    make_pledge(screener, 15, JUNE)
    with writing():
        programme, screener = again(programme, screener)
        loan = make_offer(programme, screener, 25)
        actions.accept_loan(programme, loan, None, user_id=None)
        assert (promised(programme, LENDER), promised(programme, BORROWER), loan.hours_taken) == (0, 25, 15)
        actions.end_loan(programme, loan, user_id=None)
        assert (promised(programme, LENDER), promised(programme, BORROWER)) == (15, 0)
        db.session.rollback()


def test_nobody_is_lent_for_more_than_a_month_holds(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    make_pledge(screener, 100, JUNE)
    with writing():
        programme, screener = again(programme, screener)
        with pytest.raises(actions.OverLentError):
            make_offer(programme, screener, "160.34")
        first, second = make_offer(programme, screener, 100), make_offer(programme, screener, 80)
        july = make_offer(programme, screener, 160, JULY)
        actions.accept_loan(programme, first, None, user_id=None)
        with pytest.raises(actions.OverLentError) as refused:
            actions.accept_loan(programme, second, None, user_id=None)
        assert refused.value.left == Decimal("60.33")
        assert second.state is OFF
        actions.accept_loan(programme, july, None, user_id=None)
        # Nor can she be promised at home for hours that are lent.
        with pytest.raises(actions.TooManyHoursError):
            actions.set_pledge(programme, screener, JUNE, Decimal("60.34"), user_id=None)
        actions.set_pledge(programme, screener, JUNE, Decimal("60.33"), user_id=None)
        db.session.rollback()


def test_a_request_is_granted_with_a_screener_of_the_lender(app: Flask) -> None:
    programme = make_programme()
    own, other, gone = (
        make_screener(municipality=LENDER),
        make_screener(municipality=860),
        make_screener(municipality=LENDER, is_active=False),
    )
    with writing():
        programme, own, other, gone = again(programme, own, other, gone)
        loan = actions.request_loan(programme, LENDER, BORROWER, actions.Wish(JUNE, Decimal(8)), user_id=None)
        for wrong in (None, other.id, gone.id, 10**6):
            with pytest.raises(actions.ScreenerRefusedError):
                actions.accept_loan(programme, loan, wrong, user_id=None)
        actions.accept_loan(programme, loan, own.id, user_id=None)
        assert (loan.screener_id, promised(programme, BORROWER)) == (own.id, 8)
        with pytest.raises(actions.ScreenerRefusedError):
            make_offer(programme, gone)
        db.session.rollback()


def test_a_no_is_taken_back_and_waits_as_it_began(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    with writing():
        programme, screener = again(programme, screener)
        offered = make_offer(programme, screener)
        asked = actions.request_loan(programme, LENDER, BORROWER, actions.Wish(JUNE, Decimal(8)), user_id=None)
        actions.decline_loan(offered, user_id=None)
        actions.withdraw_loan(asked, user_id=None)
        actions.reopen_loan(offered)
        actions.reopen_loan(asked)
        assert (offered.state, asked.state, offered.answered_at) == (OFF, REQ, None)
        with pytest.raises(actions.LoanAnsweredError):
            actions.reopen_loan(offered)
        db.session.rollback()


def test_what_a_loan_moved_is_not_taken_back_as_a_saving(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    saved = make_pledge(screener, 60, JUNE)[0]
    with writing():
        programme, screener = again(programme, screener)
        actions.accept_loan(programme, make_offer(programme, screener), None, user_id=None)
        moved = db.session.scalars(sa.select(LedgerRow.id).where(LedgerRow.detail == rules.BY_LOAN)).all()
        for code, row in [(LENDER, saved), *product((LENDER, BORROWER), moved)]:
            with pytest.raises(actions.ChangedSinceError):
                actions.undo_pledges(programme, code, row, user_id=None)
        assert (promised(programme, LENDER), promised(programme, BORROWER)) == (40, 20)
        db.session.rollback()


def test_the_lent_screener_is_chosen_and_sees_her_screening_there(app: Flask) -> None:
    user = make_user(RoleName.SCREENER, LENDER)
    programme, screener = make_programme(), make_screener(user, municipality=LENDER)
    leader = Viewer(1, RoleName.LEADER, BORROWER)
    assert screener_choices(leader, BORROWER, programme) == []
    with writing():
        programme, screener = again(programme, screener)
        actions.accept_loan(programme, make_offer(programme, screener), None, user_id=None)
        db.session.commit()
    assert [key for key, _ in screener_choices(leader, BORROWER, programme)] == [screener.id]
    hers = make_screening(make_candidacy(make_business(municipality=BORROWER), Stage.AGREED), lead=screener)
    not_hers = make_screening(make_candidacy(make_business(municipality=BORROWER), Stage.AGREED))
    viewer = Viewer(user.id, RoleName.SCREENER, LENDER)
    assert find_visible(viewer, Screening, hers.id, Permission.SCREENINGS_READ).id == hers.id
    with pytest.raises(Exception, match="404"):
        find_visible(viewer, Screening, not_hers.id, Permission.SCREENINGS_READ)


def test_who_is_waited_for(app: Flask) -> None:
    programme, screener = make_programme(), make_screener(municipality=LENDER)
    with writing():
        programme, screener = again(programme, screener)
        offer = make_offer(programme, screener)
        ask = actions.request_loan(programme, 860, BORROWER, actions.Wish(JUNE, Decimal(8)), user_id=None)
        db.session.commit()

    def waiting(role: RoleName, code: int | None, place: int | None) -> list[int]:
        return [line.id for line in list_waiting(Viewer(1, role, code), programme.id, place)]

    assert waiting(RoleName.LEADER, BORROWER, BORROWER) == [offer.id]
    assert waiting(RoleName.LEADER, 860, 860) == [ask.id]
    assert waiting(RoleName.LEADER, LENDER, LENDER) == []
    assert waiting(RoleName.LEADER, 810, 810) == []
    assert waiting(RoleName.SCREENER, BORROWER, BORROWER) == []
    assert waiting(RoleName.ADMINISTRATOR, None, None) == [offer.id, ask.id]
    assert waiting(RoleName.ADMINISTRATOR, None, 860) == [ask.id]


LENT = st.sampled_from([1, 750, 4000, 9000, 16033])  # hundredths of an hour
STEPS = st.one_of(
    st.tuples(st.just("offer"), st.integers(0, 1), st.sampled_from([849, 860]), LENT),
    st.tuples(st.just("agreed"), st.integers(0, 1), st.sampled_from([849, 860]), LENT),
    st.tuples(st.just("accept"), st.integers(0, 5)),
    st.tuples(st.just("end"), st.integers(0, 5)),
    st.tuples(st.just("no"), st.integers(0, 5)),
    st.tuples(st.just("set"), st.integers(0, 1), st.integers(0, 9000)),
)


class Lending:
    """A bookkeeping of loans beside the service's own: what each screener has at home but for the loans."""

    def __init__(self, programme: Programme, screeners: list[Screener]) -> None:
        self.programme, self.screeners = programme, screeners
        self.loans: list[Loan] = []

    def take(self, step: Any) -> bool:
        """One step, as far as the rules let it; whether it was a loan's."""
        verb, *rest = step
        try:
            if verb in ("offer", "agreed"):
                who, borrower, hundredths = rest
                wish = actions.Wish(JUNE, Decimal(hundredths).scaleb(-2))
                self.loans.append(actions.offer_loan(self.programme, self.screeners[who], borrower, wish, user_id=None))
                if verb == "agreed":
                    self._answer("accept", self.loans[-1])
            elif verb == "set":
                hours = Decimal(rest[1]).scaleb(-2)
                actions.set_pledge(self.programme, self.screeners[rest[0]], JUNE, hours, user_id=None)
            elif self.loans:
                self._answer(verb, self.loans[rest[0] % len(self.loans)])
        except (actions.LoanAnsweredError, actions.OverLentError, actions.TooManyHoursError):
            pass
        return verb != "set"

    def _answer(self, verb: str, loan: Loan) -> None:
        if verb == "accept":
            actions.accept_loan(self.programme, loan, None, user_id=None)
        elif verb == "end":
            actions.end_loan(self.programme, loan, user_id=None)
        else:
            actions.decline_loan(loan, user_id=None)

    def sums(self) -> tuple[Decimal, Decimal]:
        """(hours at home and those taken from there, hours with borrowers)."""
        pledges = db.session.scalars(sa.select(Pledge)).all()
        assert all(pledge.hours >= 0 for pledge in pledges)
        for screener in self.screeners:
            assert sum(p.hours for p in pledges if p.screener_id == screener.id) <= rules.MOST_A_MONTH
        agreed = [loan for loan in self.loans if loan.state is A]
        taken = sum((loan.hours_taken for loan in agreed), Decimal(0))
        home = sum((p.hours for p in pledges if p.municipality_code == LENDER), Decimal(0))
        lent = sum((p.hours for p in pledges if p.municipality_code != LENDER), Decimal(0))
        assert lent == sum(loan.hours for loan in agreed)
        assert all(0 <= loan.hours_taken <= loan.hours for loan in agreed)
        assert sum(hours_at(self.programme.id, DAY).values()) == home + lent
        return home + taken, lent


def test_no_order_of_loans_loses_or_makes_hours(sqlite_app: Flask) -> None:
    programme, screeners = make_programme(), [make_screener(municipality=LENDER) for _ in range(2)]
    for screener in screeners:
        make_pledge(screener, 40, JUNE)

    @settings(max_examples=size(200, 0.1))
    @given(st.lists(STEPS, min_size=3, max_size=14))
    @example([("offer", 0, 849, 9000), ("agreed", 0, 860, 9000), ("accept", 0), ("set", 0, 8000), ("end", 1)])
    def run(steps: list[Any]) -> None:
        with writing():
            book = Lending(again(programme, *screeners)[0], [db.session.merge(one) for one in screeners])
            own, _ = book.sums()
            for step in steps:
                is_loan = book.take(step)
                now, _ = book.sums()
                assert not is_loan or now == own
                own = now
            for loan in book.loans:
                if loan.state is A:
                    actions.end_loan(book.programme, loan, user_id=None)
            assert book.sums() == (own, 0)
            db.session.rollback()

    run()
