"""Municipal case numbers such as 24.10.07-G20-4-15."""

from __future__ import annotations

import re

_PATTERN = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})-([A-ZÆØÅ]\d{2})-(\d+)-(\d{2})", re.ASCII)


def parse_case_number(text: str) -> str:
    """The number as it is stored; blanks, small letters and long dashes are forgiven. Raises ValueError."""
    compact = re.sub(r"\s", "", text).replace("–", "-").upper()
    if not _PATTERN.fullmatch(compact):
        raise ValueError("not a case number")
    return compact
