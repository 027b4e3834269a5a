"""Reading letters: the list with its outcomes, one with each copy, the outbox, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from nbe.access import Permission, Viewer, find_visible, visible
from nbe.access.stored import CONTACT_MAIL, read_settings
from nbe.core import clock
from nbe.core.arguments import asked_number
from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.links import unsign
from nbe.core.paging import PAGE_SIZE, Page
from nbe.mails.groups import Group, is_in, state_groups
from nbe.mails.letters import UNSUBSCRIBE
from nbe.models import Mail, Mailing, Municipality, Unsubscription, User
from nbe.models.gathering_states import MailState

WRITE = Permission.MAILS_WRITE
PATIENCE = dt.timedelta(minutes=15)  # that a mail may be due before somebody should look at the jobs


@dataclass(frozen=True, slots=True)
class MailingFilter:
    """What the list is narrowed to. `group`: letters with at least one copy in it; drafts are not sent."""

    group: Group | None = None
    municipality_code: int | None = None


def read_filter(arguments: Mapping[str, str]) -> MailingFilter:
    """What the address asks for, nonsense left out."""
    return MailingFilter(Group.of(arguments.get("vis", "")), asked_number(arguments, "kommune"))


@dataclass(frozen=True, slots=True)
class MailingRow:
    """A letter in the list: to how many, and what has become of them."""

    id: int
    subject: str
    created_at: dt.datetime
    approved_at: dt.datetime | None
    municipality_name: str
    author: str
    to: str  # whom it is to where that is one
    counts: dict[Group, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """To how many it goes."""
        return sum(count for group, count in self.counts.items() if group is not Group.LEFT_OUT)


def list_mailings(viewer: Viewer, chosen: MailingFilter, number: int = 1) -> Page[MailingRow]:
    """One page, the newest first."""
    statement = visible(viewer, Mailing, WRITE)
    if chosen.municipality_code:
        statement = statement.where(Mailing.municipality_code == chosen.municipality_code)
    if chosen.group:
        copy = sa.select(Mail.id).where(Mail.mailing_id == Mailing.id, is_in(chosen.group))
        statement = statement.where(copy.exists())
    total = db.session.scalar(statement.with_only_columns(sa.func.count(Mailing.id))) or 0
    columns = (
        Mailing.id, Mailing.subject, Mailing.created_at, Mailing.approved_at,
        Municipality.name.label("municipality"), User.name.label("author"),
    )  # fmt: skip
    rows = (
        statement.with_only_columns(*columns)
        .outerjoin(Municipality, Municipality.code == Mailing.municipality_code)
        .outerjoin(User, User.id == Mailing.user_id)
        .order_by(Mailing.created_at.desc(), Mailing.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    found = db.session.execute(rows).all()
    ids = [row.id for row in found]
    counts, to = counts_of(ids), _receivers(ids)
    made = [
        MailingRow(
            row.id, row.subject, row.created_at, row.approved_at, row.municipality or "", row.author or "",
            to.get(row.id, ""), counts[row.id],
        )
        for row in found
    ]  # fmt: skip
    return Page(made, number, total)


def counts_of(mailing_ids: Iterable[int]) -> dict[int, dict[Group, int]]:
    """Letter -> how many copies are in each group; groups without any are left out."""
    ids = list(mailing_ids)
    found: dict[int, dict[Group, int]] = {mailing_id: {} for mailing_id in ids}
    group = state_groups().label("kind")
    for part in chunks(ids):
        statement = sa.select(Mail.mailing_id, group, sa.func.count()).where(Mail.mailing_id.in_(part))
        for mailing_id, code, count in db.session.execute(statement.group_by(Mail.mailing_id, group)):
            found[mailing_id][Group(code)] = count
    return found


def _receivers(mailing_ids: list[int]) -> dict[int, str]:
    """Letter -> the name or address of its one receiver; letters to several are left out."""
    who = sa.func.coalesce(sa.func.nullif(sa.func.max(Mail.name), ""), sa.func.max(Mail.email))
    statement = sa.select(Mail.mailing_id, who).where(Mail.mailing_id.in_(mailing_ids)).group_by(Mail.mailing_id)
    return {key: name for key, name in db.session.execute(statement.having(sa.func.count() == 1))}  # noqa: C416 - typed


def find_mailing(viewer: Viewer, mailing_id: int, *, for_update: bool = False) -> Mailing:
    """The letter, or 404."""
    return find_visible(viewer, Mailing, mailing_id, WRITE, for_update=for_update)


def find_copy(viewer: Viewer, mailing_id: int, mail_id: int) -> Mail:
    """One person's copy of a letter, to be changed; or 404."""
    mailing = find_mailing(viewer, mailing_id, for_update=True)
    number = mail_id if 0 < mail_id < 2**31 else 0
    statement = sa.select(Mail).where(Mail.mailing_id == mailing.id, Mail.id == number).with_for_update(of=Mail)
    mail: Mail = db.one_or_404(statement)
    return mail


def list_copies(mailing: Mailing, group: Group | None, number: int = 1) -> Page[Mail]:
    """One page of a letter's copies: of a group, or all that it goes to."""
    statement = sa.select(Mail).where(Mail.mailing_id == mailing.id)
    statement = statement.where(is_in(group) if group else ~is_in(Group.LEFT_OUT))
    return _page(statement.order_by(Mail.id), number)


