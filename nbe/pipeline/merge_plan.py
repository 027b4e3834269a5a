"""What merging two businesses comes to: which fields differ, and what stands for each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nbe.models import Business, Candidacy, Membership
from nbe.models.states import MembershipState, Stage

Side = Literal["kept", "gone", "both"]
NUMBER, NOTE, MEMBERSHIP = "number", "note", "membership"

# One choice may carry several columns: a number is a CVR number with its P-number.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    NUMBER: ("cvr", "p_number"),
    "municipality_code": ("municipality_code",),
    "address": ("address",),
    "postcode": ("postcode",),
    "town": ("town",),
    "industry_code": ("industry_code", "industry_version"),
    "employees": ("employees",),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "case_number": ("case_number",),
    "is_ad_protected": ("is_ad_protected",),
    "is_sole_trader": ("is_sole_trader",),
    NOTE: (NOTE,),
}
_STANDING = (
    MembershipState.REJECTED,
    MembershipState.LEFT,
    MembershipState.INVITED,
    MembershipState.APPLIED,
    MembershipState.MEMBER,
)


@dataclass(frozen=True, slots=True)
class CandidacyPair:
    """The two businesses in one programme; the side whose stage stands, and whether somebody may choose it."""

    programme_id: int
    year: int
    kept: Candidacy | None
    gone: Candidacy
    side: Side

    @property
    def key(self) -> str:
        """The name of the choice in a form."""
        return f"candidacy_{self.programme_id}"

    @property
    def is_choice(self) -> bool:
        """Two stages of which one must be taken; two closed ones differ in nothing that counts."""
        return self.kept is not None and self.kept.stage is not self.gone.stage

    @property
    def standing(self) -> Candidacy:
        """The candidacy whose stage stands."""
        return self.kept if self.kept is not None and self.side == "kept" else self.gone


@dataclass(frozen=True, slots=True)
class MembershipPair:
    """The memberships of the two; the side that stands."""

    kept: Membership | None
    gone: Membership
    side: Side

    @property
    def is_choice(self) -> bool:
        """Two states of which one must be taken."""
        return self.kept is not None and self.kept.state is not self.gone.state

    @property
    def standing(self) -> Membership:
        """The membership whose state stands."""
        return self.kept if self.kept is not None and self.side == "kept" else self.gone


@dataclass(frozen=True, slots=True)
class MergePlan:
    """Everything a merge will do, for the page that asks and for the action that does it."""

    kept: Business
    gone: Business
    fields: dict[str, Side]
    candidacies: tuple[CandidacyPair, ...]
    kept_alone: tuple[Candidacy, ...]
    membership: MembershipPair | None
    kept_membership: Membership | None
    contacts: int
    activities: int
    screenings: int = 0
    measures: int = 0

    @property
    def state(self) -> str:
        """Every record's version, for the form to carry: another text means that somebody was there since."""
        records: list[Any] = [self.kept, self.gone, *self.kept_alone]
        records += [c for pair in self.candidacies for c in (pair.kept, pair.gone) if c is not None]
        memberships = [self.kept_membership, self.membership.gone if self.membership else None]
        records += [membership for membership in memberships if membership is not None]
        seen = sorted(f"{record.__tablename__[0]}{record.id}.{record.version}" for record in records)
        return "-".join([*seen, f"{self.contacts}.{self.activities}.{self.screenings}.{self.measures}"])


def differing(kept: Business, gone: Business) -> list[str]:
    """The choices in which the two businesses say something different."""
    return [
        key
        for key, columns in CHOICES.items()
        if any(getattr(kept, column) != getattr(gone, column) for column in columns)
    ]


def default_side(key: str, kept: Business, gone: Business) -> Side:
    """The side that stands unless somebody says otherwise: never nothing for something, and the careful flag."""
    if key == NUMBER:
        return "gone" if kept.cvr == gone.cvr and not kept.p_number else "kept"
    if key == NOTE and kept.note and gone.note:
        return "both"
    column = CHOICES[key][0]
    return "kept" if getattr(kept, column) not in ("", None, False) else "gone"


def read_side(key: str, wished: str | None, default: Side) -> Side:
    """A side as a form sent it; anything else is the default."""
    if wished == "both":
        return "both" if key == NOTE else default
    return wished if wished in ("kept", "gone") else default  # type: ignore[return-value]


def chosen_sides(kept: Business, gone: Business, choices: Mapping[str, str]) -> dict[str, Side]:
    """The side of each field that differs."""
    return {key: read_side(key, choices.get(key), default_side(key, kept, gone)) for key in differing(kept, gone)}


def merged_values(kept: Business, gone: Business, sides: Mapping[str, Side]) -> dict[str, Any]:
    """The columns of the business that stays which get another value."""
    values: dict[str, Any] = {}
    for key, side in sides.items():
        if side == "both":
            values[NOTE] = f"{kept.note}\n\n{gone.note}"
        elif side == "gone":
            values.update((column, getattr(gone, column)) for column in CHOICES[key])
    return values


def further_side(kept: Candidacy | None, gone: Candidacy) -> Side:
    """The candidacy that stands by itself: the further one; any stage is further than closed."""
    if kept is None:
        return "gone"
    return "gone" if _place(gone) > _place(kept) else "kept"


def _place(candidacy: Candidacy) -> int:
    return -1 if candidacy.stage is Stage.CLOSED else candidacy.stage.position


def standing_side(kept: Membership | None, gone: Membership) -> Side:
    """The membership that stands by itself: a member before one who has applied, was invited, left or was refused."""
    if kept is None:
        return "gone"
    return "gone" if _STANDING.index(gone.state) > _STANDING.index(kept.state) else "kept"
