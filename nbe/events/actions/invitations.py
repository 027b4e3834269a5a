"""Letters about an event: written as drafts; who gets an invitation counts as invited once it is sent."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from nbe.core import clock
from nbe.core.database import db
from nbe.core.links import public_address
from nbe.events.actions.following import follow_registrations, programme_id_of, registration_row, rows_of_registrations
from nbe.events.actions.registrations import find_known, make_hidden
from nbe.events.actions.seats import hold
from nbe.events.actions.telling import CANCELLATION, INVITATION, NEWS, REMINDER, THANKS, follow_letters
from nbe.events.letters import answer_path, when_and_where
from nbe.events.listed import CAME, FALLEN, MOVED, SIGNED_UP, UNANSWERED, Invitee
from nbe.events.moving import MOVE_LETTER, find_before, is_other_time
from nbe.events.rules import EventRefusedError
from nbe.events.segments import Audience, Segment, refusal
from nbe.ledger import record
from nbe.mails.actions import Recipient, compose
from nbe.mails.followers import when_approved
from nbe.models import Event, Mail, Mailing, Registration
from nbe.models.gathering_states import MailState, RegistrationState

_KINDS = {UNANSWERED: REMINDER, SIGNED_UP: NEWS, MOVED: MOVE_LETTER, FALLEN: CANCELLATION, CAME: THANKS}
_BY_SERVICE = (NEWS, MOVE_LETTER, CANCELLATION)  # of a seat of one's own: also to those who want no other letters


def write_letter(
    event: Event, segment: Segment, audience: Audience, *, user_id: int | None, who: str, municipality_code: int | None
) -> Mailing:
    """A draft to an audience, each with a link of his own; `who` signs it. Raises EventRefusedError."""
    if refused := refusal(event, segment):
        raise EventRefusedError("til", refused)
    if not audience.total:
        raise EventRefusedError("til", _l("Der er ingen at skrive til."))
    programme_id_of(event)
    hold(event)
    kind = _KINDS.get(segment.who, INVITATION)
    registrations = [(one, _registration_of(event, one, user_id)) for one in audience.people]
    db.session.flush()
    with force_locale("da"):
        subject, text = _words(event, segment, who)
    return compose(
        kind=kind,
        subject=subject,
        text=text,
        recipients=[
            Recipient(
                name=one.person.name,
                email=one.person.email,
                link="" if kind in (CANCELLATION, THANKS) else public_address(answer_path(registration)),
                key_suffix="" if kind in _BY_SERVICE else f"registration:{registration.id}",
                registration_id=registration.id,
            )
            for one, registration in registrations
        ],
        municipality_code=municipality_code,
        subject_kind="event",
        subject_id=event.id,
        is_service=kind in _BY_SERVICE,
        user_id=user_id,
    )


def _registration_of(event: Event, one: Invitee, user_id: int | None) -> Registration:
    if one.registration_id is not None:
        return db.session.get_one(Registration, one.registration_id)
    known = find_known(event, one.person)
    return known or make_hidden(event, one.person, RegistrationState.INVITED, clock.today(), user_id)


def _words(event: Event, segment: Segment, who: str) -> tuple[str, str]:
    names = {"name": "{navn}", "link": "{link}", "title": event.title, "when": when_and_where(event), "who": who}
    programme = f"\n\n{_('Program')}\n{event.program}" if event.items else ""
    answer = _("Svar her, om du kommer: %(link)s", **names)
    if segment.who == FALLEN:
        return _("Aflyst: %(title)s", **names)[:200], _(
            "Kære %(name)s\n\n%(title)s, %(when)s, er desværre aflyst.\n\nVenlig hilsen\n%(who)s", **names
        )
    if segment.who == CAME:
        return _("Tak for sidst: %(title)s", **names)[:200], _(
            "Kære %(name)s\n\nTak, fordi du kom til %(title)s, %(when)s.\n\nVenlig hilsen\n%(who)s", **names
        )
    if segment.who == MOVED and (before := find_before(event)) is not None:
        return _words_of_move(event, before, names)
    if segment.who in (SIGNED_UP, MOVED):
        return _("Om %(title)s", **names)[:200], _(
            "Kære %(name)s\n\nDu er tilmeldt %(title)s, %(when)s.%(programme)s\n\n"
            "Bliver du forhindret, så meld afbud her: %(link)s\n\nVenlig hilsen\n%(who)s",
            programme=programme, **names,
        )  # fmt: skip
    head = _("Påmindelse: %(title)s", **names) if segment.who == UNANSWERED else _("Invitation: %(title)s", **names)
    about = f"\n\n{event.description}" if event.description else ""
    until = event.sign_up_until
    deadline = "\n" + _("Svar senest den %(day)s.", day=until.strftime("%d-%m-%Y")) if until else ""
    text = _(
        "Kære %(name)s\n\nDu inviteres til %(title)s, %(when)s.%(about)s%(programme)s\n\n%(answer)s%(deadline)s\n\n"
        "Venlig hilsen\n%(who)s",
        about=about, programme=programme, answer=answer, deadline=deadline, **names,
    )  # fmt: skip
    return head[:200], text


def _words_of_move(event: Event, before: Event, names: dict[str, str]) -> tuple[str, str]:
    is_time, is_place = is_other_time(event, before), event.place != before.place
    if is_time and is_place:
        head = _("Ny tid og nyt sted: %(title)s", **names)
    else:
        head = _("Ny tid: %(title)s", **names) if is_time else _("Nyt sted: %(title)s", **names)
    return head[:200], _(
        "Kære %(name)s\n\n%(title)s er flyttet.\n\nFør: %(before)s\nNu: %(when)s\n\n"
        "Din tilmelding eller plads på ventelisten gælder stadig. "
        "Bliver du forhindret, så meld afbud her: %(link)s\n\nVenlig hilsen\n%(who)s",
        before=when_and_where(before), **names,
    )  # fmt: skip


def note_invited(mailing: Mailing) -> None:
    """A person has sent an invitation: those who get it are invited from today on."""
    event = db.session.get(Event, mailing.subject_id or 0)
    if event is None:
        return
    hold(event)
    statement = (
        sa.select(Registration)
        .join(Mail, Mail.registration_id == Registration.id)
        .where(
            Mail.mailing_id == mailing.id,
            Mail.state.in_([MailState.QUEUED, MailState.KEPT]),
            Registration.is_hidden.is_(True),
        )
        .order_by(Registration.id)
    )
    people = list(db.session.scalars(statement))
    told = rows_of_registrations(one.id for one in people)
    added = [one for one in people if not told[one.id]]
    if added:
        programme_id, day = programme_id_of(event), clock.today()
        moves = [registration_row(one, RegistrationState.INVITED, day, programme_id, before=None) for one in added]
        record(moves, user_id=mailing.user_id)
        follow_registrations(added)


def init_events() -> None:
    """Follow the invitations that are sent, once per process."""
    when_approved(INVITATION, note_invited)
    follow_letters()
