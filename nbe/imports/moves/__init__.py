"""The moves a row asks for: membership and candidacy, forward only, and not twice for the same words. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from nbe.imports.fields import DECIDING
from nbe.imports.moves.candidacy import CandidacyPlan, plan_candidacy
from nbe.imports.moves.membership import MembershipPlan, plan_membership
from nbe.imports.words import word_key


def signature(values: Mapping[str, Any]) -> str:
    """What the deciding words and dates of a row come to; the same again changes nothing."""
    parts = []
    for name in (*DECIDING, "membership_on_word"):
        value = values.get(name)
        parts.append(value.isoformat() if isinstance(value, dt.date) else word_key(str(value)) if value else "")
    return hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest()


__all__ = ["CandidacyPlan", "MembershipPlan", "plan_candidacy", "plan_membership", "signature"]
