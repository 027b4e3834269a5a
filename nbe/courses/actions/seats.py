"""Seats of a team under its lock: who holds one, whose offer has run out, who moves up.

Everything that gives or frees a seat begins with `lock_team`, so that of many who sign up in the same second each
sees what the one before has taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.courses import letters
from nbe.courses.actions.following import Step, tell
from nbe.courses.rules import CourseRefusedError, Seats, answer_deadline, has_ended, who_moves_up
from nbe.courses.telling import told_of_offers
from nbe.models import CourseDay, Participant, Team, TeamMunicipality
from nbe.models.gathering_states import SEATED, ParticipantState

_MOMENT = dt.timedelta(microseconds=1)


def lock_team(team_id: int) -> Team:
    """The team, held for this transaction, as it stands now. Take several in the order of their ids."""
    statement = sa.select(Team).where(Team.id == team_id).with_for_update(of=Team)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def read_seats(team: Team) -> Seats:
    """The seats of a locked team and who holds them."""
    db.session.flush()
    kept = sa.select(TeamMunicipality.municipality_code, TeamMunicipality.seats).where(
        TeamMunicipality.team_id == team.id, TeamMunicipality.seats.is_not(None)
    )
    seated = (
        sa.select(Participant.municipality_code, sa.func.count())
        .where(Participant.team_id == team.id, Participant.state.in_(SEATED), Participant.is_hidden.is_(False))
        .group_by(Participant.municipality_code)
    )
    reserved = {row[0]: row[1] or 0 for row in db.session.execute(kept)}
    return Seats(team.seats, reserved, {row[0]: row[1] for row in db.session.execute(seated)})


def first_day(team: Team) -> dt.date | None:
    """The day a team begins; None until one is set."""
    return db.session.scalar(sa.select(sa.func.min(CourseDay.held_on)).where(CourseDay.team_id == team.id))


def last_day(team: Team) -> dt.date | None:
    """The day a team ends; None until one is set."""
    return db.session.scalar(sa.select(sa.func.max(CourseDay.held_on)).where(CourseDay.team_id == team.id))


def refuse_ended(team: Team) -> None:
    """Raises CourseRefusedError where the last day of the course is past: nobody is signed up or confirmed any more."""
    if has_ended(last_day(team), clock.today()):
        raise CourseRefusedError("team", _l("Kurset er slut. Ret i stedet fremmødet."))


def waiting_list(team: Team) -> list[tuple[int, int]]:
    """(participant, municipality) of those who wait, in the order they came."""
    statement = sa.select(Participant.id, Participant.municipality_code).where(
        Participant.team_id == team.id,
        Participant.state == ParticipantState.WAITING,
        Participant.is_hidden.is_(False),
    )
    rows = db.session.execute(statement.order_by(Participant.place_at, Participant.id))
    return [(row.id, row.municipality_code) for row in rows]


def settle_team(team: Team, *, user_id: int | None, now: dt.datetime | None = None) -> list[Participant]:
    """Bring a locked team to where it should stand; -> who was moved up.

    Offers not answered in time go to the end of the waiting list; then whoever is first, and for whose municipality
    there is a seat, gets it, with a mail and a deadline; without a mail address he has it, and no deadline runs.
    From the day the course begins nothing is taken or given here: then a person decides.
    """
    moment = now or clock.now()
    deadline = answer_deadline(moment, team.answer_days, first_day(team))
    if deadline is None:
        return []
    _lapse(team, moment, user_id)
    if team.is_hidden:
        return []
    found = _people(who_moves_up(read_seats(team), waiting_list(team)))
    for person in found:
        person.answer_by = deadline if person.email else None
    steps = [Step(person, ParticipantState.WAITING, ParticipantState.SIGNED_UP) for person in found]
    tell(steps, user_id=user_id, day=_day(now))
    for person in found:
        letters.write_offer(person)
    return found


def _lapse(team: Team, moment: dt.datetime, user_id: int | None) -> None:
    """Whose time to answer is over goes to the end of the list, in the order they stood.

    Nobody who was not told: while the mail has not gone, the seat is his; told late, his days are counted from then.
    """
    statement = sa.select(Participant.id).where(
        Participant.team_id == team.id,
        Participant.state == ParticipantState.SIGNED_UP,
        Participant.answer_by <= moment,
        Participant.is_hidden.is_(False),
    )
    late = _people(db.session.scalars(statement.order_by(Participant.place_at, Participant.id)).all())
    told, starts_on = told_of_offers(late), first_day(team)
    for person in late:
        if told_at := told.get(person.id):
            counted = answer_deadline(told_at, team.answer_days, starts_on)
            person.answer_by = max(filter(None, (person.answer_by, counted)))
    lapsed = [p for p in late if p.id in told and p.answer_by and p.answer_by <= moment]
    if not lapsed:
        return
    place_at = end_of_list(team, moment)
    for number, person in enumerate(lapsed):
        person.place_at = place_at + number * _MOMENT
    steps = [Step(person, ParticipantState.SIGNED_UP, ParticipantState.WAITING) for person in lapsed]
    tell(steps, user_id=user_id, day=moment.astimezone(clock.DANISH).date())


def end_of_list(team: Team, moment: dt.datetime | None = None) -> dt.datetime:
    """A place behind everybody on a locked team, now or just after the last; so that clocks cannot change the order."""
    latest = db.session.scalar(sa.select(sa.func.max(Participant.place_at)).where(Participant.team_id == team.id))
    now = moment or clock.now()
    return max(now, latest + _MOMENT) if latest else now


def _people(ids: Sequence[int]) -> list[Participant]:
    wanted = list(ids)
    by_id: dict[int, Participant] = {}
    for part in chunks(wanted):
        statement = sa.select(Participant).where(Participant.id.in_(part)).with_for_update(of=Participant)
        for person in db.session.scalars(statement.execution_options(populate_existing=True)):
            by_id[person.id] = person
    return [by_id[person_id] for person_id in wanted]


def _day(now: dt.datetime | None) -> dt.date | None:
    return now.astimezone(clock.DANISH).date() if now else None


def lapse_offers() -> int:
    """Take back every offer whose time is over and ask the next; how many teams were looked at. Run by the job."""
    begun = sa.select(CourseDay.id).where(CourseDay.team_id == Participant.team_id, CourseDay.held_on <= clock.today())
    due = (
        sa.select(Participant.team_id)
        .where(
            ~begun.exists(),
            Participant.state == ParticipantState.SIGNED_UP,
            Participant.answer_by <= clock.now(),
            Participant.is_hidden.is_(False),
        )
        .distinct()
    )
    team_ids = sorted(db.session.scalars(due))
    for team_id in team_ids:
        settle_team(lock_team(team_id), user_id=None)
    return len(team_ids)
