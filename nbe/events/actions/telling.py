"""What becomes of letters about an event beside their copies: who else is told, and what is true no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from nbe.businesses.queries import municipality_names
from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import public_address
from nbe.events.letters import answer_path
from nbe.events.listed import FALLEN, MOVED, find_elsewhere
from nbe.events.moving import MOVE_LETTER, moved_at
from nbe.mails.actions import write_mail
from nbe.mails.followers import Remarks, remark_on, when_approved
from nbe.mails.rules import fill
from nbe.models import Event, Mail, Mailing, Registration

INVITATION, REMINDER, NEWS = "event_invitation", "event_reminder", "event_news"
CANCELLATION, THANKS = "event_cancelled", "event_thanks"
_FOR_ALL = {MOVE_LETTER: MOVED, CANCELLATION: FALLEN}


def _elsewhere(event: Event, mailing: Mailing) -> list[Registration]:
    """Who hears of it from the service as the host writes: those on the list whom the letter itself has no copy for."""
    if mailing.municipality_code is None or mailing.municipality_code != event.municipality_code:
        return []
    people = find_elsewhere(event, _FOR_ALL.get(mailing.kind, ""))
    has = set(db.session.scalars(sa.select(Mail.registration_id).where(Mail.mailing_id == mailing.id)))
    return [one for one in people if one.id not in has]


def _key(mailing: Mailing) -> str:
    return f"{mailing.kind}:elsewhere:{mailing.id}:"


def tell_elsewhere(mailing: Mailing) -> None:
    """The host has sent her letter: who is on the list from other municipalities gets the same words in a mail of his
    own, which stands with the letters of his municipality.
    """
    event = db.session.get(Event, mailing.subject_id or 0)
    for one in _elsewhere(event, mailing) if event is not None else ():
        link = public_address(answer_path(one))
        write_mail(
            key=f"{_key(mailing)}{one.id}",
            to_email=one.email,
            to_name=" ".join(one.name.split()),
            subject=fill(mailing.subject, name=one.name, link=link)[:200],
            text=fill(mailing.text, name=one.name, link=link),
            municipality_code=one.municipality_code,
            kind=mailing.kind,
            subject_kind="event",
            subject_id=mailing.subject_id,
            registration_id=one.id,
        )


def others_words(elsewhere: Mapping[int, int], *, is_sent: bool = False) -> list[str]:
    """ "1 fra Aalborg får samme besked …": a sentence for each municipality, in Danish order, and no name."""
    told = []
    for code, place in municipality_names().items():
        if not (number := elsewhere.get(code, 0)):
            continue
        if is_sent:
            told.append(
                ngettext(
                    "Samme brev er skrevet til %(num)s fra %(place)s.",
                    "Samme brev er skrevet til %(num)s fra %(place)s.", number, place=place,
                )
            )  # fmt: skip
        else:
            told.append(
                ngettext(
                    "%(num)s fra %(place)s (navnet vises ikke) får samme besked af sig selv, når du sender.",
                    "%(num)s fra %(place)s (navnene vises ikke) får samme besked af sig selv, når du sender.",
                    number, place=place,
                )
            )  # fmt: skip
            if not current_app.config.get("MAIL_URL"):
                told[-1] += " " + _(
                    "Uden mailserver lægges den i udbakken hos %(place)s, som selv sender den.", place=place
                )
    return told


def remarks_of(mailing: Mailing) -> Remarks:
    """What there is to know of a letter about an event: who else is told, and of a draft what holds no more."""
    event = db.session.get(Event, mailing.subject_id or 0)
    if event is None:
        return Remarks()
    if mailing.approved_at is not None:
        sent = sa.select(Registration.municipality_code).join(Mail, Mail.registration_id == Registration.id)
        found = db.session.scalars(sent.where(Mail.key.startswith(_key(mailing), autoescape=True)))
        return Remarks(others=tuple(others_words(Counter(found), is_sent=True)))
    elsewhere = Counter(one.municipality_code for one in _elsewhere(event, mailing))
    return Remarks(warnings=tuple(_untrue(event, mailing)), others=tuple(others_words(elsewhere)))


def _untrue(event: Event, mailing: Mailing) -> list[str]:
    if mailing.kind == CANCELLATION:
        is_held = event.cancelled_on is None
        return [_("Arrangementet holdes alligevel, men brevet siger, at det er aflyst.")] if is_held else []
    if event.cancelled_on is not None:
        day = event.cancelled_on.strftime("%d-%m-%Y")
        return [_("Arrangementet blev aflyst den %(day)s, men brevet siger, at det holdes.", day=day)]
    found: list[str] = []
    if mailing.kind == THANKS:
        return found
    if event.held_on < clock.today():
        found.append(_("Arrangementet er holdt, men brevet siger, at det skal være."))
    elif moved_at(event, mailing.created_at):
        found.append(_("Dato, tid eller sted er ændret, siden brevet blev skrevet. Læs efter, om brevet passer."))
    return found


def follow_letters() -> None:
    """Follow the letters that all on the list are told of, and say what there is to know of each."""
    when_approved(MOVE_LETTER, tell_elsewhere)
    when_approved(CANCELLATION, tell_elsewhere)
    remark_on("event", remarks_of)
