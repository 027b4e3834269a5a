"""The course of May 2016: four teams with the seats agreed for each municipality, and those who have signed up."""

from __future__ import annotations

import datetime as dt
import random

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.core.text import name_key, sort_key
from nbe.demo.names import make_person
from nbe.ledger import Move
from nbe.models import Course, CourseDay, Participant, Programme, Team, TeamMunicipality
from nbe.models.gathering_states import ParticipantState
from nbe.models.states import LedgerKind

TITLE = "Kursus maj"
DESCRIPTION = (
    "To dage for kommunernes miljømedarbejdere: bæredygtighedsscreening i praksis, samtalen med virksomheden, rapport "
    "og handlingsplan. Anden dag er et besøg på en virksomhed."
)
# Hold -> seats, days in May, place, and municipality -> those who come, each on a seat kept for them.
TEAMS: tuple[tuple[str, int, tuple[int, int], str, dict[int, int]], ...] = (
    ("Hold 1", 15, (10, 11), "Rådhuset i Aabybro", {849: 4, 820: 5, 813: 4}),
    ("Hold 2", 12, (12, 13), "Rådhuset i Hjørring", {860: 4, 810: 3, 825: 1}),
    ("Hold 3", 15, (18, 19), "Miljø- og Energiforvaltningen, Aalborg", {851: 6, 840: 3, 846: 4}),
    ("Hold 4", 10, (24, 25), "Rådhuset i Thisted", {787: 3, 773: 2}),
)
TITLES = ("Miljømedarbejder", "Miljøtekniker", "Erhvervskonsulent", "Miljøsagsbehandler")
_BEGINS, _MINUTES = dt.time(9), 390
# People of the spreadsheet that is imported in examples: the story's are others.
_OTHERS = {"Åse Overgaard", "Line Christoffersen", "Line Iversen", "Freja Lund", "Ole Vestergård", "Gorm Højmark",
           "Ærøe Christoffersen", "Hanne Ågård", "Ulla Eriksen", "Ib Lund"}  # fmt: skip


def add_course(rng: random.Random, programme: Programme) -> list[Move]:
    """The course with its teams and people; the moves, to be recorded together with the others."""
    begun = _moment(dt.date(2016, 3, 1), 9)
    course = Course(programme_id=programme.id, title=TITLE, description=DESCRIPTION, created_at=begun)
    db.session.add(course)
    moves: list[Move] = []
    taken = set(_OTHERS)
    for name, seats, days, place, people in TEAMS:
        team = Team(
            course=course, name=name, sort_key=sort_key(name), seats=seats, place=place, answer_days=3, created_at=begun
        )
        team.municipalities = [TeamMunicipality(municipality_code=code, seats=n) for code, n in people.items()]
        team.days = [_day(number, dt.date(2016, 5, day)) for number, day in enumerate(days, 1)]
        db.session.add(team)
        db.session.flush()
        for code, count in people.items():
            for _ in range(count):
                moves += _sign_up(rng, team, programme, code, taken)
    return moves


def _day(number: int, day: dt.date) -> CourseDay:
    title = ("Screening og samtale", "Besøg, rapport og handlingsplan")[number - 1]
    starts_at = dt.datetime.combine(day, _BEGINS, DANISH).astimezone(dt.UTC)
    return CourseDay(number=number, held_on=day, starts_at=starts_at, minutes=_MINUTES, title=title)


def _sign_up(rng: random.Random, team: Team, programme: Programme, code: int, taken: set[str]) -> list[Move]:
    """One person signed up in March or April; every third has confirmed."""
    person = make_person(rng)
    while person.name in taken:
        person = make_person(rng)
    taken.add(person.name)
    signed_up_on = dt.date(2016, 3, 7) + dt.timedelta(days=rng.randrange(0, 35))
    steps = [(ParticipantState.SIGNED_UP, signed_up_on)]
    if rng.randrange(3) == 0:
        steps.append((ParticipantState.CONFIRMED, signed_up_on + dt.timedelta(days=rng.randrange(1, 8))))
    participant = Participant(
        team_id=team.id,
        municipality_code=code,
        name=person.name,
        name_key=name_key(person.name),
        email=person.email,
        title=rng.choice(TITLES),
        state=steps[-1][0],
        state_since_on=steps[-1][1],
        place_at=_moment(signed_up_on, 10) + dt.timedelta(seconds=rng.randrange(3600)),
        link_key=new_key(),
        created_at=_moment(signed_up_on, 10),
    )
    db.session.add(participant)
    db.session.flush()
    before: ParticipantState | None = None
    moves = []
    for state, day in steps:
        moves.append(
            Move(
                kind=LedgerKind.PARTICIPANT,
                municipality_code=code,
                programme_id=programme.id,
                subject_id=participant.id,
                from_code=before.value if before else None,
                to_code=state.value,
                detail=str(team.id),
                happened_on=day,
                recorded_at=_moment(day, 10),
            )
        )
        before = state
    return moves


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), DANISH).astimezone(dt.UTC)
