"""The reminder before an event, to those who are signed up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from nbe.core.database import db
from nbe.core.links import public_address
from nbe.events.letters import answer_path, when_and_where
from nbe.mails.reminders import Due, Reminder, register_reminder
from nbe.mails.subjects import register_subject
from nbe.models import Event, Registration
from nbe.models.gathering_states import RegistrationState

SUBJECT = "Husk {titel}"
TEXT = (
    "Kære {navn}\n\nDu er tilmeldt {titel}, {hvor}.\n\n{program}\n\n"
    "Bliver du forhindret, så meld afbud her, så en anden kan få pladsen: {link}\n\n"
    "Venlig hilsen\nNetværk for Bæredygtig Erhvervsudvikling NordDanmark"
)
SAMPLE = {
    "navn": "Åse Østergård", "titel": "Temamøde om energi",
    "hvor": "tirsdag den 26. januar 2016 kl. 16.00–18.30, Fjerritslev",
    "program": "Program\n16.00 Velkomst\n16.15 Varmepumper i praksis", "link": "https://nbe.example.dk/svar/…",
}  # fmt: skip


def find_signed_up(first: dt.date, last: dt.date) -> Iterator[Due]:
    """The people of the events on these days; nobody of one that is cancelled."""
    people = (
        sa.select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Event.held_on.between(first, last),
            Event.cancelled_on.is_(None),
            Event.is_hidden.is_(False),
            Registration.is_hidden.is_(False),
            Registration.state == RegistrationState.SIGNED_UP,
        )
        .options(contains_eager(Registration.event).selectinload(Event.items))
        .order_by(Event.held_on, Registration.id)
    )
    for person in db.session.scalars(people).unique().all():
        yield _due(person)


def _due(person: Registration) -> Due:
    event = person.event
    with force_locale("da"):
        values = {
            "titel": event.title,
            "hvor": when_and_where(event),
            "program": f"Program\n{event.program}" if event.items else "",
            "link": public_address(answer_path(person)),
        }
    return Due(
        key=f"{person.id}:{event.id}:{event.held_on}",
        name=person.name,
        email=person.email,
        municipality_code=person.municipality_code,
        values=values,
        subject_kind="event",
        subject_id=event.id,
        registration_id=person.id,
    )


def _name_of(event_id: int) -> tuple[str, str] | None:
    event = db.session.get(Event, event_id)
    return (event.title, f"/arrangementer/{event.id}") if event else None


def init_reminders() -> None:
    """Make the reminder known to the jobs and to Administration, and an event's name to its letters."""
    register_subject("event", _name_of)
    register_reminder(
        Reminder(
            name="event", label=_l("Arrangement"), to=_l("De tilmeldte"), usual_days=2, subject=SUBJECT, text=TEXT,
            find=find_signed_up, sample=SAMPLE,
        )
    )  # fmt: skip
