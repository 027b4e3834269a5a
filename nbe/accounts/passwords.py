"""What a password must be: at least 12 characters, not one that everybody uses. No other rule."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_security import PasswordUtil

SHORTEST = 12
LONGEST = 128

# Argon2id with little memory and more rounds: eight at once fit in a small server's memory.
ARGON2 = {"argon2__type": "ID", "argon2__memory_cost": 19_456, "argon2__time_cost": 8, "argon2__parallelism": 1}


@functools.cache
def common_passwords() -> frozenset[str]:
    """The 30,000 most used passwords, in lower case."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word.casefold() for word in FREQUENCY_LISTS["passwords"])


def _core(password: str) -> str:
    """The password without digits and signs at its ends: "Password2016!" is still "password"."""
    return password.strip("0123456789!?.,-_+*#@$%&/()= ")


def faults(password: str, *, email: str = "", name: str = "") -> list[str]:
    """What is wrong with a password, in words; nothing when it will do."""
    if len(password) < SHORTEST:
        return [_("Adgangskoden skal have mindst %(n)s tegn. En sætning er god.", n=SHORTEST)]
    if len(password) > LONGEST:
        return [_("Adgangskoden må højst have %(n)s tegn.", n=LONGEST)]
    folded = password.casefold()
    if folded in common_passwords() or _core(folded) in common_passwords() or len(set(folded)) < 4:
        return [_("Den adgangskode bruger mange. Vælg en anden, for eksempel nogle ord, der ikke hører sammen.")]
    own = [part for part in (email.split("@")[0].casefold(), name.casefold()) if len(part) >= 4]
    if any(folded == part or _core(folded) == part for part in own):
        return [_("Adgangskoden må ikke være dit navn eller din mailadresse.")]
    return []


class Passwords(PasswordUtil):
    """Flask-Security's check of a new password, with our rule."""

    def normalize(self, password: str) -> str:
        """One form for characters that can be written in several ways."""
        return unicodedata.normalize("NFKC", password)

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """The faults (None when there are none) and the password as it is hashed."""
        normal = self.normalize(password)
        user = kwargs.get("user")
        return faults(normal, email=getattr(user, "email", ""), name=getattr(user, "name", "")) or None, normal
