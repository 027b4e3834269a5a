"""The states of a report on both databases: each in the ledger, locked when handed over, undone while last."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from nbe.core.database import db, writing
from nbe.figures.checking import find_differences
from nbe.models import LedgerReason, LedgerRow, Report, Screening
from nbe.models.states import LedgerKind, ReportState, RoleName, ScreeningState, Stage
from nbe.screenings.actions import latest_move
from nbe.screenings.reports import actions
from nbe.screenings.reports.content import content_of, gather
from nbe.screenings.reports.locking import LockedReportError
from nbe.screenings.reports.queries import list_readers
from nbe.screenings.reports.rules import ReportRefusedError
from tests.builders import make_screener, make_screening, make_user
from tests.reports.stories import TODAY, Case, bring_to, change_everything, make_case


def states_told(case: Case) -> list[str]:
    rows = sa.select(LedgerRow.to_code).where(
        LedgerRow.kind == LedgerKind.SCREENING, LedgerRow.subject_id == case.screening.id
    )
    return list(db.session.scalars(rows.order_by(LedgerRow.id)))


def undo(case: Case) -> bool:
    with writing():
        report = case.report
        row = latest_move(report.screening)
        assert row is not None
        done = actions.undo_step(report, row, user_id=case.author.id)
        db.session.commit()
    return done


def test_from_a_held_visit_to_a_report_handed_over(app: Flask) -> None:
    case = make_case()
    bring_to(case, "handed over")
    report, screening = case.report, db.session.get_one(Screening, case.screening.id)
    assert (report.state, report.number) == (ReportState.HANDED_OVER, 1)
    assert (report.approved_on, report.handed_over_on, report.handed_over_to) == (TODAY, TODAY, "Direktør Kvist")
    assert (screening.state, screening.candidacy.stage) == (ScreeningState.HANDED_OVER, Stage.REPORTED)
    assert states_told(case) == ["planned", "held", "draft", "approved", "handed_over"]
    assert list(find_differences()) == []


def test_nothing_changes_what_was_handed_over(app: Flask) -> None:
    case = make_case()
    bring_to(case, "handed over")
    before = copy.deepcopy(case.report.frozen)
    change_everything(case)
    report = case.report
    assert before is not None and content_of(report) == report.frozen == before
    assert gather(report)["business"]["name"] == "Omdøbt A/S" != before["business"]["name"]
    user = case.author.id
    with writing():
        for step in (
            lambda: actions.save_texts(report, "x", "y", "z"),
            lambda: actions.send_to_reader(report, case.reader.id, user_id=user),
            lambda: actions.take_back(report),
            lambda: actions.approve(report, user_id=case.reader.id),
            lambda: actions.send_back(report, "ret", user_id=user),
            lambda: actions.hand_over(report, TODAY, "igen", user_id=user),
        ):
            with pytest.raises(ReportRefusedError):
                step()
        db.session.commit()
    assert case.report.frozen == before
    for column, value in (("conclusion", "x"), ("frozen", {}), ("handed_over_to", "x")):
        with writing(), pytest.raises(LockedReportError):
            setattr(case.report, column, value)
            db.session.flush()
    assert case.report.frozen == before


def test_what_was_approved_is_what_is_handed_over(sqlite_app: Flask) -> None:
    case = make_case()
    bring_to(case, "approved")
    read = copy.deepcopy(case.report.frozen)
    change_everything(case)
    with writing():
        actions.hand_over(case.report, TODAY, "Direktør Kvist", user_id=case.author.id)
        db.session.commit()
    frozen = case.report.frozen
    assert read is not None and frozen is not None
    assert {**frozen, "report": None} == {**read, "report": None}
    assert frozen["report"]["handed_over_to"] == "Direktør Kvist" and read["report"]["handed_over_to"] == ""


def test_the_reader_is_another_one_who_may_write_there(app: Flask) -> None:
    case = make_case()
    others = {
        "admin": make_user(RoleName.ADMINISTRATOR),
        "stranger": make_user(RoleName.LEADER, 851),
        "screener": make_user(RoleName.SCREENER, 849),
        "partner": make_user(RoleName.PARTNER, 849),
    }
    report = bring_to(case, "draft")
    found = {user_id for user_id, _name in list_readers(report.screening, case.author.id)}
    assert found == {case.reader.id, others["admin"].id}
    refused = [case.author.id, None, others["stranger"].id, others["screener"].id, others["partner"].id]
    for reader_id in refused:
        with writing(), pytest.raises(ReportRefusedError):
            actions.send_to_reader(case.report, reader_id, user_id=case.author.id)
    assert case.report.state is ReportState.DRAFT


def test_only_the_reader_approves_and_sends_back(sqlite_app: Flask) -> None:
    case = make_case()
    bring_to(case, "reading")
    admin = make_user(RoleName.ADMINISTRATOR).id
    for user_id in (case.author.id, admin, None):
        with writing(), pytest.raises(ReportRefusedError):
            actions.approve(case.report, user_id=user_id)
        with writing(), pytest.raises(ReportRefusedError):
            actions.send_back(case.report, "Ret det", user_id=user_id)
    with writing():
        actions.send_back(case.report, "Mangler et tal", user_id=case.reader.id)
        db.session.commit()
    assert (case.report.state, case.report.reader_note) == (ReportState.DRAFT, "Mangler et tal")


def test_a_correction_is_a_new_version_with_its_reason(app: Flask) -> None:
    case = make_case()
    bring_to(case, "handed over")
    with writing():
        with pytest.raises(ReportRefusedError):
            actions.correct(case.report, " ", user_id=case.author.id)
        version = actions.correct(case.report, "Et tal var forkert", user_id=case.author.id)
        db.session.commit()
    assert (version.number, version.state, version.conclusion) == (2, ReportState.DRAFT, "Åben konklusion")
    assert version.screening.state is ScreeningState.DRAFT
    assert version.screening.candidacy.stage is Stage.REPORTED
    assert "Et tal var forkert" in db.session.scalars(sa.select(LedgerReason.text)).all()
    first = db.session.scalars(sa.select(Report).where(Report.number == 1)).one()
    assert first.state is ReportState.HANDED_OVER and first.frozen is not None
    assert list(find_differences()) == []
    assert undo(case)
    assert case.report.number == 1
    assert db.session.get_one(Screening, case.screening.id).state is ScreeningState.HANDED_OVER


def test_each_step_is_undone_while_it_is_the_latest(app: Flask) -> None:
    case = make_case()
    bring_to(case, "handed over")
    assert undo(case)
    report = case.report
    assert (report.state, report.handed_over_on, report.handed_over_to) == (ReportState.APPROVED, None, "")
    assert report.frozen is not None and report.frozen["report"]["handed_over_on"] is None
    assert report.screening.candidacy.stage is Stage.SCREENED
    assert undo(case)
    assert (case.report.state, case.report.approved_on, case.report.frozen) == (ReportState.READING, None, None)
    assert not undo(case)  # it is with its reader; that step stands in no ledger
    assert list(find_differences()) == []


def test_a_report_that_was_only_begun_goes_away(sqlite_app: Flask) -> None:
    case = make_case()
    with writing():
        actions.begin_report(db.session.get_one(Screening, case.screening.id), user_id=case.author.id)
        db.session.commit()
    assert undo(case)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
    assert db.session.get_one(Screening, case.screening.id).state is ScreeningState.HELD


def test_handing_over_is_undone_on_its_own_day_only(sqlite_app: Flask) -> None:
    case = make_case()
    bring_to(case, "handed over")
    sqlite_app.config["NBE_TODAY"] = "2016-04-26"
    assert not undo(case)
    assert case.report.state is ReportState.HANDED_OVER


@pytest.mark.parametrize(
    ("day", "to", "field"),
    [(dt.date(2016, 4, 26), "Kvist", "day"), (dt.date(2016, 4, 24), "Kvist", "day"), (TODAY, " ", "to")],
)
def test_handing_over_asks_for_a_day_and_somebody(sqlite_app: Flask, day: dt.date, to: str, field: str) -> None:
    case = make_case()
    bring_to(case, "approved")
    with writing(), pytest.raises(ReportRefusedError) as refused:
        actions.hand_over(case.report, day, to, user_id=case.author.id)
    assert refused.value.field == field


@pytest.mark.parametrize("state", [ScreeningState.PLANNED, ScreeningState.CANCELLED])
def test_no_report_without_a_visit(sqlite_app: Flask, state: ScreeningState) -> None:
    screening = make_screening(lead=make_screener(), state=state)
    with writing(), pytest.raises(ReportRefusedError):
        actions.begin_report(screening, user_id=None)
