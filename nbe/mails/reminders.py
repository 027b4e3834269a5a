"""Reminders: service mails that go by themselves some days before something, each once.

A room says what may be reminded of and who is to be (`register_reminder`); Administration sets the days before, 0 for
none. The words are Danish whoever reads them, and are seen under Administration before any of them goes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from nbe.access.stored import read_settings, write_setting
from nbe.core import clock
from nbe.mails.actions.mails import write_mail
from nbe.mails.jobs import register_periodic

log = structlog.get_logger()
MOST_DAYS = 60
EVERY = 30  # minutes
HOURS = range(7, 20)  # on a Danish clock; nobody is reminded at night
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody to be reminded. `key`: who, of what, on which day; at most 80 characters. A moved day is a new key."""

    key: str
    name: str
    email: str
    municipality_code: int | None
    values: Mapping[str, str]
    subject_kind: str
    subject_id: int
    participant_id: int | None = None
    registration_id: int | None = None


Find = Callable[[dt.date, dt.date], Iterable[Due]]


@dataclass(frozen=True, slots=True)
class Reminder:
    """What may be reminded of. `name` remembers what has been sent: keep it. `find`: who has something on the days
    from the first to the last, the last included. `sample` fills the words in for whoever looks at them.
    """

    name: str
    label: Any
    to: Any
    usual_days: int
    subject: str
    text: str
    find: Find
    sample: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown_subject(self) -> str:
        """The subject of a reminder made up to be looked at."""
        return fill_words(self.subject, self.sample)

    @property
    def shown_text(self) -> str:
        """Its text."""
        return fill_words(self.text, self.sample)


_reminders: dict[str, Reminder] = {}


def register_reminder(reminder: Reminder) -> None:
    """Have it sent by the jobs, each kind by itself; done twice, it is done once."""
    _reminders[reminder.name] = reminder
    register_periodic(f"remind-{reminder.name}", partial(send_reminders, reminder), EVERY)


def list_reminders() -> list[Reminder]:
    """What may be reminded of, in the order in which the rooms are put together."""
    return list(_reminders.values())


def fill_words(words: str, values: Mapping[str, str]) -> str:
    """Each {place} by its value, once; an empty value leaves no empty lines behind."""
    text = _PLACE.sub(lambda match: values.get(match[1], match[0]), words)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def days_before(*, for_update: bool = False) -> dict[str, int]:
    """Reminder -> how many days before; 0 for none."""
    stored = read_settings(*(_key(name) for name in _reminders), for_update=for_update)
    return {name: int(stored.get(_key(name), one.usual_days)) for name, one in _reminders.items()}


def set_days_before(name: str, days: int) -> None:
    """Remind so many days before from now on."""
    write_setting(_key(name), str(days))


def _key(name: str) -> str:
    return f"remind:{name}"


def send_reminders(reminder: Reminder) -> int:
    """Write those that are due and return for how many there is one; each is written once ever, by its key."""
    days = days_before()[reminder.name]
    if not days or clock.danish(clock.now()).hour not in HOURS:
        return 0
    first, last = (clock.today() + dt.timedelta(days=number) for number in (1, days))
    return sum(_write(reminder, due) for due in reminder.find(first, last))


def _write(reminder: Reminder, due: Due) -> bool:
    values = {"navn": due.name, **due.values}
    mail = write_mail(
        key=f"remind:{reminder.name}:{due.key}",
        to_email=due.email,
        to_name=" ".join(due.name.split()),
        subject=" ".join(fill_words(reminder.subject, values).split()),
        text=fill_words(reminder.text, values),
        municipality_code=due.municipality_code,
        kind=f"remind_{reminder.name}",
        subject_kind=due.subject_kind,
        subject_id=due.subject_id,
        participant_id=due.participant_id,
        registration_id=due.registration_id,
    )
    if mail is None:
        log.warning("nobody_to_remind", reminder=reminder.name, key=due.key)  # ids and a day
    return mail is not None
