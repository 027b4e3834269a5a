"""No part of 1 or 2 can be worked out from what is shown and the total."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from nbe.figures.masking import HIDDEN, SMALL, mask, mask_followers, mask_split

PARTS = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def possible(shown: list, total: int) -> list[tuple[int, ...]]:
    """Every split that would be shown like this, for one who knows what the signs mean and the total."""
    all_hidden = all(part == HIDDEN for part in shown)
    choices = []
    for part in shown:
        if part == SMALL:
            choices.append([1, 2])
        elif part == HIDDEN:
            choices.append([n for n in range(total + 1) if all_hidden or n not in (1, 2)])
        else:
            choices.append([part])
    return [split for split in product(*choices) if sum(split) == total]


@given(PARTS)
def test_no_small_part_can_be_worked_out(parts: list[int]) -> None:
    splits = possible(mask(parts), sum(parts))
    assert tuple(parts) in splits
    for place, value in enumerate(parts):
        if value in (1, 2) and len(parts) > 1:
            assert len({split[place] for split in splits}) > 1


@given(PARTS)
def test_small_parts_are_never_shown(parts: list[int]) -> None:
    assert not {1, 2} & {part for part in mask(parts) if isinstance(part, int)}


def test_parts_that_are_not_small_are_left_alone() -> None:
    assert mask([0, 3, 12]) == [0, 3, 12]


def test_one_more_part_is_hidden() -> None:
    assert mask([1, 8, 20]) == [SMALL, HIDDEN, 20]


def test_the_order_of_a_split_does_not_matter() -> None:
    assert mask_split({"b": 1, "a": 8, "c": 20}) == mask_split({"c": 20, "a": 8, "b": 1})


def test_what_would_tell_a_hidden_figure_is_hidden() -> None:
    shown = mask_followers(
        {"open": 4, "suitable": SMALL, "candidates": 5, "screened": 0, "stage_a": SMALL, "stage_b": 3}
    )
    assert shown["candidates"] == shown["missing"] == shown["percent_screened"] == HIDDEN
    assert shown["stage_a"] == shown["stage_b"] == HIDDEN
    assert shown["open"] == 4
