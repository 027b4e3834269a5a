"""Danish business numbers: CVR (8 digits, modulus 11) and P-number (10 digits, no check digit)."""

from __future__ import annotations

import re

from stdnum.dk import cvr as _cvr
from stdnum.exceptions import InvalidChecksum, ValidationError

_NOISE = re.compile(r"[\s.\-–\u00a0]")


class NumberError(ValueError):
    """Not a valid number; `code` is one of not_digits, length, checksum."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _digits(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    text = re.sub(r"(?<=\d)[.,]0+$", "", text)
    return _NOISE.sub("", text)


def parse_cvr(value: object) -> str:
    """The 8 digits of a CVR number; accepts blanks, "DK" and 12345678.0. Raises NumberError."""
    digits = re.sub(r"^(cvr(nr|nummer)?:?)?(dk)?", "", _digits(value), flags=re.IGNORECASE)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError("not_digits")
    if len(digits) != 8:
        raise NumberError("length")
    try:
        return str(_cvr.validate(digits))
    except InvalidChecksum:
        raise NumberError("checksum") from None
    except ValidationError:
        raise NumberError("checksum") from None


def parse_p_number(value: object) -> str:
    """The 10 digits of a P-number; only the length is checked, as the register's own numbers fail modulus 11."""
    digits = re.sub(r"^p-?(nr\.?|nummer)?:?", "", _digits(value), flags=re.IGNORECASE)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError("not_digits")
    if len(digits) != 10:
        raise NumberError("length")
    return digits
