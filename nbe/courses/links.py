"""Who stands behind a signed link: read without a viewer, as the link itself is the right to one record."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import unsign
from nbe.courses import actions
from nbe.courses.letters import PURPOSE, read_team_link
from nbe.courses.rules import is_link_over
from nbe.models import Course, Municipality, Participant, Team
from nbe.models.gathering_states import ParticipantState


@dataclass(frozen=True, slots=True)
class Invited:
    """A team and the municipality whose people may sign themselves up."""

    team: Team
    municipality: Municipality


def find_by_link(token: str) -> Participant | None:
    """The participant of a link that holds; None where it is false, renewed, or over."""
    key = unsign(PURPOSE, token)
    if key is None:
        return None
    statement = (
        sa.select(Participant)
        .join(Team, Team.id == Participant.team_id)
        .join(Course, Course.id == Team.course_id)
        .where(
            Participant.link_key == key,
            Participant.is_hidden.is_(False),
            Team.is_hidden.is_(False),
            Course.is_hidden.is_(False),
        )
    )
    person = db.session.scalar(statement)
    if person is None or is_link_over(actions.last_day(person.team), clock.today()):
        return None
    return person


def place_in_line(person: Participant) -> int | None:
    """The person's number in the waiting list; None when he does not wait."""
    if person.state is not ParticipantState.WAITING:
        return None
    ids = [person_id for person_id, _code in actions.waiting_list(person.team)]
    return ids.index(person.id) + 1


def find_invited(token: str) -> Invited | None:
    """The team of a municipality's link, until the course begins; None where it is false or over."""
    found = read_team_link(token)
    if found is None:
        return None
    team, municipality = db.session.get(Team, found[0]), db.session.get(Municipality, found[1])
    if team is None or municipality is None or not is_open(team) or not actions.serves(team, municipality.code):
        return None
    return Invited(team, municipality)


def is_open(team: Team) -> bool:
    """Whether people sign themselves up still: until the day the course begins."""
    begins = actions.first_day(team)
    return not team.is_hidden and not team.course.is_hidden and (begins is None or begins > clock.today())
