"""The ledger told anew in the plainest way: every day counted by looking at every move."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from nbe.ledger import Move
from nbe.ledger.fold import Row
from nbe.models.states import CloseReason, LedgerKind, MembershipState, Stage, Verdict

FIRST, LAST = dt.date(2015, 12, 26), dt.date(2016, 1, 5)  # a year's end, a week 53, two Mondays
PLACES = (849, 851)
FURTHER = ("suitable", "agreed", "screening_planned", "screened", "reported", "planned", "active", "completed")
ALL_KEYS = (
    *(f"stage:{stage.value}" for stage in Stage if stage is not Stage.CLOSED),
    *(f"closed:{reason.value}" for reason in CloseReason),
    *(f"member:{state.value}" for state in MembershipState),
    "assessed",
)
Counts = dict[tuple[int, int, str], int]


@dataclass(frozen=True)
class Act:
    """A move of one of some businesses in one of some programmes (by place), or an undo of an earlier row."""

    kind: str
    business: int = 0
    programme: int = 0
    municipality: int = PLACES[0]
    to: str = ""
    detail: str | None = None
    day: dt.date = FIRST
    which: int = 0

    def move(self, businesses: list[int], programmes: list[int]) -> Move:
        """The move it is."""
        return Move(
            kind=LedgerKind(self.kind),
            municipality_code=self.municipality,
            to_code=self.to,
            detail=self.detail,
            happened_on=self.day,
            business_id=businesses[self.business],
            programme_id=None if self.kind == "membership" else programmes[self.programme],
        )


def days() -> Iterator[dt.date]:
    """From the day before the first move to the last."""
    return (FIRST + dt.timedelta(days=n) for n in range(-1, (LAST - FIRST).days + 1))


def _acts() -> st.SearchStrategy[Act]:
    common = {
        "business": st.integers(0, 1),
        "programme": st.integers(0, 1),
        "municipality": st.sampled_from(PLACES),
        "day": st.dates(FIRST, LAST),
    }
    open_stages = [stage.value for stage in Stage if stage is not Stage.CLOSED]
    reasons = [reason.value for reason in CloseReason]
    states = [state.value for state in MembershipState]
    return st.one_of(
        st.builds(Act, kind=st.just("stage"), to=st.sampled_from(open_stages), **common),
        st.builds(Act, kind=st.just("stage"), to=st.just("closed"), detail=st.sampled_from(reasons), **common),
        st.builds(Act, kind=st.just("verdict"), to=st.sampled_from([v.value for v in Verdict]), **common),
        st.builds(Act, kind=st.just("membership"), to=st.sampled_from(states), **common),
        st.builds(Act, kind=st.just("membership"), to=st.just("left"), detail=st.just("merged"), **common),
        st.builds(Act, kind=st.just("undo"), which=st.integers(0, 30)),
    )


# Acts recorded together stand in one list.
HISTORIES = st.lists(st.lists(_acts(), min_size=1, max_size=3), min_size=1, max_size=9)


def _holding(rows: Iterable[Row], day: dt.date, known_at: dt.datetime | None) -> list[Row]:
    known = [row for row in rows if known_at is None or row.recorded_at <= known_at]
    taken_back = [row.reverses_id for row in known]
    return sorted(
        (row for row in known if row.reverses_id is None and row.id not in taken_back and row.happened_on <= day),
        key=lambda row: (row.happened_on, row.id),
    )


def standing(rows: Iterable[Row], kind: str, day: dt.date, known_at: dt.datetime | None = None) -> dict:
    """(business, programme) -> (code, detail, municipality) of the last move of a kind."""
    return {
        (row.business_id, row.programme_id): (row.to_code, row.detail, row.municipality_code)
        for row in _holding(rows, day, known_at)
        if row.kind == kind
    }


def counted(rows: list[Row], day: dt.date) -> Counts:
    """(programme, municipality, key) -> how many at the end of a day; without the noughts."""
    counts: Counter[tuple[int, int, str]] = Counter()
    judged = defaultdict(bool, dict.fromkeys(standing(rows, "verdict", day), True))
    for series, (code, detail, place) in standing(rows, "stage", day).items():
        programme = series[1] or 0
        counts[(programme, place, f"closed:{detail}" if code == "closed" else f"stage:{code}")] += 1
        if (judged[series] or code in FURTHER) and detail != "merged":
            counts[(programme, place, "assessed")] += 1
    for code, detail, place in standing(rows, "membership", day).values():
        if detail != "merged":
            counts[(0, place, f"member:{code}")] += 1
    return dict(counts)
