"""The numbers the story must come out with, as of 25 April 2016."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

TODAY = dt.date(2016, 4, 25)
LAST_MEETING = dt.date(2016, 1, 22)
NEXT_MEETING = dt.date(2016, 4, 29)
YEAR = 2016


class Standing(NamedTuple):
    """What one municipality has reached."""

    members: int
    open: int
    suitable: int
    target: int
    screened: int
    plans: int
    not_suitable: int


STANDINGS: dict[int, Standing] = {
    849: Standing(10, 4, 3, 5, 1, 0, 6),
    851: Standing(34, 6, 11, 10, 9, 6, 4),
    860: Standing(23, 4, 6, 5, 5, 3, 2),
    820: Standing(6, 5, 2, 5, 0, 0, 1),
    813: Standing(8, 3, 4, 5, 1, 0, 1),
    810: Standing(5, 2, 1, 5, 0, 0, 2),
    840: Standing(4, 3, 2, 5, 1, 1, 1),
    846: Standing(7, 6, 3, 5, 2, 1, 2),
    787: Standing(6, 1, 5, 5, 3, 2, 0),
    773: Standing(1, 1, 0, 5, 0, 0, 0),
    825: Standing(1, 1, 1, 2, 0, 0, 0),
}
TARGET_REASONS = {851: "størst erhvervsliv", 825: "få virksomheder"}
