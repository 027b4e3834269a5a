"""Measuring side by side: warmed up, in turn (A B C A B C …), so that what disturbs one disturbs its neighbour."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence


def series(calls: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> dict[str, list[float]]:
    """Milliseconds of each call in each round; the order turns round every time."""
    for call in calls.values():
        for _ in range(warm_up):
            call()
    found: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            for name in names if number % 2 == 0 else reversed(names):
                begun = time.perf_counter()
                calls[name]()
                found[name].append((time.perf_counter() - begun) * 1000)
            gc.collect()
    finally:
        gc.enable()
    return found


def ratio(values: Sequence[float], floors: Sequence[float]) -> float:
    """The median of the rounds' own ratios: a slow moment of the machine weighs on both."""
    return statistics.median(value / floor for value, floor in zip(values, floors, strict=True))
