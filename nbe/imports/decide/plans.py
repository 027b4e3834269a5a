"""What a row would do, as it is decided, shown and carried out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Protocol

from nbe.imports.headings import Header
from nbe.imports.known import Unit
from nbe.imports.messages import Message, is_warning
from nbe.imports.moves import CandidacyPlan, MembershipPlan
from nbe.models.states import RowOutcome


class NamedSheet(Protocol):
    """A sheet with its header."""

    name: str
    header: Header | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The day of import, its programme year, and whose rows may go in (None: everybody's)."""

    today: dt.date
    programme_year: int
    municipality_code: int | None = None


@dataclass(slots=True)
class ContactPlan:
    """A contact person to add (`id` None), or to change: field -> value."""

    id: int | None
    values: dict[str, Any]


@dataclass(slots=True)
class RowPlan:
    """What a row would do. `unit` is the business known before; `business` its new or changed columns.

    A row of another kind of sheet has its `kind`, and what it would do in `payload`.
    """

    sheet: str
    number: int
    cells: list[Any]
    messages: list[Message]
    outcome: RowOutcome = RowOutcome.FAILED
    cvr: str = ""
    p_number: str = ""
    municipality_code: int = 0
    unit: Unit | None = None
    business: dict[str, Any] = field(default_factory=dict)
    contact: ContactPlan | None = None
    membership: MembershipPlan | None = None
    candidacy: CandidacyPlan | None = None
    signature: str = ""
    kind: str = ""
    payload: Any = None

    @property
    def has_warnings(self) -> bool:
        """Whether somebody should look at the row though it goes in."""
        return any(is_warning(message.code) for message in self.messages)

    @property
    def is_new(self) -> bool:
        """Whether the business is not in any list before this import."""
        return self.outcome is RowOutcome.CREATED
