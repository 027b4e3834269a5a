"""The move of a membership that a row asks for: forward only. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from nbe.core.dates import format_date
from nbe.imports.known import Unit
from nbe.imports.messages import Message
from nbe.imports.values import Read
from nbe.imports.words import MEMBERSHIP_NAMES, wanted_membership
from nbe.models.states import MembershipState

_FORWARD: dict[MembershipState, frozenset[MembershipState]] = {
    MembershipState.INVITED: frozenset(
        {MembershipState.APPLIED, MembershipState.MEMBER, MembershipState.LEFT, MembershipState.REJECTED}
    ),
    MembershipState.APPLIED: frozenset({MembershipState.MEMBER, MembershipState.LEFT, MembershipState.REJECTED}),
    MembershipState.MEMBER: frozenset({MembershipState.LEFT}),
    MembershipState.LEFT: frozenset(),
    MembershipState.REJECTED: frozenset(),
}


@dataclass(slots=True)
class MembershipPlan:
    """A membership to begin (`id` None, or one hidden before) or to move."""

    id: int | None
    state: MembershipState
    happened_on: dt.date
    from_state: MembershipState | None = None


def plan_membership(
    read: Read, unit: Unit | None, today: dt.date, headings: Mapping[str, str], *, is_same: bool, is_back: bool
) -> MembershipPlan | None:
    """The move of the membership, if the row asks for one that is possible."""
    values = read.values
    word, said = values.get("membership", ""), values.get("membership_on_word", "")
    on: dt.date | None = values.get("membership_on")
    if not word and not said and on is None:
        return None
    state, warnings = wanted_membership(word, said)
    if is_same:
        return None
    for code in warnings:
        read.warn(code, headings["membership" if word else "membership_on"], word or said)
    if state is None and not warnings and on is not None and not word:
        state = MembershipState.MEMBER
    if state is None:
        return None
    if on is not None and on > today:
        read.warn("membership_future", headings["membership_on"], on)
        return None
    known = unit.membership if unit else None
    if known is None or known["is_hidden"] or is_back:
        return MembershipPlan(known["id"] if known else None, state, on or today)
    current, since = known["state"], known["since_on"]
    if state is current:
        if on is not None and on != since:
            read.warn(
                "membership_date",
                headings["membership_on"],
                on,
                state=MEMBERSHIP_NAMES[current].lower(),
                since=format_date(since),
            )
        return None
    if state not in _FORWARD[current]:
        read.warn(
            "membership_backwards",
            headings.get("membership" if word else "membership_on", ""),
            word or on,
            state=MEMBERSHIP_NAMES[current].lower(),
        )
        return None
    read.messages.append(
        Message(
            "moved",
            headings.get("membership" if word else "membership_on", ""),
            "",
            {"old": MEMBERSHIP_NAMES[current], "new": MEMBERSHIP_NAMES[state]},
        )
    )
    return MembershipPlan(known["id"], state, max(on or today, since), current)
