"""Certificates: a number and a day, to those who took part the whole course."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.courses.actions.following import Step, tell
from nbe.courses.actions.steps import hold
from nbe.courses.rules import CourseRefusedError, certificate_number
from nbe.models import Participant
from nbe.models.gathering_states import ParticipantState


def issue_certificate(participant: Participant, *, user_id: int | None, on: dt.date | None = None) -> int | None:
    """Issue the certificate, or note that it was issued `on` a day; -> the row, None where it was issued before.

    Raises CourseRefusedError. The number stays the person's: withdrawn and issued anew, it is the same.
    """
    team = hold(participant)
    if participant.state is ParticipantState.CERTIFIED:
        return None
    if participant.state is not ParticipantState.ATTENDED:
        raise CourseRefusedError("state", _l("Kun den, der har deltaget alle dage, får bevis."))
    year = team.course.programme.year
    participant.certificate_number = certificate_number(year, participant.municipality_code, participant.id)
    participant.certificate_on = on or clock.today()
    return tell([Step(participant, participant.state, ParticipantState.CERTIFIED)], user_id=user_id, day=on)[0]


def withdraw_certificate(participant: Participant, *, user_id: int | None) -> int | None:
    """Take the certificate back; the person has still taken part. -> the row, None where there is none."""
    hold(participant)
    if participant.state is not ParticipantState.CERTIFIED:
        return None
    participant.certificate_on = None
    return tell([Step(participant, participant.state, ParticipantState.ATTENDED)], user_id=user_id)[0]
