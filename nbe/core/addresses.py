"""Addresses: those a person or a link hands us (only paths of our own are followed), and those that pages name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit


def local_path(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None (other hosts, schemes, tricks with slashes)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 33 or c in "\\\x7f" for c in target) or "//" in target.split("?", 1)[0]:
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if not parts.scheme and not parts.netloc else None


def with_query(path: str, query: Mapping[str, Any]) -> str:
    """The address of a page with a query; a page of figures has a hundred of them, and the same ones again."""
    return f"{path}?{_encoded(tuple(query.items()))}" if query else path


@lru_cache(maxsize=2048)
def _encoded(query: tuple[tuple[str, Any], ...]) -> str:
    return urlencode(query)
