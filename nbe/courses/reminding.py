"""The reminder before a course day, to those who have a seat and are signed up for the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import force_locale, format_date
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, selectinload

from nbe.core import clock
from nbe.core.database import db
from nbe.core.dates import format_time
from nbe.courses.letters import link_of
from nbe.courses.rules import HOLDS_SEAT
from nbe.mails.reminders import Due, Reminder, register_reminder
from nbe.mails.subjects import register_subject
from nbe.models import Course, CourseDay, DayMark, Participant, Team

ONE_DAY = dt.timedelta(days=1)
SUBJECT = "Husk {kursus}, {hold}, {dag}"
TEXT = (
    "Kære {navn}\n\nDu har en plads på {kursus}, {hold}.\n\n{dage}\n\n"
    "Kan du ikke komme, så meld fra her, så en anden kan få pladsen: {link}\n\n"
    "Venlig hilsen\nNetværk for Bæredygtig Erhvervsudvikling NordDanmark"
)
SAMPLE = {
    "navn": "Åse Østergård", "kursus": "Kursus maj", "hold": "Hold 1", "dag": "tirsdag den 10. maj",
    "dage": "Tirsdag den 10. maj kl. 09:00, Rådhuset i Aabybro\nOnsdag den 11. maj kl. 09:00, Rådhuset i Aabybro",
    "link": "https://nbe.example.dk/deltager/…",
}  # fmt: skip


def find_seated(first: dt.date, last: dt.date) -> Iterator[Due]:
    """The people of each day from the first to the last; a day right after another is told of with that one."""
    people = (
        sa.select(Participant, CourseDay)
        .join(Team, Team.id == Participant.team_id)
        .join(Course, Course.id == Team.course_id)
        .join(CourseDay, CourseDay.team_id == Team.id)
        .outerjoin(DayMark, sa.and_(DayMark.day_id == CourseDay.id, DayMark.participant_id == Participant.id))
        .where(
            CourseDay.held_on.between(first, last),
            Participant.state.in_(HOLDS_SEAT),
            *(model.is_hidden.is_(False) for model in (Participant, Team, Course)),
            sa.or_(DayMark.is_signed_up.is_(None), DayMark.is_signed_up),
        )
        .options(contains_eager(Participant.team).options(contains_eager(Team.course), selectinload(Team.days)))
        .order_by(CourseDay.held_on, Participant.id)
    )
    for person, day in db.session.execute(people).unique().all():
        if day.held_on and not any(other.held_on == day.held_on - ONE_DAY for other in person.team.days):
            yield _due(person, day)


def _due(person: Participant, day: CourseDay) -> Due:
    team = person.team
    days = [one for one in team.days if one.held_on and day.held_on and one.held_on >= day.held_on]
    with force_locale("da"):
        values = {
            "kursus": team.course.title,
            "hold": team.name,
            "dag": _day(day),
            "dage": "\n".join(_line(one, team.place) for one in days),
            "link": link_of(person),
        }
    return Due(
        key=f"{person.id}:{team.id}:{day.held_on}",
        name=person.name,
        email=person.email,
        municipality_code=person.municipality_code,
        values=values,
        subject_kind="team",
        subject_id=team.id,
        participant_id=person.id,
    )


def _day(day: CourseDay) -> str:
    return format_date(day.held_on, "EEEE 'den' d. MMMM")


def _line(day: CourseDay, place: str) -> str:
    """Tirsdag den 10. maj kl. 09:00, Rådhuset i Aabybro."""
    told = _day(day)
    if day.starts_at is not None:
        told += f" kl. {format_time(clock.danish(day.starts_at).time())}"
    return ", ".join(part for part in (told[:1].upper() + told[1:], day.place or place) if part)


def _name_of(team_id: int) -> tuple[str, str] | None:
    team = db.session.get(Team, team_id)
    return (f"{team.name}, {team.course.title}", f"/kurser/hold/{team.id}") if team else None


def init_reminders() -> None:
    """Make the reminder known to the jobs and to Administration."""
    register_subject("team", _name_of)
    register_reminder(
        Reminder(
            name="course_day", label=_l("Kursusdag"), to=_l("De kursister, der har en plads"), usual_days=7,
            subject=SUBJECT, text=TEXT, find=find_seated, sample=SAMPLE,
        )
    )  # fmt: skip
