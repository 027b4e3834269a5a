"""The service mails of events: what somebody signed up needs to know, each with his own link."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale, format_date, get_locale
from flask_babel import gettext as _

from nbe.core.links import public_address, sign
from nbe.events.calendar import file_of
from nbe.events.rules import hours
from nbe.mails.actions import write_mail
from nbe.models import Event, Registration
from nbe.models.gathering_states import RegistrationState

ANSWER, OPEN = "svar", "tilmelding"  # what a person's and an event's signed links are for


def answer_path(registration: Registration) -> str:
    """The signed link on which a person answers for himself, on this host."""
    return f"/svar/{sign(ANSWER, registration.link_key)}"


def open_path(event: Event) -> str:
    """The signed link on which anybody signs up; empty where the event has none."""
    return f"/arrangementer/tilmelding/{sign(OPEN, event.link_key)}" if event.link_key else ""


def when_and_where(event: Event) -> str:
    """ "tirsdag den 26. januar 2016 kl. 16.00–18.30, Fjerritslev": what a mail says of time and place."""
    pattern = "EEEE 'den' d. MMMM y" if str(get_locale()) == "da" else "EEEE d MMMM y"
    day = str(format_date(event.held_on, pattern))
    told = f"{day} {_('kl. %(hours)s', hours=hours(event))}" if event.begins else day
    return ", ".join(part for part in (told, event.place) if part)


def tell_moved_up(event: Event, person: Registration, ledger_id: int) -> None:
    """Somebody on the waiting list has got a seat."""
    with force_locale("da"):
        names = {"name": person.name, "title": event.title, "when": when_and_where(event)}
        text = _(
            "Kære %(name)s\n\nDer er blevet en plads til dig: %(title)s, %(when)s.\n\n"
            "Kan du ikke komme, så meld afbud her, så en anden kan få pladsen:\n%(link)s",
            link=public_address(answer_path(person)), **names,
        )  # fmt: skip
        subject = _("Du har fået en plads: %(title)s", title=event.title)
        _write(event, person, f"event:moved-up:{person.id}:{ledger_id}", subject, text, attachment=file_of(event))


def tell_answer(event: Event, person: Registration, ledger_id: int = 0) -> None:
    """What an answer came to: a seat (with a file for the calendar), the waiting list, or an apology."""
    with force_locale("da"):
        names: dict[str, Any] = {"name": person.name, "title": event.title, "when": when_and_where(event)}
        names["link"] = public_address(answer_path(person))
        attachment = None
        if person.state is RegistrationState.WAITING:
            subject = _("På venteliste: %(title)s", title=event.title)
            text = _(
                "Kære %(name)s\n\nAlle pladser er taget til %(title)s, %(when)s. Du står på venteliste og får besked, "
                "hvis der bliver en plads.\n\nDu kan ændre dit svar her:\n%(link)s", **names,
            )  # fmt: skip
        elif person.state is RegistrationState.DECLINED:
            subject = _("Afbud modtaget: %(title)s", title=event.title)
            text = _(
                "Kære %(name)s\n\nTak for beskeden. Du er ikke tilmeldt %(title)s, %(when)s.\n\n"
                "Du kan ændre dit svar her:\n%(link)s", **names,
            )  # fmt: skip
        else:
            subject, attachment = _("Du er tilmeldt: %(title)s", title=event.title), file_of(event)
            text = _(
                "Kære %(name)s\n\nDu er tilmeldt %(title)s, %(when)s.\n\n"
                "Bliver du forhindret, så meld afbud her:\n%(link)s", **names,
            )  # fmt: skip
        key = f"event:answer:{person.id}:{ledger_id or person.state.value}"
        _write(event, person, key, subject, text, attachment=attachment)


def _write(
    event: Event, person: Registration, key: str, subject: str, text: str, attachment: tuple[str, bytes] | None
) -> None:
    if person.email:
        write_mail(
            key=key,
            to_email=person.email,
            to_name=person.name,
            subject=subject[:200],
            text=text,
            municipality_code=person.municipality_code,
            kind="event_seat",
            subject_kind="event",
            subject_id=event.id,
            registration_id=person.id,
            attachment=attachment,
            replaces=True,
        )
