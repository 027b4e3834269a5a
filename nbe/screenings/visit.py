"""One visit as its page shows it: who comes, what was told of it, what can be done with it now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.access import Permission, Viewer, visible
from nbe.businesses.queries import Reach, list_reaches
from nbe.core import clock
from nbe.core.database import db
from nbe.ledger.telling import ToldRow, list_told
from nbe.models import Business, Change, Screener, Screening, ScreeningPerson
from nbe.models.states import LedgerKind, ScreeningRole, ScreeningState, Stage
from nbe.screenings.actions.following import moves_of
from nbe.screenings.comparing import list_earlier
from nbe.screenings.listing import ScreeningRow, make_rows
from nbe.screenings.queries import may_write, screenings_of
from nbe.screenings.rules import is_open
from nbe.screenings.sync.rules import is_editable

PLAN = Permission.SCREENINGS_PLAN
_AT_WORK = (ScreeningRole.LEAD, ScreeningRole.SECOND)
_A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another visit at the same time with the same screener."""

    who: str
    business: str
    screening_id: int
    starts_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """All the page tells, and what the viewer may do."""

    row: ScreeningRow
    reach: Reach
    told: list[ToldRow]
    others: list[Screening]
    clashes: list[Clash]
    may_write: bool
    may_plan: bool
    undo_id: int | None = None
    people: dict[ScreeningRole, list[ScreeningPerson]] = field(default_factory=dict)
    has_earlier: bool = False

    @property
    def screening(self) -> Screening:
        """The visit itself."""
        return self.row.screening

    @property
    def ends_at(self) -> dt.datetime:
        """When it is over, on the Danish clock."""
        return clock.danish(ends_of(self.screening))

    @property
    def is_editable(self) -> bool:
        """Whether the form can be filled in."""
        return is_editable(self.screening.state)

    @property
    def may_plan_again(self) -> bool:
        """Whether a further visit can be agreed: this one is over, and no other is planned."""
        standing = any(is_open(other.state) for other in (self.screening, *self.others))
        return self.may_plan and not standing and self.screening.candidacy.stage is not Stage.CLOSED


def ends_of(screening: Screening) -> dt.datetime:
    """When the visit is over, in UTC."""
    return screening.starts_at + dt.timedelta(minutes=screening.minutes)


def changed_at(screening: Screening) -> dt.datetime:
    """When the appointment was last changed; when it was made, if never."""
    latest = sa.select(sa.func.max(Change.at)).where(
        Change.entity == Screening.__tablename__, Change.entity_id == screening.id
    )
    return db.session.scalar(latest) or screening.created_at


def read_visit(viewer: Viewer, screening: Screening) -> Visit:
    """One visit that the viewer may see; a constant number of statements."""
    (row,) = make_rows([screening])
    people: dict[ScreeningRole, list[ScreeningPerson]] = {}
    for person in screening.people:
        people.setdefault(person.role, []).append(person)
    standing = moves_of(screening)
    writes, plans = may_write(viewer, screening), may_write(viewer, screening, PLAN)
    return Visit(
        row=row,
        reach=list_reaches(viewer, [screening.business_id])[screening.business_id],
        told=list_told(LedgerKind.SCREENING, screening.id, {move.id for move in standing}),
        others=[one for one in screenings_of(viewer, screening.candidacy_id) if one.id != screening.id],
        clashes=find_clashes(viewer, screening) if is_open(screening.state) else [],
        may_write=writes,
        may_plan=plans,
        undo_id=standing[-1].id if standing and may_undo(row, writes=writes, plans=plans) else None,
        people=people,
        has_earlier=bool(list_earlier(viewer, screening)),
    )


def may_undo(row: ScreeningRow, *, writes: bool, plans: bool) -> bool:
    """Whether the latest step is one of the visit's own that this person may take; nothing written is hidden."""
    state = row.screening.state
    if state is ScreeningState.PLANNED:
        return plans and not row.judged
    return writes if state is ScreeningState.HELD else plans and state is ScreeningState.CANCELLED


def find_clashes(viewer: Viewer, screening: Screening) -> list[Clash]:
    """Other planned visits of the same screeners at the same time, as far as the viewer may see them."""
    mine = [person.screener_id for person in screening.people if person.role in _AT_WORK and person.screener_id]
    ends = ends_of(screening)
    statement: Any = (
        visible(viewer, Screening, Permission.SCREENINGS_READ)
        .join(ScreeningPerson, ScreeningPerson.screening_id == Screening.id)
        .join(Screener, Screener.id == ScreeningPerson.screener_id)
        .where(
            ScreeningPerson.screener_id.in_(mine),
            ScreeningPerson.role.in_(_AT_WORK),
            Screening.id != screening.id,
            Screening.state == ScreeningState.PLANNED,
            Screening.starts_at > screening.starts_at - _A_DAY,
            Screening.starts_at < ends,
        )
        .order_by(Screening.starts_at, Screening.id)
        .with_only_columns(Screener.name, Business.name, Screening, maintain_column_froms=True)
    )
    return [
        Clash(who, name, other.id, clock.danish(other.starts_at))
        for who, name, other in db.session.execute(statement)
        if ends_of(other) > screening.starts_at
    ]


def entries_of(told: Sequence[ToldRow]) -> list[dict[str, Any]]:
    """Rows for the time line."""
    return [
        {"day": row.day, "text": _tell(row), "note": row.note, "by": row.by, "is_undone": row.is_undone} for row in told
    ]


def _tell(row: ToldRow) -> str:
    return _("Aftalt") if row.from_code is None else str(ScreeningState(row.to_code).label)


def missing_in(people: Iterable[ScreeningPerson]) -> list[str]:
    """What an appointment still lacks, in words."""
    return [] if any(person.role is ScreeningRole.LEAD for person in people) else [_("screener")]
