"""Telephone numbers: eight Danish digits, shown as 12 34 56 78; foreign ones as international."""

from __future__ import annotations

import re

_NOISE = re.compile(r"[\s().\-/\u00a0]")


def parse_phone(value: object) -> str:
    """8 digits for a Danish number, "+<digits>" for a foreign one. Raises ValueError."""
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("not a telephone number")
    text = str(int(value)) if isinstance(value, float) else str(value)
    digits = _NOISE.sub("", text.strip())
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+45"):
        digits = digits[3:]
    elif len(digits) == 10 and digits.startswith("45"):
        digits = digits[2:]
    if not digits.isascii():
        raise ValueError("not a telephone number")
    if re.fullmatch(r"[1-9]\d{7}", digits) or re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        return digits
    raise ValueError("not a telephone number")


def format_phone(value: str) -> str:
    """12 34 56 78; anything else as it stands."""
    return " ".join(re.findall("..", value)) if re.fullmatch(r"\d{8}", value) else value
