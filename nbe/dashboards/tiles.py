"""The tile map: the eleven municipalities as tiles, roughly as they lie, each with its number in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbe.figures import FigureSet

WIDTH, HEIGHT, GAP = 118, 84, 6
# code: (column, row), as on the map from north to south
PLACES = {
    860: (1, 0),
    813: (2, 0),
    825: (3, 0),
    849: (1, 1),
    810: (2, 1),
    787: (0, 2),
    820: (1, 2),
    851: (2, 2),
    773: (0, 3),
    840: (1, 3),
    846: (2, 3),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One municipality on the map. `tone` says how far it is; `text` says so in words and numbers."""

    code: int
    name: str
    x: int
    y: int
    tone: str
    suitable: Any
    target: int
    share: float | None
    href: str


def tone_of(share: float | None, *, lacks_hours: bool = False) -> str:
    """none, far (under half), near, reached; short: reached, but without the hours for it, and so not green."""
    if share is None:
        return "none"
    if share >= 1 and lacks_hours:
        return "short"
    return "reached" if share >= 1 else "near" if share >= 0.5 else "far"


def lay_tiles(figures: FigureSet, hrefs: Mapping[int, str]) -> list[Tile]:
    """The tiles of the municipalities that have a place on the map, in reading order."""
    tiles = []
    for code, (column, row) in PLACES.items():
        if code not in figures.names:
            continue
        share = figures.share(code)
        tiles.append(
            Tile(
                code=code,
                name=figures.names[code],
                x=column * (WIDTH + GAP),
                y=row * (HEIGHT + GAP),
                tone=tone_of(share, lacks_hours=figures.lacks_hours(code)),
                suitable=figures.value("suitable", code),
                target=figures.target(code),
                share=share,
                href=hrefs[code],
            )
        )
    return tiles
