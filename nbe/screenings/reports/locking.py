"""A report that was handed over does not change, whoever tries: the last check, where rows are written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import object_session

from nbe.models import Report
from nbe.models.states import ReportState


class LockedReportError(RuntimeError):
    """Something would have changed a report that was handed over."""


@event.listens_for(Report, "before_update")
def _refuse_locked(_mapper: Any, _connection: Any, report: Report) -> None:
    """Taking the handing over back is the one way out of the lock."""
    session = object_session(report)
    was_locked = not inspect(report).attrs.state.history.has_changes()
    if session is not None and report.state is ReportState.HANDED_OVER and was_locked and session.is_modified(report):
        raise LockedReportError(f"report {report.id} is locked")
