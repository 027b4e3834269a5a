"""What a column of a candidate list can be: fields with their Danish headings, near-misses and limits."""

from __future__ import annotations

from nbe.imports.fields.business import OF_THE_BUSINESS
from nbe.imports.fields.candidacy import OF_THE_CANDIDACY
from nbe.imports.fields.kinds import Field, Kind

FIELDS: tuple[Field, ...] = (*OF_THE_BUSINESS, *OF_THE_CANDIDACY)
BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}

# Headings that say: this sheet lists people at a course or an event, not candidates.
PARTICIPANT_HEADINGS = (
    "Deltager",
    "Deltagere",
    "Deltagernavn",
    "Kursist",
    "Kursister",
    "Dag 1",
    "Dag 2",
    "Kursusbevis",
    "Fremmødt",
    "Fremmøde",
    "Hold",
)

# Fields whose words and dates decide a move; they make up the mark that an import leaves.
DECIDING = ("stage", "close_reason", "postponed_to_year", "suitable", "screening_on", "membership", "membership_on")

__all__ = ["BY_KEY", "DECIDING", "FIELDS", "PARTICIPANT_HEADINGS", "Field", "Kind"]
