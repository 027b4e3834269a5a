"""What may be done with a report, and by whom. Pure: no database, no request.

    draft → to the second reader → approved → handed over
      ↑___________sent back___________|

An approved report is frozen as it was read; handed over it is locked, and a correction is a new version.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.models.states import ReportState, ScreeningState

FROZEN = (ReportState.APPROVED, ReportState.HANDED_OVER)
BEGINS_FROM = (ScreeningState.HELD, ScreeningState.DRAFT)
# A screening comes to the same place as its newest report; one that is read is still a draft.
STANDS_AT = {
    ReportState.DRAFT: ScreeningState.DRAFT,
    ReportState.READING: ScreeningState.DRAFT,
    ReportState.APPROVED: ScreeningState.APPROVED,
    ReportState.HANDED_OVER: ScreeningState.HANDED_OVER,
}


class ReportRefusedError(ValueError):
    """What cannot be done with a report. `field` names what is wrong: reader, note, day, to, reason, state."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


def refuse_beginning(state: ScreeningState) -> None:
    """A report is written on a visit that was held. Raises ReportRefusedError."""
    if state not in BEGINS_FROM:
        raise ReportRefusedError("state", _l("Rapporten kan begyndes, når besøget er gennemført."))


def refuse_unless(state: ReportState, *wanted: ReportState) -> None:
    """Whether a step can be taken from here. Raises ReportRefusedError."""
    if state not in wanted:
        message = _l("Rapporten er nu: %(state)s. Skridtet kan ikke tages derfra.", state=str(state.label).lower())
        raise ReportRefusedError("state", message)


def refuse_reader(reader_id: int | None, author_id: int | None, asking_id: int | None, allowed: set[int]) -> None:
    """The second reader is somebody else who may write here. Raises ReportRefusedError."""
    if reader_id is None:
        raise ReportRefusedError("reader", _l("Vælg en andenlæser."))
    if reader_id in (author_id, asking_id):
        raise ReportRefusedError("reader", _l("Andenlæseren skal være en anden end den, der har skrevet rapporten."))
    if reader_id not in allowed:
        raise ReportRefusedError("reader", _l("Vælg en, der må skrive rapporter her."))


def refuse_reading(reader_id: int | None, author_id: int | None, user_id: int | None) -> None:
    """Only the chosen reader approves or sends back. Raises ReportRefusedError."""
    if user_id is None or user_id != reader_id or user_id == author_id:
        raise ReportRefusedError("state", _l("Kun den valgte andenlæser kan godkende eller sende tilbage."))


def refuse_text(text: str, field: str, message: Any) -> None:
    """Something must be written. Raises ReportRefusedError."""
    if not text.strip():
        raise ReportRefusedError(field, message)


def refuse_handing_over(day: dt.date, to: str, *, approved_on: dt.date, today: dt.date) -> None:
    """Whether it was handed over on a day, to somebody. Raises ReportRefusedError."""
    if day > today:
        raise ReportRefusedError("day", _l("Datoen ligger i fremtiden."))
    if day < approved_on:
        message = _l("Datoen ligger før godkendelsen den %(day)s.", day=approved_on.strftime("%d-%m-%Y"))
        raise ReportRefusedError("day", message)
    refuse_text(to, "to", _l("Skriv, hvem rapporten er afleveret til."))


def waits_for(state: ReportState, author_id: int | None, reader_id: int | None) -> int | None:
    """Whose turn it is: the reader's while it is read, the author's until it is handed over."""
    if state is ReportState.HANDED_OVER:
        return None
    return reader_id if state is ReportState.READING else author_id
