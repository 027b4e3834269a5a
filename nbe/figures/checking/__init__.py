"""Recounting: the kept totals and the records' own columns against the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from nbe.figures.checking import records, subjects
from nbe.ledger.queries import differences
from nbe.models import Measure, Participant, Registration, Screening
from nbe.models.states import LedgerKind


def find_differences() -> Iterator[str]:
    """One line for each total and record that is not what the ledger says."""
    for programme_id, grain, key, starts_on, municipality, counted, kept in differences():
        yield (
            f"total programme={programme_id} {key} {grain} {starts_on} municipality={municipality}:"
            f" counted {counted}, kept {kept}"
        )
    yield from records.candidacies()
    yield from records.memberships()
    yield from subjects.states(Screening, LedgerKind.SCREENING)
    yield from subjects.states(Measure, LedgerKind.MEASURE)
    yield from subjects.people(Participant, LedgerKind.PARTICIPANT)
    yield from subjects.people(Registration, LedgerKind.REGISTRATION)
    yield from subjects.savings()
    yield from subjects.hours()
