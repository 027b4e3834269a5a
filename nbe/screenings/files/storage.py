"""Where the bytes lie: FILES_FOLDER, outside the web root, by key, readable by the service alone (mode 0600)."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from flask import current_app

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SMALL = ".small"


def is_key(key: str) -> bool:
    """Whether a key can name a file: a UUID in small letters, and nothing that leads elsewhere."""
    return _KEY.fullmatch(key) is not None


def path_of(key: str, suffix: str = "") -> Path:
    """Where a file lies; ValueError for what is no key."""
    if not is_key(key):
        raise ValueError("no key")
    return Path(current_app.config["FILES_FOLDER"]) / key[:2] / f"{key}{suffix}"


def write(key: str, content: bytes, suffix: str = "") -> None:
    """Keep the bytes, whole or not at all, safe from a power cut when this returns."""
    path = path_of(key, suffix)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(key: str, suffix: str = "") -> bytes | None:
    """The bytes, or None where they are missing."""
    try:
        return path_of(key, suffix).read_bytes()
    except FileNotFoundError:
        return None
