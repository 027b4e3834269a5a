"""Teams: their seats, and who sits on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbe.core.database import db
from nbe.courses.rules import Seats
from nbe.figures.declared import ALL, Number
from nbe.figures.rows import Asked
from nbe.ledger.queries import subjects_at
from nbe.models import Course, Team, TeamMunicipality
from nbe.models.gathering_states import SEATED, ParticipantState
from nbe.models.states import LedgerKind


@dataclass(frozen=True, slots=True)
class TeamSeats:
    """A team: its seats, whom it serves (nobody named: all), and people by municipality and state."""

    id: int
    course: str
    name: str
    seats: Seats
    served: frozenset[int]
    people: Counter[tuple[int, ParticipantState]]

    def serves(self, code: int) -> bool:
        """Whether a municipality's people may come."""
        return not self.served or code in self.served

    def seats_for(self, code: int) -> int | None:
        """The seats agreed for a municipality, else the free ones; None where the team is open or not for it."""
        if code in self.seats.reserved:
            return self.seats.reserved[code]
        return self.seats.common_free if self.serves(code) else None

    def count(self, state: ParticipantState, code: int | None = ALL) -> int:
        """People in a state, of one municipality or all."""
        return sum(n for (place, s), n in self.people.items() if s is state and code in (ALL, place))


@dataclass(frozen=True, slots=True)
class SeatNumber:
    """What a municipality has: `agreed` seats are its own, `free` ones anybody's who comes first."""

    agreed: int = 0
    free: int = 0
    is_told: bool = False

    @property
    def value(self) -> Number:
        """Both together; None where no team says anything."""
        return self.agreed + self.free if self.is_told else None

    @property
    def kind(self) -> str:
        """agreed, free, both, or none."""
        if not self.is_told:
            return "none"
        return "both" if self.agreed and self.free else "agreed" if self.agreed else "free"


def read_teams(asked: Asked) -> list[TeamSeats]:
    """The teams of the programme's courses, in their order. Three statements; one where there are none."""
    columns = (Team.id, Course.title, Team.name, Team.seats)
    statement = (
        sa.select(*columns)
        .join(Course, Course.id == Team.course_id)
        .where(Course.programme_id == asked.programme_id, Course.is_hidden.is_(False), Team.is_hidden.is_(False))
        .order_by(Course.id, Team.sort_key, Team.id)
    )
    teams = db.session.execute(statement).all()
    if not teams:
        return []
    kept = _kept([team.id for team in teams])
    people = _people(asked)
    return [_team(row, kept[row.id], people[row.id]) for row in teams]


def _team(row: Any, kept: dict[int, int | None], people: Counter[tuple[int, ParticipantState]]) -> TeamSeats:
    taken: Counter[int] = Counter()
    for (code, state), n in people.items():
        taken[code] += n if state in SEATED else 0
    reserved = {code: n for code, n in kept.items() if n is not None}
    return TeamSeats(row.id, row.title, row.name, Seats(row.seats, reserved, taken), frozenset(kept), people)


def _kept(ids: list[int]) -> dict[int, dict[int, int | None]]:
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    columns = (TeamMunicipality.team_id, TeamMunicipality.municipality_code, TeamMunicipality.seats)
    for team_id, code, seats in db.session.execute(sa.select(*columns).where(TeamMunicipality.team_id.in_(ids))):
        found[team_id][code] = seats
    return found


def _people(asked: Asked) -> dict[int, Counter[tuple[int, ParticipantState]]]:
    """Team -> (municipality, state) -> people; the ledger's `detail` names the team."""
    told = subjects_at(LedgerKind.PARTICIPANT, asked.programme_id, asked.as_of, asked.known_at)
    columns = (told.c.detail, told.c.municipality_code, told.c.to_code)
    found: dict[int, Counter[tuple[int, ParticipantState]]] = defaultdict(Counter)
    for team, code, state, n in db.session.execute(sa.select(*columns, sa.func.count()).group_by(*columns)):
        found[int(team or 0)][code, ParticipantState(state)] += n
    return found


def seat_numbers(teams: Iterable[TeamSeats], codes: Iterable[int]) -> dict[int | None, SeatNumber]:
    """municipality -> its seats over all teams; of all together, the seats of the teams."""
    teams = list(teams)
    totals = [team.seats.total for team in teams if team.seats.total is not None]
    found: dict[int | None, SeatNumber] = {ALL: SeatNumber(agreed=sum(totals), is_told=bool(totals))}
    for code in codes:
        told = [(code in team.seats.reserved, team.seats_for(code)) for team in teams]
        agreed = sum(n for is_agreed, n in told if is_agreed and n is not None)
        free = sum(max(0, n) for is_agreed, n in told if not is_agreed and n is not None)
        found[code] = SeatNumber(agreed, free, any(n is not None for _, n in told))
    return found
