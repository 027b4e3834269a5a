"""Lists in pages of fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

PAGE_SIZE = 50
LAST_PAGE = 100_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, and how many rows there are in all."""

    rows: list[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size


def page_of(found: Sequence[T], number: int, size: int | None = PAGE_SIZE) -> Page[T]:
    """One page of rows that are all at hand; all of them when `size` is None."""
    shown = found if size is None else found[(number - 1) * size : number * size]
    return Page(list(shown), number, len(found), size or max(1, len(found)))


def page_number() -> int:
    """The page asked for in the address; 1 where it makes no sense."""
    raw = request.args.get("side", "1")
    return min(max(1, int(raw)), LAST_PAGE) if raw.isascii() and raw.isdigit() and len(raw) < 8 else 1
