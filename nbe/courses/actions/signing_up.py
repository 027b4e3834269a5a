"""Signing up for a team: a seat where there is one, else the waiting list. Never more than the seats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import new_key
from nbe.core.mail_addresses import parse_email
from nbe.core.text import clean, name_key
from nbe.courses import letters
from nbe.courses.actions.following import Step, tell
from nbe.courses.actions.seats import end_of_list, first_day, lock_team, read_seats, settle_team, waiting_list
from nbe.courses.rules import CourseRefusedError, has_begun, who_moves_up
from nbe.models import Participant, Team, TeamMunicipality
from nbe.models.gathering_states import ParticipantState


@dataclass(frozen=True, slots=True)
class SignedUp:
    """How a sign-up came out. `is_new`: he was not on the team before (or had cancelled)."""

    participant: Participant
    is_new: bool

    @property
    def is_waiting(self) -> bool:
        """Whether the team was full, so that he stands on the waiting list."""
        return self.participant.state is ParticipantState.WAITING


def sign_up_person(
    team: Team,
    *,
    name: str,
    municipality_code: int,
    user_id: int | None,
    email: str = "",
    title: str = "",
    happened_on: dt.date | None = None,
    import_id: int | None = None,
    sends_receipt: bool = False,
    told: ParticipantState | None = None,
) -> SignedUp:
    """Sign a person up: seated, or waiting where the team is full for his municipality. Done twice, it is done once.

    A person is known on the team by mail, or by name where one of the two has no mail, within his municipality; one
    who had cancelled comes back at the end of the line. `sends_receipt`: he gets a mail with his link,
    where he has an address.
    `told`: what a list says of him. WAITING holds once the course has begun and nobody moves up by himself;
    CANCELLED notes that he was signed up, and the caller that he left: he takes no seat from anybody.
    Raises CourseRefusedError (name, email, municipality_code, team).
    """
    team = lock_team(team.id)
    name, email = " ".join(clean(name).split())[:200], _address(email)
    if not name:
        raise CourseRefusedError("name", _l("Skriv et navn."))
    if team.is_hidden or team.course.is_hidden:
        raise CourseRefusedError("team", _l("Holdet findes ikke mere."))
    if not serves(team, municipality_code):
        raise CourseRefusedError("municipality_code", _l("Holdet er ikke for den kommune."))
    settle_team(team, user_id=user_id)
    known = find_known(team, name, email, municipality_code)
    if known is not None and known.state is not ParticipantState.CANCELLED:
        return SignedUp(known, is_new=False)
    before = known.state if known is not None else None
    has_seat = told is ParticipantState.CANCELLED or (
        not (told is ParticipantState.WAITING and has_begun(first_day(team), clock.today()))
        and read_seats(team).has_room(municipality_code)
        and not who_moves_up(read_seats(team), waiting_list(team))
    )
    state = ParticipantState.SIGNED_UP if has_seat else ParticipantState.WAITING
    person = known or Participant(team_id=team.id, municipality_code=municipality_code, created_at=clock.now())
    person.team = team
    person.name, person.email, person.name_key = name, email, name_key(name)
    person.title = " ".join(clean(title).split())[:120] or person.title or ""
    person.place_at, person.answer_by = end_of_list(team), None
    person.link_key = new_key()
    person.state, person.state_since_on = (before or state), (person.state_since_on or happened_on or clock.today())
    db.session.add(person)
    db.session.flush()
    tell([Step(person, before, state)], user_id=user_id, day=happened_on, import_id=import_id)
    if sends_receipt and email:
        letters.write_receipt(person, is_waiting=not has_seat)
    return SignedUp(person, is_new=True)


def serves(team: Team, municipality_code: int) -> bool:
    """Whether a municipality's people may come; a team that names none is for all eleven."""
    statement = sa.select(TeamMunicipality.municipality_code).where(TeamMunicipality.team_id == team.id)
    codes = set(db.session.scalars(statement))
    return not codes or municipality_code in codes


def find_known(team: Team, name: str, email: str, municipality_code: int) -> Participant | None:
    """The person, when he is on the team's list already; whoever is not cancelled first."""
    statement = sa.select(Participant).where(
        Participant.team_id == team.id,
        Participant.municipality_code == municipality_code,
        Participant.is_hidden.is_(False),
    )
    found = [
        person
        for person in db.session.scalars(statement.order_by(Participant.id))
        if _is_same(person, name_key(name), email)
    ]
    return min(found, key=lambda person: person.state is ParticipantState.CANCELLED, default=None)


def _is_same(person: Participant, key: str, email: str) -> bool:
    if person.email and email:
        return person.email.casefold() == email.casefold()
    return person.name_key == key


def _address(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return parse_email(clean(typed))
    except ValueError:
        raise CourseRefusedError("email", _l("Skriv en gyldig mailadresse.")) from None
