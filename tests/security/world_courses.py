"""The world's courses: a team for both sides, a person of each on it, and an offer of seats from each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from nbe.core.database import db
from nbe.ledger import Move, record
from nbe.models import Course, CourseDay, Participant, SeatExchange, Team, TeamMunicipality
from nbe.models.gathering_states import ExchangeState, ParticipantState
from nbe.models.states import LedgerKind

DAY = dt.date(2016, 2, 8)
MOMENT = dt.datetime(2016, 2, 8, 9, tzinfo=dt.UTC)
ELSEWHERE = 810
HELD_ON = dt.date(2016, 4, 20)


def make_courses(base: int, code: int, programme_id: int, side: str, word: Callable[[str, str], str]) -> dict[str, int]:
    """A person on the team that both sides share; -> ids. Name, title, mail and the note of the offer are canaries."""
    team = db.session.scalar(sa.select(Team)) or _make_team(programme_id)
    team.municipalities.append(TeamMunicipality(municipality_code=code, seats=3))
    ids = {"course": team.course_id, "team": team.id, "course_day": team.days[0].id}
    ids |= {"participant": base + 20, "exchange": base + 21}
    person = Participant(
        id=ids["participant"], team_id=team.id, municipality_code=code, name=word("trainee", side),
        name_key=word("trainee", side).casefold(), title=word("traineetitle", side),
        email=f"soegtraineemail{side}.kanarietraineemail{side}@example.dk", state=ParticipantState.SIGNED_UP,
        state_since_on=DAY, place_at=MOMENT, link_key=f"world-{side}", created_at=MOMENT,
    )  # fmt: skip
    exchange = SeatExchange(
        id=ids["exchange"], team_id=team.id, from_code=code, to_code=ELSEWHERE, seats=1, created_at=MOMENT,
        state=ExchangeState.OFFERED, note=word("exchange", side),
    )  # fmt: skip
    db.session.add_all([person, exchange])
    db.session.flush()
    move = Move(
        kind=LedgerKind.PARTICIPANT, municipality_code=code, to_code=ParticipantState.SIGNED_UP.value,
        happened_on=DAY, programme_id=programme_id, subject_id=person.id, detail=str(team.id),
        reason=word("traineereason", side),
    )  # fmt: skip
    record([move], user_id=None)
    return ids


def _make_team(programme_id: int) -> Team:
    course = Course(programme_id=programme_id, title="Kursus i screening", created_at=MOMENT)
    team = Team(course=course, name="Hold 1", sort_key="h", seats=20, answer_days=3, created_at=MOMENT)
    team.days = [CourseDay(number=1, held_on=HELD_ON)]
    db.session.add(team)
    db.session.flush()
    other = Team(course=course, name="Hold 2", sort_key="i", seats=20, answer_days=3, created_at=MOMENT)
    db.session.add(other)
    db.session.flush()
    return team
