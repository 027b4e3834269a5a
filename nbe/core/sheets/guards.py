"""Against formulas in text files: a cell that a spreadsheet would run is marked as text, and unmarked on its way in."""

from __future__ import annotations

_DANGEROUS = frozenset("=+-@\t\r\n|＝＋－＠")
_MARK = "'"


def _is_live(text: str) -> bool:
    bare = text.lstrip(" \t\r\n\u00a0\u3000")
    return text[:1] in _DANGEROUS or bare[:1] in _DANGEROUS


def guard(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    bare = text.lstrip(_MARK)
    return _MARK + text if _is_live(text) or (text.startswith(_MARK) and _is_live(bare)) else text


def unguard(text: str) -> str:
    """The text without the mark that `guard` set; `unguard(guard(t)) == t` for every t."""
    if text.startswith(_MARK) and (_is_live(text[1:]) or (text[1:2] == _MARK and _is_live(text.lstrip(_MARK)))):
        return text[1:]
    return text
