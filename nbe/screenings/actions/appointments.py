"""Appointments: a visit agreed with a candidate, and changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from nbe.core import clock
from nbe.core.database import db
from nbe.ledger import record
from nbe.models import Candidacy, Screening, ScreeningPerson
from nbe.models.states import ScreeningState, Stage
from nbe.pipeline.actions import set_next_step
from nbe.screenings.actions.following import follow_candidate, moves_for, other_screenings
from nbe.screenings.rules import Appointment, Attendee, ScreeningRefusedError, is_open, planned_on, refuse_planning
from nbe.screenings.themes import current_themes


def plan_screening(
    candidacy: Candidacy, appointment: Appointment, *, user_id: int | None, day: dt.date | None = None
) -> Screening:
    """Agree a visit; a candidate before *Screening planlagt* comes to it. Raises ScreeningRefusedError.

    The step that led to it is done and goes; history keeps it.
    `day`: when it was agreed, for what is told afterwards; today, or the visit's own day when that is past.
    """
    standing = other_screenings(candidacy.id)
    refuse_planning(candidacy.stage, any(is_open(screening.state) for screening in standing))
    visit_on = clock.danish(appointment.starts_at).date()
    agreed_on = day or planned_on(visit_on, clock.today(), candidacy.stage_since_on)
    if agreed_on > clock.today():
        raise ScreeningRefusedError("day", "the day lies in the future")
    screening = Screening(
        business_id=candidacy.business_id,
        candidacy_id=candidacy.id,
        programme_id=candidacy.programme_id,
        theme_set_id=current_themes(candidacy.programme).id,
        number=_next_number(candidacy.id),
        state=ScreeningState.PLANNED,
        state_since_on=agreed_on,
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        place=appointment.place,
        to_prepare=appointment.to_prepare,
        user_id=user_id,
        created_at=clock.now(),
    )
    screening.people = [_person(attendee) for attendee in appointment.people]
    db.session.add(screening)
    db.session.flush()
    if _is_done_by_it(candidacy, visit_on, agreed_on):
        set_next_step(candidacy, "", None)
    record(moves_for(screening, ScreeningState.PLANNED, agreed_on, None), user_id=user_id)
    follow_candidate(candidacy)
    return screening


def _is_done_by_it(candidacy: Candidacy, visit_on: dt.date, agreed_on: dt.date) -> bool:
    """Whether the candidate's next step is what was to be done until the visit was agreed.

    Until the first appointment every step but one after the visit is; later on only one that is due.
    """
    if not candidacy.next_step and candidacy.next_step_on is None:
        return False
    is_first = candidacy.stage.position < Stage.SCREENING_PLANNED.position
    return candidacy.next_step_on is None or candidacy.next_step_on <= (visit_on if is_first else agreed_on)


def change_appointment(screening: Screening, appointment: Appointment) -> None:
    """Another time, place or people; the candidate's date and screener follow. Raises ScreeningRefusedError.

    A held visit keeps its day; what was agreed for it can still be corrected. Each change is a new version.
    """
    if screening.state is ScreeningState.CANCELLED:
        raise ScreeningRefusedError("state", "cancelled")
    screening.starts_at = appointment.starts_at
    screening.minutes = appointment.minutes
    screening.place = appointment.place
    screening.to_prepare = appointment.to_prepare
    _set_people(screening, appointment.people)
    flag_modified(screening, "place")  # a change of people alone is a new version as well
    db.session.flush()
    db.session.refresh(screening, ["people"])
    follow_candidate(screening.candidacy)


def _next_number(candidacy_id: int) -> int:
    """One more than there ever were: a number that was taken back is not used again."""
    last = db.session.scalar(sa.select(sa.func.max(Screening.number)).where(Screening.candidacy_id == candidacy_id))
    return (last or 0) + 1


def _person(attendee: Attendee) -> ScreeningPerson:
    return ScreeningPerson(
        role=attendee.role,
        screener_id=attendee.screener_id,
        contact_id=attendee.contact_id,
        name=attendee.name,
    )


def _same(person: ScreeningPerson) -> Attendee:
    """Somebody known is the same whatever name was written beside."""
    is_known = person.screener_id is not None or person.contact_id is not None
    return Attendee(person.role, person.screener_id, person.contact_id, "" if is_known else person.name)


def _set_people(screening: Screening, wanted: Iterable[Attendee]) -> None:
    """Those who stay keep their row; the others go and come."""
    missing = list(dict.fromkeys(wanted))
    for person in list(screening.people):
        known = _same(person)
        if known in missing:
            missing.remove(known)
        else:
            db.session.delete(person)
    for attendee in missing:
        person = _person(attendee)
        person.screening_id = screening.id
        db.session.add(person)
