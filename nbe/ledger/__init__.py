"""The append-only record of moves, the fold that turns it into states, and the totals kept with it."""

from nbe.ledger.actions import Move, record, reverse
from nbe.ledger.fold import (
    ASSESSED,
    CO2E,
    closed_key,
    measure_key,
    member_key,
    participant_key,
    phases_of,
    registration_key,
    saving_key,
    screening_key,
    stage_key,
)

__all__ = [
    "ASSESSED",
    "CO2E",
    "Move",
    "closed_key",
    "measure_key",
    "member_key",
    "participant_key",
    "phases_of",
    "record",
    "registration_key",
    "reverse",
    "saving_key",
    "screening_key",
    "stage_key",
]
