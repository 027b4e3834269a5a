"""Who was there, day by day; what has come of a person's course follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.courses.actions.following import Step, tell
from nbe.courses.actions.seats import last_day, lock_team
from nbe.courses.actions.training import follow_training
from nbe.courses.rules import OUTCOMES, CourseRefusedError, Mark, outcome
from nbe.models import CourseDay, DayMark, Participant, Team
from nbe.models.gathering_states import SEATED, ParticipantState


def mark_attendance(
    participant: Participant,
    day: CourseDay,
    was_there: bool | None,
    *,
    user_id: int | None,
    import_id: int | None = None,
) -> None:
    """Note whether somebody was there on a day (None: not noted after all); see `mark_day`."""
    mark_day(day, {participant.id: was_there}, user_id=user_id, import_id=import_id)


def mark_day(
    day: CourseDay,
    was_there: Mapping[int, bool | None],
    *,
    user_id: int | None,
    import_id: int | None = None,
) -> list[Participant]:
    """Note a day for several (participant -> there, not there, or not noted); -> those whose state it changed.

    When every day a person is signed up for has been noted: deltog, deltog delvist or udeblev.
    Raises CourseRefusedError for a day to come, for somebody without a seat, and for one whose certificate is out.
    """
    team = lock_team(day.team_id)
    is_to_come = day.held_on is None or day.held_on > clock.today()
    if is_to_come and any(there is not None for there in was_there.values()):
        raise CourseRefusedError("held_on", _l("Dagen er ikke kommet endnu."))
    people = _people(team, was_there)
    marks = _marks(day, was_there)
    for person in people:
        there = was_there[person.id]
        mark = marks.get(person.id)
        if (mark.was_there if mark else None) == there:
            continue
        if person.state not in SEATED:
            raise CourseRefusedError("was_there", _l("%(name)s har ingen plads på holdet.", name=person.name))
        if mark is None:
            mark = DayMark(participant_id=person.id, day_id=day.id, is_signed_up=True)
            db.session.add(mark)
        mark.was_there = there
        if there is not None:
            person.answer_by = None  # whoever has been noted has answered
    db.session.flush()
    return _follow(team, people, user_id, import_id)


def set_days(participant: Participant, signed_up: Mapping[int, bool]) -> None:
    """The days (by id) a person is signed up for; all of them, where nothing else is said."""
    for day_id, is_signed_up in signed_up.items():
        mark = db.session.get(DayMark, (participant.id, day_id))
        if mark is None and not is_signed_up:
            db.session.add(DayMark(participant_id=participant.id, day_id=day_id, is_signed_up=False))
        elif mark is not None:
            mark.is_signed_up = is_signed_up
    db.session.flush()


def _people(team: Team, wanted: Mapping[int, object]) -> list[Participant]:
    statement = (
        sa.select(Participant)
        .where(Participant.team_id == team.id, Participant.is_hidden.is_(False), Participant.id.in_(list(wanted)))
        .order_by(Participant.id)
        .with_for_update(of=Participant)
    )
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def _marks(day: CourseDay, wanted: Mapping[int, object]) -> dict[int, DayMark]:
    statement = sa.select(DayMark).where(DayMark.day_id == day.id, DayMark.participant_id.in_(list(wanted)))
    return {mark.participant_id: mark for mark in db.session.scalars(statement)}


def marks_of(team_id: int, participant_ids: list[int]) -> dict[int, dict[int, Mark]]:
    """participant -> day -> mark, for every day of the team."""
    day_ids = list(db.session.scalars(sa.select(CourseDay.id).where(CourseDay.team_id == team_id)))
    found = {person_id: {day_id: Mark() for day_id in day_ids} for person_id in participant_ids}
    statement = sa.select(DayMark).where(DayMark.day_id.in_(day_ids), DayMark.participant_id.in_(participant_ids))
    for mark in db.session.scalars(statement.execution_options(populate_existing=True)):
        found[mark.participant_id][mark.day_id] = Mark(mark.is_signed_up, mark.was_there)
    return found


def _follow(team: Team, people: list[Participant], user_id: int | None, import_id: int | None) -> list[Participant]:
    """Let states follow from what is noted."""
    marks = marks_of(team.id, [person.id for person in people])
    steps = []
    for person in people:
        to = outcome(marks[person.id].values())
        if person.state is ParticipantState.CERTIFIED:
            if to is not ParticipantState.ATTENDED:
                text = _l("%(name)s har fået bevis. Træk beviset tilbage først.", name=person.name)
                raise CourseRefusedError("was_there", text)
            continue
        if to is None:
            to = ParticipantState.CONFIRMED if person.state in OUTCOMES else person.state
        if to is not person.state:
            steps.append(Step(person, person.state, to))
    tell(steps, user_id=user_id, day=_day_of_outcome(team), import_id=import_id)
    changed = [step.participant for step in steps]
    for person in changed:
        follow_training(person)
    return changed


def _day_of_outcome(team: Team) -> dt.date:
    """The last day of the course, or today where that is still to come."""
    last = last_day(team)
    return min(last, clock.today()) if last else clock.today()
