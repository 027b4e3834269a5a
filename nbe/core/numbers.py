"""Numbers as Danes write them: 1.234,5. A point that could mean either is refused rather than guessed."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(,\d+)?")


def parse_decimal(value: object) -> Decimal:
    """A decimal from a cell or a form: "1.234,5", "80,0", 80.0, 80. Raises ValueError."""
    if isinstance(value, bool) or value is None:
        raise ValueError("not a number")
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("not a number")
        return Decimal(str(value))
    text = str(value).strip().replace("\u00a0", "").replace(" ", "").replace("−", "-")
    if not (_GROUPED.fullmatch(text) or _PLAIN.fullmatch(text)) or not text.isascii() or len(text) > 30:
        raise ValueError("not a Danish number")
    try:
        return Decimal(text.replace(".", "").replace(",", "."))
    except InvalidOperation:
        raise ValueError("not a number") from None


def parse_integer(value: object) -> int:
    """A whole number: "1.234", "80,0", 80.0. Raises ValueError for fractions and for more than 15 digits."""
    number = parse_decimal(value)
    if number != number.to_integral_value() or abs(number) >= 10**15:
        raise ValueError("not a whole number")
    return int(number)
