"""What the pages of courses show beside the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from nbe.core import clock
from nbe.core.dates import format_date
from nbe.courses.queries import TeamRow
from nbe.models import CourseDay, Municipality, Participant, SeatExchange
from nbe.models.gathering_states import ParticipantState as P

TONES = {
    P.SIGNED_UP: "neutral",
    P.WAITING: "warning",
    P.CONFIRMED: "good",
    P.ATTENDED: "good",
    P.PARTLY: "warning",
    P.ABSENT: "bad",
    P.CANCELLED: "bad",
    P.CERTIFIED: "good",
}


def involved(municipalities: Iterable[Municipality], rows: Sequence[TeamRow]) -> list[Municipality]:
    """The municipalities that any of these teams concerns."""
    return [one for one in municipalities if any(row.concerns(one.code) for row in rows)]


def hours_of(day: CourseDay) -> str:
    """ "kl. 9.00–15.30"; empty until the hour is set."""
    if day.starts_at is None:
        return ""
    begins = clock.danish(day.starts_at)
    if not day.minutes:
        return str(_("kl. %(begins)s", begins=begins.strftime("%H:%M")))
    ends = clock.danish(day.starts_at + dt.timedelta(minutes=day.minutes))
    return str(_("kl. %(begins)s–%(ends)s", begins=begins.strftime("%H:%M"), ends=ends.strftime("%H:%M")))


def answer_text(person: Participant) -> str:
    """Until when somebody moved up may answer; empty for all others."""
    if person.answer_by is None:
        return ""
    if person.answer_by <= clock.now():
        return str(_("svarfristen er udløbet"))
    last = clock.danish(person.answer_by - dt.timedelta(microseconds=1)).date()
    return str(_("skal svare senest %(day)s", day=format_date(last)))


def exchange_text(exchange: SeatExchange, names: dict[int, str]) -> str:
    """ "Jammerbugt tilbyder 1 plads til Rebild"."""
    giver, taker = names[exchange.from_code], names.get(exchange.to_code or 0)
    values = {"giver": giver, "taker": taker or _("alle"), "n": exchange.seats}
    if exchange.seats == 1:
        return str(_("%(giver)s tilbyder 1 plads til %(taker)s", **values))
    return str(_("%(giver)s tilbyder %(n)s pladser til %(taker)s", **values))
