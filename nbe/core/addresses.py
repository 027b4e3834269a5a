"""Addresses a person or a link hands us: only paths of our own are followed."""

from __future__ import annotations

from urllib.parse import urlsplit


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
