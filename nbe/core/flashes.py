"""What is said after a change: a sentence, and the way back."""

from __future__ import annotations

from typing import Any, cast

from flask import flash


def flash_change(text: str, *, undo: str | None = None, kind: str = "success", href: str = "", label: str = "") -> None:
    """Say that something is done; `undo` is the address that takes it back, `href` and `label` a way on."""
    message = {"text": text, "undo": undo, "href": href, "label": label}
    flash(cast(Any, {name: value for name, value in message.items() if value}), kind)
