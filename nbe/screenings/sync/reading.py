"""What a device sends, read strictly: a batch of edits, or nothing at all."""

from __future__ import annotations

import re
from typing import Any

from nbe.screenings.sync.rules import BY_ITSELF, MOST_EDITS, SERVICE, Edit

LONGEST_VALUE = 20_000  # longer than any field takes: what is too long is refused at its field, not here
_DEVICE = re.compile(r"[A-Za-z0-9-]{8,36}")
_LARGEST = 2**31 - 1


class UnreadableError(ValueError):
    """The batch is not what a page of ours sends."""


def read_batch(sent: Any) -> tuple[list[Edit], int]:
    """(edits, the latest edit the page had seen) of a decoded body. Raises UnreadableError."""
    if not isinstance(sent, dict) or not isinstance(edits := sent.get("edits"), list) or len(edits) > MOST_EDITS:
        raise UnreadableError("edits")
    return [_read_edit(one) for one in edits], _number(sent.get("since", 0), least=0)


def _read_edit(one: Any) -> Edit:
    if not isinstance(one, dict):
        raise UnreadableError("edit")
    base, seen = one.get("base_id"), one.get("seen")
    device = _text(one.get("device"), 36)
    if not _DEVICE.fullmatch(device) or device in (SERVICE, BY_ITSELF):
        raise UnreadableError("device")
    return Edit(
        device=device,
        number=_number(one.get("number")),
        subject=_text(one.get("subject"), 60),
        field=_text(one.get("field"), 40),
        value=_text(one.get("value"), LONGEST_VALUE),
        base_id=None if base is None else _number(base, least=0),
        seen=None if seen is None else _text(seen, LONGEST_VALUE),
    )


def _text(value: Any, length: int) -> str:
    if not isinstance(value, str) or len(value) > length or "\x00" in value:
        raise UnreadableError("text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(value: Any, least: int = 1) -> int:
    if type(value) is not int or not least <= value <= _LARGEST:
        raise UnreadableError("number")
    return value
