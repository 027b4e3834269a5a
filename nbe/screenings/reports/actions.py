"""What is done with a report. The screening's steps stand in the ledger; the report's columns go with them."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.models import LedgerRow, Report, Screening
from nbe.models.states import ReportState, ScreeningState
from nbe.screenings.actions import latest_move, move_screening_state, undo_screening_move
from nbe.screenings.reports import locking as locking  # its check holds from the first import on
from nbe.screenings.reports.content import about, gather
from nbe.screenings.reports.queries import newest_report, reader_ids
from nbe.screenings.reports.rules import (
    refuse_beginning,
    refuse_handing_over,
    refuse_reader,
    refuse_reading,
    refuse_text,
    refuse_unless,
)

DRAFT, READING, APPROVED, HANDED_OVER = ReportState


def begin_report(screening: Screening, *, user_id: int | None) -> Report:
    """The first version, with the one who begins as its author. Raises ReportRefusedError."""
    refuse_beginning(screening.state)
    if screening.state is ScreeningState.HELD:
        move_screening_state(screening, ScreeningState.DRAFT, clock.today(), user_id=user_id)
    return _add(screening, 1, user_id)


def _add(screening: Screening, number: int, user_id: int | None, **texts: str) -> Report:
    report = Report(
        screening_id=screening.id,
        number=number,
        state=DRAFT,
        author_id=user_id,
        created_at=clock.now(),
        **texts,
    )
    db.session.add(report)
    db.session.flush()
    return report


def save_texts(report: Report, introduction: str, conclusion: str, confidential_note: str) -> None:
    """What is written in a draft. Raises ReportRefusedError for any other."""
    refuse_unless(report.state, DRAFT)
    report.introduction, report.conclusion = introduction, conclusion
    report.confidential_note = confidential_note
    db.session.flush()


def send_to_reader(report: Report, reader_id: int | None, *, user_id: int | None) -> None:
    """Give a draft to its second reader. Raises ReportRefusedError."""
    refuse_unless(report.state, DRAFT)
    refuse_reader(reader_id, report.author_id, user_id, reader_ids(report.screening))
    report.reader_id, report.state, report.reader_note = reader_id, READING, ""
    db.session.flush()


def take_back(report: Report) -> None:
    """Back to a draft before it was read. Raises ReportRefusedError."""
    refuse_unless(report.state, READING)
    report.state = DRAFT
    db.session.flush()


def approve(report: Report, *, user_id: int | None) -> int | None:
    """The second reader says good; what was read is frozen. -> the step in the ledger. Raises ReportRefusedError."""
    refuse_unless(report.state, READING)
    refuse_reading(report.reader_id, report.author_id, user_id)
    move_screening_state(report.screening, ScreeningState.APPROVED, clock.today(), user_id=user_id)
    report.state, report.approved_on = APPROVED, clock.today()
    report.frozen = gather(report)
    db.session.flush()
    return latest_move(report.screening)


def send_back(report: Report, note: str, *, user_id: int | None) -> None:
    """Back to the author with what must be seen to: by the reader, or by whoever writes once it is approved.

    Raises ReportRefusedError.
    """
    refuse_unless(report.state, READING, APPROVED)
    if report.state is READING:
        refuse_reading(report.reader_id, report.author_id, user_id)
    refuse_text(note, "note", _l("Skriv, hvad der skal rettes."))
    if report.state is APPROVED:
        move_screening_state(report.screening, ScreeningState.DRAFT, clock.today(), user_id=user_id)
    report.state, report.reader_note, report.approved_on, report.frozen = DRAFT, note, None, None
    db.session.flush()


def hand_over(report: Report, day: dt.date, to: str, *, user_id: int | None) -> int | None:
    """The report is handed over and locked as it was approved. -> the step in the ledger. Raises ReportRefusedError."""
    refuse_unless(report.state, APPROVED)
    refuse_handing_over(day, to, approved_on=report.approved_on or day, today=clock.today())
    move_screening_state(report.screening, ScreeningState.HANDED_OVER, day, user_id=user_id)
    with db.session.no_autoflush:  # in one stroke: what is written as handed over is locked
        report.state, report.handed_over_on, report.handed_over_to = HANDED_OVER, day, to
        report.handed_over_by_id = user_id
        report.frozen = {**(report.frozen or gather(report)), "report": about(report)}
    db.session.flush()
    return latest_move(report.screening)


def correct(report: Report, reason: str, *, user_id: int | None) -> Report:
    """A new version that begins with the texts of the one handed over; that one stays. Raises ReportRefusedError."""
    refuse_unless(report.state, HANDED_OVER)
    refuse_text(reason, "reason", _l("Skriv, hvorfor rapporten rettes."))
    move_screening_state(report.screening, ScreeningState.DRAFT, clock.today(), user_id=user_id, reason=reason)
    return _add(
        report.screening,
        report.number + 1,
        user_id,
        introduction=report.introduction,
        conclusion=report.conclusion,
        confidential_note=report.confidential_note,
        correction_reason=reason,
    )


def undo_step(report: Report, ledger_id: int, *, user_id: int | None) -> bool:
    """Take the newest version's latest step in the ledger back; -> whether it was done.

    A version that was only begun goes away; an approved one goes back to its reader; one handed over is approved
    again, which is for the day it was recorded: from then on a correction is a new version.
    """
    screening = report.screening
    is_newest = newest_report(screening.id) is report
    if not is_newest or report.state is READING or latest_move(screening) != ledger_id:
        return False
    if report.state is DRAFT and not _is_untouched(report):
        return False
    if report.state is HANDED_OVER and not _is_of_today(ledger_id):
        return False
    if not undo_screening_move(screening, ledger_id, user_id=user_id):
        return False
    if report.state is DRAFT:
        db.session.delete(report)
    elif report.state is APPROVED:
        report.state, report.approved_on, report.frozen = READING, None, None
    else:
        report.state, report.handed_over_on, report.handed_over_to = APPROVED, None, ""
        report.handed_over_by_id = None
        report.frozen = {**(report.frozen or {}), "report": about(report)}
    db.session.flush()
    return True


def _is_untouched(report: Report) -> bool:
    """Begun, and nothing done with it since."""
    return report.version == 1


def _is_of_today(ledger_id: int) -> bool:
    row = db.session.get_one(LedgerRow, ledger_id)
    return clock.danish(row.recorded_at).date() == clock.today()
