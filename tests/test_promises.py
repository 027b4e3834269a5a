"""The drill covers the promises this service makes so far, with tests that exist."""

from __future__ import annotations

from pathlib import Path

from tests.drill.promises import PROMISES

MADE = {6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 27, 28, 29, 32, 36, 37, 38, 39}
ROOT = Path(__file__).parents[1]


def test_every_promise_has_its_tests() -> None:
    assert {promise.number for promise in PROMISES} == MADE
    for promise in PROMISES:
        for place in promise.tests:
            path, _colon, name = place.partition("::")
            assert path == "check" or (ROOT / path).exists(), place
            assert not name or f"def {name}(" in (ROOT / path).read_text(), place
