"""Measuring side by side: warmed up, in turn (A B C A B C …), the median of each."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def medians(calls: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> dict[str, float]:
    """Seconds per call, each the median over `rounds`; the order turns round every time."""
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
                found[name].append(time.perf_counter() - begun)
            gc.collect()
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in found.items()}
