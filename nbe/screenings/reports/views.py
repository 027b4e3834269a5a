"""The shapes in which an edition of a report is shown; made by `edition.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from nbe.ledger import CO2E
from nbe.models.states import Code, MeasureState, Quantity, Relevance, SavingPhase
from nbe.screenings.files.rules import PHOTO
from nbe.screenings.rules import POTENTIAL_WORDS, POTENTIALS

UNMEASURED = "unmeasured"
KEYS = (*(quantity.value for quantity in Quantity), CO2E)


class Edition(Code):
    """Which edition; the code stands in addresses."""

    WHOLE = "fuld", _l("Fuld udgave")
    OPEN = "aaben", _l("Åben udgave")


@dataclass(slots=True)
class Told:
    """A saving as it stands in the content."""

    phase: SavingPhase
    quantity: Quantity
    amount: Decimal | None
    co2e_kg: Decimal | None
    is_not_measured: bool
    factor: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with what was seen; `before` is the potential at the visit before."""

    title: str
    relevance: Relevance
    why_not: str
    does_already: str
    observation: str
    potential: int | None
    before: int | None
    is_confidential: bool

    @property
    def is_relevant(self) -> bool:
        """Whether it matters at this business."""
        return self.relevance is Relevance.RELEVANT

    @property
    def potential_label(self) -> Any:
        """The potential in words; None where it was not judged."""
        return None if self.potential is None or not self.is_relevant else POTENTIALS[self.potential]

    @property
    def before_label(self) -> Any:
        """The same of the visit before."""
        return None if self.before is None else POTENTIALS[self.before]


@dataclass(frozen=True, slots=True)
class PhaseNumbers:
    """What one phase of a proposal tells: quantity (or CO2E) -> number, or UNMEASURED."""

    phase: SavingPhase
    numbers: Mapping[str, Decimal | str]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its numbers by phase; payback by the furthest phase that tells one."""

    title: str
    description: str
    theme: str
    state: MeasureState
    is_confidential: bool
    phases: list[PhaseNumbers]
    payback: Decimal | None
    is_unmeasured: bool

    @property
    def keys(self) -> list[str]:
        """The quantities that any phase tells of."""
        return [key for key in KEYS if any(key in phase.numbers for phase in self.phases)]


@dataclass(frozen=True, slots=True)
class PhaseSum:
    """All proposals of one phase together; the three are never added up.

    Of `total` proposals `count` tell a number in this phase, and `payback_count` the two that `payback` needs.
    """

    phase: SavingPhase
    count: int
    numbers: Mapping[str, Decimal]
    payback: Decimal | None
    payback_count: int
    total: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a template of the report shows."""

    edition: Edition
    content: Mapping[str, Any]
    industry: str
    held_on: dt.date | None
    before_on: dt.date | None
    approved_on: dt.date | None
    handed_over_on: dt.date | None
    staff: list[Mapping[str, Any]]
    guests: list[Mapping[str, Any]]
    guest_count: int
    themes: list[ThemeView]
    proposals: list[ProposalView]
    sums: list[PhaseSum]
    files: list[Mapping[str, Any]]
    factors: list[str]
    is_shortened: bool

    @property
    def is_whole(self) -> bool:
        """Whether confidential parts and people are in it."""
        return self.edition is Edition.WHOLE

    @property
    def photos(self) -> list[Mapping[str, Any]]:
        """The files that are shown as pictures."""
        return [file for file in self.files if file["content_type"] == PHOTO]

    @property
    def enclosures(self) -> list[Mapping[str, Any]]:
        """The files that are only named."""
        return [file for file in self.files if file["content_type"] != PHOTO]

    @property
    def sum_keys(self) -> list[str]:
        """The quantities that any sum tells of."""
        return [key for key in KEYS if any(key in row.numbers for row in self.sums)]

    @property
    def potential_words(self) -> list[Any]:
        """What the steps of the chart are called, the least first."""
        return [POTENTIAL_WORDS[step] for step in sorted(POTENTIAL_WORDS)]

    @property
    def judged(self) -> list[ThemeView]:
        """The themes whose potential was judged."""
        return [theme for theme in self.themes if theme.potential_label]
