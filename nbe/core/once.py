"""What several parts of one page ask for, read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g, has_request_context, request

T = TypeVar("T")


def once(key: str, read: Callable[[], T]) -> T:
    """`read()`, or what it gave before in this request. A request that changes something reads anew each time."""
    if not has_request_context() or request.method not in {"GET", "HEAD"}:
        return read()
    known: dict[str, T] = g.setdefault("read_once", {})
    if key not in known:
        known[key] = read()
    return known[key]
