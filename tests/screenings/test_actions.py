"""What is done with screenings: columns, candidate and totals follow the ledger, and undo is a move."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from nbe.core.database import db, writing
from nbe.figures.checking import find_differences
from nbe.ledger import screening_key
from nbe.ledger.queries import sums
from nbe.models import Candidacy, LedgerReason, LedgerRow, Screening
from nbe.models.states import LedgerKind, ScreeningRole, ScreeningState, Stage
from nbe.pipeline.actions import move_to_stage
from nbe.pipeline.rules import Wish
from nbe.screenings import actions
from nbe.screenings.rules import Appointment, Attendee, ScreeningRefusedError
from tests.builders import make_business, make_candidacy, make_programme, make_screener, make_screening
from tests.sizes import size

TODAY = dt.date(2016, 4, 25)
DAY = dt.date(2016, 4, 1)
VISIT = dt.datetime(2016, 5, 4, 7, tzinfo=dt.UTC)


def candidate(stage: Stage = Stage.AGREED) -> Candidacy:
    return make_candidacy(make_business(), stage, dt.date(2016, 2, 1))


def plan(candidacy: Candidacy, starts_at: dt.datetime = VISIT, *people: Attendee) -> Screening:
    return actions.plan_screening(candidacy, Appointment(starts_at, people=people), user_id=None)


def counted(state: ScreeningState) -> int:
    key = screening_key(state)
    return sums(make_programme().id, [key], TODAY, 849).get((849, key), 0)


def undo(screening: Screening) -> bool:
    latest = actions.latest_move(screening)
    assert latest is not None
    return actions.undo_screening_move(screening, latest, user_id=None)


def test_planning_moves_the_candidate_and_tells_it_date_and_screener(app: Flask) -> None:
    lead, candidacy = make_screener(name="Ida Prøve"), candidate()
    with writing():
        screening = plan(candidacy, VISIT, Attendee(ScreeningRole.LEAD, screener_id=lead.id))
        db.session.commit()
    assert (screening.state, screening.number, screening.state_since_on) == (ScreeningState.PLANNED, 1, TODAY)
    assert (candidacy.stage, candidacy.stage_since_on) == (Stage.SCREENING_PLANNED, TODAY)
    assert (candidacy.screening_on, candidacy.screener_name) == (dt.date(2016, 5, 4), "Ida Prøve")
    assert len(screening.theme_set.themes) == 12 and screening.theme_set.number == 1
    assert counted(ScreeningState.PLANNED) == 1
    assert list(find_differences()) == []


@pytest.mark.parametrize("stage", [Stage.CONTACTED, Stage.SUITABLE, Stage.SCREENED, Stage.ACTIVE])
def test_planning_moves_forward_only(sqlite_app: Flask, stage: Stage) -> None:
    candidacy = candidate(stage)
    with writing():
        plan(candidacy)
    further = stage.position > Stage.SCREENING_PLANNED.position
    assert candidacy.stage is (stage if further else Stage.SCREENING_PLANNED)


def test_who_cannot_be_planned(sqlite_app: Flask) -> None:
    with pytest.raises(ScreeningRefusedError):
        plan(candidate(Stage.CLOSED))
    screening = make_screening(starts_at=VISIT)
    with pytest.raises(ScreeningRefusedError):
        plan(screening.candidacy)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Screening)) == 1


def test_a_visit_told_afterwards_was_agreed_by_its_own_day(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=dt.datetime(2016, 4, 12, 7, tzinfo=dt.UTC), day=None)
    assert screening.state_since_on == dt.date(2016, 4, 12)
    with writing():
        actions.hold_screening(screening, dt.date(2016, 4, 12), user_id=None)
        db.session.commit()
    assert (screening.candidacy.stage, screening.candidacy.stage_since_on) == (Stage.SCREENED, dt.date(2016, 4, 12))


def test_the_danish_day_counts_not_the_utc_one(sqlite_app: Flask) -> None:
    screening = make_screening(starts_at=dt.datetime(2016, 5, 3, 22, 30, tzinfo=dt.UTC))
    assert screening.candidacy.screening_on == dt.date(2016, 5, 4)


def test_held_and_handed_over_move_the_candidate_along(app: Flask) -> None:
    screening = make_screening(state=ScreeningState.HANDED_OVER)
    assert (screening.state, screening.held_on) == (ScreeningState.HANDED_OVER, dt.date(2016, 4, 20))
    assert screening.candidacy.stage is Stage.REPORTED
    assert counted(ScreeningState.HANDED_OVER) == 1 and counted(ScreeningState.PLANNED) == 0
    stages = db.session.scalars(
        sa.select(LedgerRow.to_code).where(LedgerRow.kind == LedgerKind.STAGE).order_by(LedgerRow.id)
    ).all()
    assert stages == ["agreed", "screening_planned", "screened", "reported"]
    assert list(find_differences()) == []


@pytest.mark.parametrize(
    ("state", "day", "field"),
    [
        (ScreeningState.HELD, dt.date(2016, 4, 26), "day"),
        (ScreeningState.HELD, dt.date(2016, 3, 31), "day"),
        (ScreeningState.PLANNED, DAY, "state"),
        (ScreeningState.APPROVED, TODAY, "state"),
        (ScreeningState.HANDED_OVER, TODAY, "state"),
    ],
)
def test_steps_that_cannot_be_taken(sqlite_app: Flask, state: ScreeningState, day: dt.date, field: str) -> None:
    screening = make_screening()
    with pytest.raises(ScreeningRefusedError) as refused:
        actions.move_screening_state(screening, state, day, user_id=None)
    assert refused.value.field == field
    assert screening.state is ScreeningState.PLANNED


def test_cancelling_takes_the_candidate_back_with_the_reason(app: Flask) -> None:
    screening = make_screening(starts_at=VISIT)
    with pytest.raises(ScreeningRefusedError):
        actions.cancel_screening(screening, "", user_id=None)
    with writing():
        actions.cancel_screening(screening, "Travlhed i hallen", user_id=None)
        db.session.commit()
    candidacy = screening.candidacy
    assert (screening.state, candidacy.stage) == (ScreeningState.CANCELLED, Stage.AGREED)
    assert (candidacy.screening_on, candidacy.screener_name) == (None, "")
    assert db.session.scalars(sa.select(LedgerReason.text)).all() == ["Travlhed i hallen"] * 2
    assert list(find_differences()) == []
    with writing():
        again = plan(candidacy)
        db.session.commit()
    assert (again.number, candidacy.stage) == (2, Stage.SCREENING_PLANNED)


def test_cancelling_leaves_a_candidate_that_has_gone_on(sqlite_app: Flask) -> None:
    first = make_screening(state=ScreeningState.HELD)
    with writing():
        second = plan(first.candidacy)
        assert first.candidacy.screening_on == dt.date(2016, 5, 4)
        actions.cancel_screening(second, "Nytår", user_id=None)
        db.session.commit()
    assert first.candidacy.stage is Stage.SCREENED
    assert first.candidacy.screening_on == dt.date(2016, 4, 20)


def test_one_named_as_planned_goes_back_to_suitable(sqlite_app: Flask) -> None:
    screening = make_screening(candidate(Stage.SCREENING_PLANNED), starts_at=VISIT)
    with writing():
        actions.cancel_screening(screening, "Sygdom", user_id=None)
    assert screening.candidacy.stage is Stage.SUITABLE


def test_undo_of_planning_brings_back_what_a_spreadsheet_said(app: Flask) -> None:
    candidacy = candidate()
    with writing():
        candidacy.screening_on, candidacy.screener_name = dt.date(2016, 6, 1), "Fra arket"
        db.session.commit()
        screening = plan(candidacy)
        db.session.commit()
        assert (candidacy.screening_on, candidacy.screener_name) == (dt.date(2016, 5, 4), "")
        assert undo(screening)
        db.session.commit()
    assert screening.is_hidden and candidacy.stage is Stage.AGREED
    assert (candidacy.screening_on, candidacy.screener_name) == (dt.date(2016, 6, 1), "Fra arket")
    assert list(find_differences()) == []
    with writing():
        assert plan(candidacy).number == 2


def test_undo_of_holding_and_of_cancelling(sqlite_app: Flask) -> None:
    held = make_screening(state=ScreeningState.HELD)
    cancelled = make_screening(state=ScreeningState.CANCELLED)
    with writing():
        assert undo(held) and undo(cancelled)
        db.session.commit()
    for screening in (held, cancelled):
        assert (screening.state, screening.held_on) == (ScreeningState.PLANNED, None)
        assert screening.candidacy.stage is Stage.SCREENING_PLANNED
    assert list(find_differences()) == []


def test_undo_only_while_nothing_has_come_since(sqlite_app: Flask) -> None:
    screening = make_screening(state=ScreeningState.HELD)
    first = actions.latest_move(screening)
    assert first is not None
    with writing():
        move_to_stage(screening.candidacy, Wish(Stage.COMPLETED, TODAY), user_id=None)
        assert not actions.undo_screening_move(screening, first, user_id=None)
        actions.move_screening_state(screening, ScreeningState.DRAFT, TODAY, user_id=None)
        assert not actions.undo_screening_move(screening, first, user_id=None)
        assert undo(screening)
        db.session.commit()
    assert (screening.state, screening.held_on) == (ScreeningState.HELD, dt.date(2016, 4, 20))
    assert screening.candidacy.stage is Stage.COMPLETED


def test_another_appointment_is_a_new_version_and_keeps_who_stays(app: Flask) -> None:
    lead, second = make_screener(name="Ida Prøve"), make_screener(name="Bo Prøve")
    screening = make_screening(lead=lead)
    kept, version = screening.people[0].id, screening.version
    people = (
        Attendee(ScreeningRole.LEAD, screener_id=lead.id),
        Attendee(ScreeningRole.SECOND, screener_id=second.id),
        Attendee(ScreeningRole.BUSINESS, name="Værkfører Jensen"),
    )
    appointment = Appointment(screening.starts_at, screening.minutes, screening.place, screening.to_prepare, people)
    with writing():
        actions.change_appointment(screening, appointment)
        db.session.commit()
    assert screening.version == version + 1
    assert [person.shown_name for person in screening.people] == ["Ida Prøve", "Bo Prøve", "Værkfører Jensen"]
    assert screening.people[0].id == kept
    with writing():
        actions.change_appointment(screening, Appointment(VISIT, people=people[1:]))
        db.session.commit()
    assert [person.role for person in screening.people] == [ScreeningRole.SECOND, ScreeningRole.BUSINESS]
    assert (screening.candidacy.screening_on, screening.candidacy.screener_name) == (dt.date(2016, 5, 4), "")


STEPS = st.lists(
    st.tuples(st.sampled_from(["plan", "hold", "draft", "approve", "hand over", "cancel", "undo"]), st.integers(0, 5)),
    min_size=3,
    max_size=14,
)


def _take(step: str, candidacy: Candidacy, screenings: list[Screening], ago: int) -> None:
    day = TODAY - dt.timedelta(days=ago)
    last = screenings[-1] if screenings else None
    states = {
        "draft": ScreeningState.DRAFT,
        "approve": ScreeningState.APPROVED,
        "hand over": ScreeningState.HANDED_OVER,
    }
    if step == "plan":
        visit = dt.datetime.combine(day, dt.time(7), dt.UTC)
        screenings.append(actions.plan_screening(candidacy, Appointment(visit), user_id=None))
    elif last is None:
        return
    elif step == "hold":
        actions.hold_screening(last, day, user_id=None)
    elif step == "cancel":
        actions.cancel_screening(last, "Sygdom", user_id=None)
    elif step == "undo":
        latest = actions.latest_move(last)
        if latest is not None and actions.undo_screening_move(last, latest, user_id=None) and last.is_hidden:
            screenings.pop()
    else:
        actions.move_screening_state(last, states[step], day, user_id=None)


def test_any_order_of_steps_keeps_records_and_ledger_alike(sqlite_app: Flask) -> None:
    """Refused or not: state, candidate, totals and dates are what the ledger says after every sequence."""

    @settings(max_examples=size(400, 0.05))
    @given(STEPS)
    def sequence(steps: list[tuple[str, int]]) -> None:
        db.session.rollback()
        with writing():
            candidacy, screenings = candidate(), []
            for step, ago in steps:
                try:
                    _take(step, candidacy, screenings, ago)
                except ScreeningRefusedError:
                    continue
                standing = [s for s in screenings if s.state is not ScreeningState.CANCELLED]
                assert sum(s.state is ScreeningState.PLANNED for s in standing) <= 1
                assert (candidacy.screening_on is None) == (not standing)
                assert all((s.held_on is None) == (s.state is ScreeningState.PLANNED) for s in standing)
                if not standing:
                    assert candidacy.stage in (Stage.AGREED, Stage.SCREENED, Stage.REPORTED)
            assert list(find_differences()) == []
            db.session.rollback()

    sequence()
