"""What a person on a team does after signing up: answers, leaves, moves to another team; and taking that back."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core.database import db
from nbe.core.links import new_key
from nbe.core.text import name_key
from nbe.courses import letters
from nbe.courses.actions.following import Step, rows_of_participant, tell
from nbe.courses.actions.seats import end_of_list, lock_team, read_seats, settle_team, waiting_list
from nbe.courses.actions.signing_up import find_known, serves
from nbe.courses.rules import HOLDS_SEAT, OUTCOMES, CourseRefusedError, Seats, who_moves_up
from nbe.ledger import reverse
from nbe.models import Participant, Team
from nbe.models.gathering_states import SEATED, ParticipantState


def hold(participant: Participant, *other_teams: int) -> Team:
    """Lock the participant's team (and others, in one order), then read the participant as he stands now.

    Raises CourseRefusedError when he has been moved to another team meanwhile.
    """
    team_id = participant.team_id
    for one in sorted({team_id, *other_teams}):
        lock_team(one)
    statement = sa.select(Participant).where(Participant.id == participant.id).with_for_update(of=Participant)
    db.session.scalars(statement.execution_options(populate_existing=True)).one()
    if participant.team_id != team_id or participant.is_hidden:
        raise CourseRefusedError("team", _l("En anden har flyttet kursisten. Genindlæs siden."))
    return db.session.get_one(Team, team_id)


def confirm_seat(participant: Participant, *, user_id: int | None, reason: str = "") -> int | None:
    """The person comes; an offered seat is taken. -> the row, None where it was confirmed before.

    An offer whose time is over can still be taken while nobody stands before him. Raises CourseRefusedError.
    """
    team = hold(participant)
    settle_team(team, user_id=user_id)
    if participant.state is ParticipantState.CONFIRMED:
        return None
    if participant.state is ParticipantState.WAITING:
        raise CourseRefusedError("state", _l("Pladsen er givet videre til den næste på ventelisten."))
    if participant.state is not ParticipantState.SIGNED_UP:
        raise CourseRefusedError("state", _l("Der er ingen plads at bekræfte."))
    step = Step(participant, participant.state, ParticipantState.CONFIRMED, reason)
    return tell([step], user_id=user_id)[0]


class Left(NamedTuple):
    """Somebody has left: the row in the ledger, and who was moved up in his stead."""

    row: int
    moved_up: list[Participant]


def cancel_seat(participant: Participant, *, user_id: int | None, reason: str = "") -> Left | None:
    """The person leaves the team or the waiting list; whoever is next moves up. -> None if he had left before."""
    team = hold(participant)
    if participant.state is ParticipantState.CANCELLED:
        return None
    if participant.state not in (*HOLDS_SEAT, ParticipantState.WAITING):
        raise CourseRefusedError("state", _l("Fremmødet er noteret. Ret det først."))
    row = tell([Step(participant, participant.state, ParticipantState.CANCELLED, reason)], user_id=user_id)[0]
    letters.drop_unsent(participant)
    return Left(row, settle_team(team, user_id=user_id))


def give_seat(participant: Participant, *, user_id: int | None) -> int:
    """Seat the first of the waiting list by hand, as nobody is moved up once the course has begun.

    Raises CourseRefusedError when there is no seat, or somebody stands before him.
    """
    team = hold(participant)
    if participant.state is not ParticipantState.WAITING:
        raise CourseRefusedError("state", _l("Kursisten står ikke på venteliste."))
    first = who_moves_up(read_seats(team), waiting_list(team))[:1]
    if first != [participant.id]:
        raise CourseRefusedError("state", _l("Der er ingen plads, eller andre står før på ventelisten."))
    participant.answer_by = None
    return tell([Step(participant, participant.state, ParticipantState.SIGNED_UP)], user_id=user_id)[0]


def move_to_team(participant: Participant, team: Team, *, user_id: int | None) -> int:
    """Move a person to another team of the course: to a seat, or from one waiting list to the end of another.

    Raises CourseRefusedError: nobody gives up a seat for a place in a line.
    """
    old = hold(participant, team.id)
    new = lock_team(team.id)
    if new.id == old.id or new.course_id != old.course_id or new.is_hidden:
        raise CourseRefusedError("team", _l("Vælg et andet hold på samme kursus."))
    if not serves(new, participant.municipality_code):
        raise CourseRefusedError("team", _l("Holdet er ikke for den kommune."))
    if participant.state not in (*HOLDS_SEAT, ParticipantState.WAITING):
        raise CourseRefusedError("team", _l("Kun tilmeldte og ventende kan flyttes."))
    if find_known(new, participant.name, participant.email, participant.municipality_code):
        raise CourseRefusedError("team", _l("Kursisten står allerede på det hold."))
    settle_team(new, user_id=user_id)
    seats = read_seats(new)
    has_seat = seats.has_room(participant.municipality_code) and not who_moves_up(seats, waiting_list(new))
    if not has_seat and participant.state is not ParticipantState.WAITING:
        raise CourseRefusedError("team", _l("%(team)s er fuldt for kommunen.", team=new.name))
    before, state = participant.state, ParticipantState.SIGNED_UP if has_seat else ParticipantState.WAITING
    participant.place_at, participant.answer_by = end_of_list(new), None
    participant.team = new
    participant.marks.clear()
    row = tell([Step(participant, before, state)], user_id=user_id)[0]
    settle_team(old, user_id=user_id)
    return row


def edit_person(participant: Participant, *, name: str, email: str, title: str) -> None:
    """Set who a participant is. Raises CourseRefusedError where somebody else of the team has that mail."""
    same = find_known(participant.team, name, email, participant.municipality_code)
    if email and same is not None and same.id != participant.id:
        raise CourseRefusedError("email", _l("En anden på holdet har den mailadresse."))
    participant.name, participant.name_key, participant.email = name, name_key(name), email
    participant.title = title
    db.session.flush()


def renew_link(participant: Participant) -> None:
    """A new link; those sent before are dead."""
    participant.link_key = new_key()
    db.session.flush()


def undo_participant(participant: Participant, ledger_id: int, *, user_id: int | None) -> bool:
    """Take the latest move back, named by its row; -> whether it was done.

    The first one taken back hides the person. Where the seat he had is gone by now, he waits, at his old place.
    What is noted of attendance is corrected on its own page.
    """
    rows = rows_of_participant(participant)
    team_ids = {int(row.detail) for row in rows[-2:] if row.detail}
    hold(participant, *team_ids)
    rows = rows_of_participant(participant)
    codes = {ParticipantState(row.to_code) for row in rows[-2:]}
    if not rows or rows[-1].id != ledger_id or codes & set(OUTCOMES):
        return False
    if len(rows) == 1:
        participant.is_hidden = True
        reverse([ledger_id], user_id=user_id)
    else:
        _step_back(participant, ParticipantState(rows[-2].to_code), rows[-2].detail, ledger_id, user_id)
        if participant.state is ParticipantState(rows[-2].to_code):
            participant.state_since_on = rows[-2].happened_on
    db.session.flush()
    for team_id in sorted(team_ids):
        settle_team(lock_team(team_id), user_id=user_id)
    return True


def _step_back(
    participant: Participant, state: ParticipantState, team_id: str | None, ledger_id: int, user_id: int | None
) -> None:
    team = db.session.get_one(Team, int(team_id)) if team_id else participant.team
    if state in SEATED and not _seats_without(team, participant).has_room(participant.municipality_code):
        if participant.state is ParticipantState.WAITING or team.id != participant.team_id:
            raise CourseRefusedError("state", _l("Pladsen er givet videre."))
        tell([Step(participant, participant.state, ParticipantState.WAITING)], user_id=user_id)
        return
    reverse([ledger_id], user_id=user_id)
    participant.team, participant.state, participant.answer_by = team, state, None
    db.session.flush()


def _seats_without(team: Team, participant: Participant) -> Seats:
    """The seats of a team when this person does not count."""
    seats = read_seats(team)
    if participant.team_id != team.id or participant.state not in SEATED:
        return seats
    code = participant.municipality_code
    return Seats(seats.total, seats.reserved, {**seats.taken, code: seats.taken[code] - 1})
