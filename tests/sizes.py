"""How much a test tries: a share in `make test`, the full figure of promises.md in `make drill`."""

from __future__ import annotations

import math
import os


def is_drill() -> bool:
    """Whether the full figures are asked for (NBE_DRILL=1)."""
    return os.environ.get("NBE_DRILL") == "1"


def size(full: int, share: float = 0.02) -> int:
    """The full figure in the drill; else its share, rounded up, at least 1."""
    return full if is_drill() else max(1, math.ceil(full * share))
