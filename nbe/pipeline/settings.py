"""After how many days without activity a candidate has gone silent: the rule's numbers, or the administrator's."""

from __future__ import annotations

from nbe.access.stored import read_settings, write_setting
from nbe.pipeline.rules import SILENT_AFTER, SILENT_BEFORE

BEFORE_KEY = "silent_before"
AFTER_KEY = "silent_after"
SHORTEST, LONGEST = 1, 365


def silent_days(*, for_update: bool = False) -> tuple[int, int]:
    """(days before egnet, days from egnet on) after which a candidate has gone silent."""
    stored = read_settings(BEFORE_KEY, AFTER_KEY, for_update=for_update)
    return int(stored.get(BEFORE_KEY, SILENT_BEFORE)), int(stored.get(AFTER_KEY, SILENT_AFTER))


def set_silent_days(before: int, after: int) -> None:
    """Change both numbers; ValueError outside a day and a year."""
    if not (SHORTEST <= before <= LONGEST and SHORTEST <= after <= LONGEST):
        raise ValueError("silent days out of range")
    write_setting(BEFORE_KEY, str(before))
    write_setting(AFTER_KEY, str(after))
