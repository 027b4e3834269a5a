"""The list of visits: when and where, who comes, how far the form and the report are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from nbe.access import Permission, Viewer, visible
from nbe.businesses.queries import found_by, municipality_names
from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.paging import PAGE_SIZE, Page
from nbe.models import Business, Candidacy, Screener, Screening, ScreeningPerson, Theme, ThemeAnswer
from nbe.models.states import Relevance, ScreeningRole, ScreeningState, Stage
from nbe.screenings.filters import ScreeningFilter

READ = Permission.SCREENINGS_READ
_AT_WORK = (ScreeningRole.LEAD, ScreeningRole.SECOND)
# The same as `sync.rules.is_judged`: *ikke relevant* is judged once it says why.
JUDGED = sa.or_(
    ThemeAnswer.relevance == Relevance.RELEVANT,
    sa.and_(ThemeAnswer.relevance == Relevance.NOT_RELEVANT, ThemeAnswer.why_not != ""),
)
# A visit that something was judged at, as a condition on Screening.
IS_FILLED = sa.select(ThemeAnswer.id).where(ThemeAnswer.screening_id == Screening.id, JUDGED).exists()


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """A visit in a list. `judged` of `themes` themes are judged; `people` are names by what they do."""

    screening: Screening
    business: Business
    municipality_name: str
    judged: int
    themes: int
    people: dict[ScreeningRole, list[str]] = field(default_factory=dict)

    @property
    def starts_at(self) -> dt.datetime:
        """On the Danish clock."""
        return clock.danish(self.screening.starts_at)

    @property
    def is_due(self) -> bool:
        """Whether the day of a planned visit has come."""
        return self.screening.state is ScreeningState.PLANNED and self.starts_at.date() <= clock.today()

    @property
    def is_past_planned(self) -> bool:
        """Whether the day has gone by and nobody has said that the visit was held."""
        return self.screening.state is ScreeningState.PLANNED and self.starts_at.date() < clock.today()

    @property
    def is_unfilled(self) -> bool:
        """Whether it was held and nothing is judged."""
        return self.screening.state is ScreeningState.HELD and not self.judged

    def names(self, role: ScreeningRole) -> str:
        """Those of a role, in one line."""
        return ", ".join(self.people.get(role, ()))


def select_screenings(viewer: Viewer, chosen: ScreeningFilter) -> sa.Select[Any]:
    """The visits that the viewer may see, narrowed."""
    statement: sa.Select[Any] = visible(viewer, Screening, READ).where(Screening.programme_id == chosen.programme.id)
    if chosen.municipality_code is not None:
        statement = statement.where(Business.municipality_code == chosen.municipality_code)
    if chosen.state:
        statement = statement.where(Screening.state == chosen.state)
    if chosen.screener_id:
        at_work = sa.select(ScreeningPerson.screening_id).where(
            ScreeningPerson.screener_id == chosen.screener_id, ScreeningPerson.role.in_(_AT_WORK)
        )
        statement = statement.where(Screening.id.in_(at_work))
    if chosen.window:
        statement = statement.where(Screening.starts_at >= chosen.window[0], Screening.starts_at < chosen.window[1])
    if chosen.search:
        statement = statement.where(found_by(viewer, chosen.search))
    if chosen.is_counted:
        counted = sa.select(Candidacy.id).where(Candidacy.stage != Stage.CLOSED)
        statement = statement.where(Screening.candidacy_id.in_(counted))
    if chosen.is_unfilled:
        statement = statement.where(Screening.state == ScreeningState.HELD, ~IS_FILLED)
    return statement


def list_screenings(
    viewer: Viewer, chosen: ScreeningFilter, number: int = 1, size: int | None = PAGE_SIZE
) -> Page[ScreeningRow]:
    """One page: what is planned, the soonest first, then the others, the latest first. All when `size` is None."""
    statement = select_screenings(viewer, chosen)
    total = db.session.scalar(statement.with_only_columns(sa.func.count(Screening.id))) or 0
    is_planned = Screening.state == ScreeningState.PLANNED
    ordered = statement.order_by(
        sa.case((is_planned, 0), else_=1),
        sa.case((is_planned, Screening.starts_at)),
        Screening.starts_at.desc(),
        Screening.id,
    )
    if size is not None:
        ordered = ordered.limit(size).offset((number - 1) * size)
    found = list(db.session.scalars(ordered.options(joinedload(Screening.business))))
    return Page(make_rows(found), number, total, size or max(1, total))


def make_rows(screenings: Sequence[Screening]) -> list[ScreeningRow]:
    """Rows with people and themes; four statements however many there are."""
    names = municipality_names()
    ids = [screening.id for screening in screenings]
    people, judged = _people(ids), _judged(ids)
    themes = _themes({screening.theme_set_id for screening in screenings})
    return [
        ScreeningRow(
            screening,
            screening.business,
            names[screening.business.municipality_code],
            judged.get(screening.id, 0),
            themes.get(screening.theme_set_id, 0),
            people.get(screening.id, {}),
        )
        for screening in screenings
    ]


def _people(ids: Iterable[int]) -> dict[int, dict[ScreeningRole, list[str]]]:
    found: dict[int, dict[ScreeningRole, list[str]]] = defaultdict(lambda: defaultdict(list))
    for some in chunks(ids):
        statement = (
            sa.select(ScreeningPerson)
            .where(ScreeningPerson.screening_id.in_(some))
            .options(joinedload(ScreeningPerson.screener), joinedload(ScreeningPerson.contact))
            .order_by(ScreeningPerson.id)
        )
        for person in db.session.scalars(statement):
            found[person.screening_id][person.role].append(person.shown_name)
    return found


def _judged(ids: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in chunks(ids):
        statement = (
            sa.select(ThemeAnswer.screening_id, sa.func.count())
            .where(ThemeAnswer.screening_id.in_(some), JUDGED)
            .group_by(ThemeAnswer.screening_id)
        )
        found |= {row[0]: row[1] for row in db.session.execute(statement)}
    return found


def _themes(set_ids: Iterable[int]) -> dict[int, int]:
    statement = sa.select(Theme.theme_set_id, sa.func.count()).where(Theme.theme_set_id.in_(list(set_ids)))
    return {row[0]: row[1] for row in db.session.execute(statement.group_by(Theme.theme_set_id))}


def screeners_at_work(viewer: Viewer, chosen: ScreeningFilter) -> list[tuple[int, str]]:
    """(id, name) of those who lead or are second at a visit that the viewer may see in the programme."""
    ids = select_screenings(viewer, ScreeningFilter(chosen.programme, chosen.municipality_code))
    statement = (
        sa.select(Screener.id, Screener.name)
        .join(ScreeningPerson, ScreeningPerson.screener_id == Screener.id)
        .where(
            ScreeningPerson.screening_id.in_(ids.with_only_columns(Screening.id)), ScreeningPerson.role.in_(_AT_WORK)
        )
        .distinct()
        .order_by(Screener.name, Screener.id)
    )
    return [(screener_id, name) for screener_id, name in db.session.execute(statement)]


def months_of(viewer: Viewer, chosen: ScreeningFilter) -> list[dt.date]:
    """The months from the first visit of the programme to the last, as the viewer may see them."""
    statement = select_screenings(viewer, ScreeningFilter(chosen.programme, chosen.municipality_code))
    first, last = db.session.execute(
        statement.with_only_columns(sa.func.min(Screening.starts_at), sa.func.max(Screening.starts_at))
    ).one()
    if first is None:
        return []
    months: list[dt.date] = []
    month = clock.danish(first).date().replace(day=1)
    while month <= clock.danish(last).date() and len(months) < 60:
        months.append(month)
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return months
