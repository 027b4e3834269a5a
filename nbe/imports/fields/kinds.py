"""What a field of a candidate list is: its Danish heading, near-misses and limits."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Kind(enum.Enum):
    """How a cell of the field is read."""

    TEXT = "text"
    LINES = "lines"
    CVR = "cvr"
    P_NUMBER = "p_number"
    MUNICIPALITY = "municipality"
    INDUSTRY = "industry"
    COUNT = "count"
    YEAR = "year"
    DATE = "date"
    MAIL = "mail"
    PHONE = "phone"
    CASE_NUMBER = "case_number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `heading` is what an export writes, `also` what other lists call it."""

    key: str
    heading: str
    label: Any
    kind: Kind = Kind.TEXT
    also: tuple[str, ...] = ()
    limit: int = 200
    width: int = 16
