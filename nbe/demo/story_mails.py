"""The letters of the story: one sent in January, one that lies ready to be sent, and one in the outbox."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from nbe.core.clock import DANISH
from nbe.core.database import db
from nbe.mails.actions import Recipient, approve, compose
from nbe.models import Business, Contact, Mail, Mailing, Membership
from nbe.models.gathering_states import MailState
from nbe.models.states import MembershipState

CODE = 849
SENT_AT = dt.datetime(2016, 1, 12, 10, 20, tzinfo=DANISH)
WRITTEN_AT = dt.datetime(2016, 4, 25, 8, 40, tzinfo=DANISH)
JANUARY = (
    "Kære {navn}\n\nTak for jeres interesse for netværket. I år tilbyder kommunen igen et forløb med en gratis "
    "bæredygtighedsscreening, en rapport og hjælp til en handlingsplan.\n\n"
    "Svar på denne mail, hvis I vil høre mere.\n\nVenlig hilsen\nJammerbugt Kommune"
)
APRIL = (
    "Kære {navn}\n\nNetværkets koordinationsgruppe mødes fredag den 29. april. Vi vil gerne fortælle, hvad "
    "medlemmerne i kommunen har gang i.\n\nSkriv et par linjer om det, I er mest tilfredse med i år, senest onsdag.\n\n"
    "Venlig hilsen\nJammerbugt Kommune"
)


def add_letters(leaders: dict[int | None, int]) -> None:
    """Letters of Jammerbugt's leader to the contacts of the members there; none is ever sent by itself."""
    people = _members_people()
    nobody = Recipient("Uden mailadresse", "")
    sent = _write("Vil I med på årets forløb?", JANUARY, [*people, nobody], leaders[CODE], SENT_AT)
    approve(sent)
    for place, mail in enumerate(_copies(sent)):
        mail.state, mail.sent_at, mail.attempts = MailState.SENT, SENT_AT + dt.timedelta(minutes=place), 1
        if place == 3:
            mail.state, mail.sent_at, mail.outcome = MailState.FAILED, None, "unknown: 550 5.1.1 No such user"
    sent.approved_at = SENT_AT
    _write("Et par linjer til mødet på fredag", APRIL, [*people, nobody], leaders[CODE], WRITTEN_AT)
    kept = _write("Tak for snakken i fredags", "Kære {navn}\n\nTak for snakken i fredags. Jeg ringer på tirsdag.",
                  people[:1], leaders[CODE], WRITTEN_AT)  # fmt: skip
    approve(kept)
    kept.approved_at = WRITTEN_AT
    for mail in _copies(kept):
        mail.state = MailState.KEPT
    db.session.flush()


def _members_people() -> list[Recipient]:
    rows = db.session.execute(
        sa.select(Contact.name, Contact.email)
        .join(Business, Business.id == Contact.business_id)
        .join(Membership, Membership.business_id == Business.id)
        .where(Business.municipality_code == CODE, Membership.state == MembershipState.MEMBER, Contact.email != "")
        .order_by(Contact.id)
    )
    return [Recipient(row.name, row.email) for row in rows]


def _write(subject: str, text: str, people: list[Recipient], user_id: int, at: dt.datetime) -> Mailing:
    letter = compose(
        kind="letter", subject=subject, text=text, recipients=people, municipality_code=CODE, subject_kind="",
        subject_id=None, is_service=False, user_id=user_id,
    )  # fmt: skip
    letter.created_at = at
    return letter


def _copies(letter: Mailing) -> list[Mail]:
    statement = sa.select(Mail).where(Mail.mailing_id == letter.id, Mail.state != MailState.STOPPED)
    return list(db.session.scalars(statement.order_by(Mail.id)))
