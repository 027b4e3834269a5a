"""The message of an action, shown on the next page: what was done, a way back, a way on."""

from __future__ import annotations

from typing import Any

from flask import flash


def tell(
    text: Any, kind: str = "success", *, undo: str | None = None, href: str | None = None, label: Any = ""
) -> None:
    """Flash a message; `undo` is the address of a POST that takes it back, `href` and `label` lead on."""
    message: Any = {"text": str(text), "undo": undo, "href": href, "label": str(label)}
    flash(message, kind)
