"""The service mails of events: what somebody signed up needs to know."""

from __future__ import annotations

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from nbe.events.rules import hours
from nbe.mails.actions import write_mail
from nbe.models import Event, Registration


def when_and_where(event: Event) -> str:
    """ "tirsdag den 26. januar 2016 kl. 16.00–18.30, Fjerritslev": what a mail says of time and place."""
    day = str(format_date(event.held_on, "EEEE 'den' d. MMMM y"))
    told = f"{day} {_('kl. %(hours)s', hours=hours(event))}" if event.begins else day
    return ", ".join(part for part in (told, event.place) if part)


def tell_moved_up(event: Event, person: Registration, ledger_id: int) -> None:
    """Somebody on the waiting list has got a seat."""
    if not person.email:
        return
    with force_locale("da"):
        write_mail(
            key=f"event:moved-up:{person.id}:{ledger_id}",
            to_email=person.email,
            to_name=person.name,
            subject=_("Du har fået en plads: %(title)s", title=event.title)[:200],
            text=_(
                "Kære %(name)s\n\nDer er blevet en plads til dig: %(title)s, %(when)s.\n\n"
                "Kan du ikke komme, så giv os besked, så en anden kan få pladsen.",
                name=person.name, title=event.title, when=when_and_where(event),
            ),
            municipality_code=person.municipality_code,
            kind="event_seat",
            subject_kind="event",
            subject_id=event.id,
            registration_id=person.id,
        )  # fmt: skip