def list_outbox(viewer: Viewer, number: int = 1) -> Page[Mail]:
    """One page of the mails that are kept, the oldest first."""
    return _page(_kept(viewer).order_by(Mail.id), number)


def count_outbox(viewer: Viewer) -> int:
    """How many mails are kept."""
    return db.session.scalar(_kept(viewer).with_only_columns(sa.func.count())) or 0


def writable(viewer: Viewer) -> sa.Select[Any]:
    """The letters whose copies the viewer may send."""
    return visible(viewer, Mailing, WRITE)


def _kept(viewer: Viewer) -> sa.Select[Any]:
    ids = writable(viewer).with_only_columns(Mailing.id)
    return sa.select(Mail).where(Mail.mailing_id.in_(ids), Mail.state == MailState.KEPT)


def _page(statement: sa.Select[Any], number: int) -> Page[Mail]:
    total = db.session.scalar(statement.with_only_columns(sa.func.count()).order_by(None)) or 0
    rows = statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(list(db.session.scalars(rows)), number, total)


def count_without_link(mailing: Mailing) -> int:
    """How many of a draft's receivers have no link to fill {link} with."""
    statement = sa.select(sa.func.count(Mail.id)).where(Mail.mailing_id == mailing.id, Mail.text == "")
    return db.session.scalar(statement.where(Mail.state == MailState.DRAFT)) or 0


def sum_of_drafts(mailing: Mailing) -> str:
    """What is another where somebody was added to or taken off a draft's receivers."""
    statement = sa.select(sa.func.count(Mail.id), sa.func.coalesce(sa.func.sum(Mail.id), 0))
    count, total = db.session.execute(
        statement.where(Mail.mailing_id == mailing.id, Mail.state == MailState.DRAFT)
    ).one()
    return f"{count}.{total}"


def author_of(mailing: Mailing) -> str:
    """Who wrote it; empty for the service itself."""
    return db.session.scalar(sa.select(User.name).where(User.id == mailing.user_id)) or ""


def reply_address(mailing: Mailing) -> str:
    """Where answers go: to whoever wrote the letter, else to the secretariat where its address is known."""
    author = db.session.scalar(sa.select(User.email).where(User.id == mailing.user_id, User.active.is_(True)))
    return author or read_settings(CONTACT_MAIL).get(CONTACT_MAIL, "")


def choices_of_municipality(viewer: Viewer) -> list[tuple[int, str]]:
    """The municipalities whose letters the viewer may read, in Danish order."""
    rows = db.session.execute(sa.select(Municipality.code, Municipality.name).order_by(Municipality.sort_key))
    return [(row.code, row.name) for row in rows if viewer.may(WRITE, row.code)]


def next_try_of(mailing: Mailing) -> dt.datetime | None:
    """When the next copy that was refused for now is tried again; None where none waits for that."""
    statement = sa.select(sa.func.min(Mail.next_try_at)).where(Mail.mailing_id == mailing.id)
    found = db.session.scalar(statement.where(Mail.state == MailState.QUEUED, Mail.next_try_at > clock.real_now()))
    return found.replace(tzinfo=dt.UTC) if isinstance(found, dt.datetime) and found.tzinfo is None else found


def address_of_token(token: str) -> str | None:
    """The mail address behind a link to unsubscribe; None where the link is none of ours, or the mail is gone."""
    number = unsign(UNSUBSCRIBE, token) or ""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return db.session.scalar(sa.select(Mail.email).where(Mail.id == int(number))) or None


def is_unsubscribed(email: str) -> bool:
    """Whether this address wants no letters."""
    return db.session.get(Unsubscription, email.casefold()) is not None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the whole service: on its way, in the outbox, and for a person.

    `oldest_at`: when the oldest on its way was written. `due_at`: since when one should have gone, in real time.
    """

    waiting: int
    oldest_at: dt.datetime | None
    due_at: dt.datetime | None
    kept: int
    failed: int
    unsure: int

    @property
    def is_late(self) -> bool:
        """Whether the jobs do not keep up, or do not run."""
        return self.due_at is not None and clock.real_now() - self.due_at > PATIENCE


def backlog() -> Backlog:
    """Mails that have not gone."""
    group = state_groups()
    left = Mail.state.in_((MailState.QUEUED, MailState.SENDING, MailState.KEPT, MailState.FAILED))
    rows = db.session.execute(sa.select(group, sa.func.count()).where(left).group_by(group))
    counts = {code: count for code, count in rows}  # noqa: C416 - typed
    oldest = sa.select(Mail.created_at).where(is_in(Group.ON_ITS_WAY)).order_by(Mail.created_at).limit(1)
    due = sa.select(Mail.next_try_at).where(Mail.state == MailState.QUEUED, Mail.next_try_at <= clock.real_now())
    return Backlog(
        counts.get(Group.ON_ITS_WAY.value, 0), db.session.scalar(oldest),
        db.session.scalar(due.order_by(Mail.next_try_at).limit(1)), counts.get(Group.KEPT.value, 0),
        counts.get(Group.FAILED.value, 0), counts.get(Group.UNSURE.value, 0),
    )  # fmt: skip
