"""A letter as its page shows it: each copy with the words it has or will get, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import current_app

from nbe.core import clock
from nbe.core.paging import Page
from nbe.mails import queries
from nbe.mails.followers import Remarks, remarks_on
from nbe.mails.groups import Group, group_of
from nbe.mails.letters import mailto
from nbe.mails.rules import LINK, explain, fill, may_send_again
from nbe.mails.subjects import subject_of
from nbe.models import Mail, Mailing


@dataclass(frozen=True, slots=True)
class ShownCopy:
    """One person's copy. `words`: why it did not go, or may not have; `answer`: what the server said."""

    mail: Mail
    group: Group
    subject: str
    text: str
    words: str
    answer: str
    may_send_again: bool
    mailto: str  # where it lies in the outbox, to be sent by hand


def shown(mail: Mail, mailing: Mailing) -> ShownCopy:
    """A draft's words are filled in as they will be; a copy that is written has its own."""
    group, (words, answer) = group_of(mail), explain(mail.outcome)
    subject, text = mail.subject, mail.text
    if not subject:
        subject, text = (fill(words_, name=mail.name, link=mail.text) for words_ in (mailing.subject, mailing.text))
    by_hand = mailto(mail, is_service=mailing.is_service) if group is Group.KEPT else ""
    return ShownCopy(mail, group, subject, text, words, answer, may_send_again(mail, clock.real_now()), by_hand)


@dataclass(frozen=True, slots=True)
class MailingPage:
    """All that the page of a letter shows. `group` None: all that it goes to."""

    mailing: Mailing
    author: str
    about: tuple[str, str] | None
    reply_to: str
    counts: dict[Group, int]
    group: Group | None
    copies: list[ShownCopy]
    page: Page[Mail]
    next_try_at: dt.datetime | None
    without_link: int
    stand: str
    remarks: Remarks

    @property
    def is_draft(self) -> bool:
        """Whether it has not been sent."""
        return self.mailing.approved_at is None

    @property
    def total(self) -> int:
        """To how many it goes."""
        return sum(self.counts.values()) - self.left_out

    @property
    def left_out(self) -> int:
        """How many get none."""
        return self.counts.get(Group.LEFT_OUT, 0)

    @property
    def waiting(self) -> int:
        """How many are on their way."""
        return self.counts.get(Group.ON_ITS_WAY, 0)

    @property
    def is_working(self) -> bool:
        """Whether something happens in this minute; not while those that wait are to be tried again later."""
        return self.waiting > 0 and self.next_try_at is None

    @property
    def lacks_link(self) -> int:
        """How many would get a text with a {link} that is empty."""
        return self.without_link if LINK in self.mailing.subject + self.mailing.text else 0

    @property
    def forgets_link(self) -> bool:
        """Whether the receivers have links of their own, and the text shows none."""
        return self.is_draft and self.total > self.without_link and LINK not in self.mailing.text


def mailing_page(mailing: Mailing, group: Group | None, number: int) -> MailingPage:
    """Read what the page shows."""
    page = queries.list_copies(mailing, group, number)
    return MailingPage(
        mailing=mailing,
        author=queries.author_of(mailing),
        about=subject_of(mailing),
        reply_to=queries.reply_address(mailing),
        counts=queries.counts_of([mailing.id])[mailing.id],
        group=group,
        copies=[shown(mail, mailing) for mail in page.rows],
        page=page,
        next_try_at=queries.next_try_of(mailing),
        without_link=queries.count_without_link(mailing),
        stand=stand_of(mailing),
        remarks=remarks_on(mailing),
    )


def has_server() -> bool:
    """Whether a mail server is connected."""
    return bool(current_app.config.get("MAIL_URL"))


def stand_of(mailing: Mailing) -> str:
    """How a draft stands: its words and its receivers."""
    return f"{mailing.version}.{queries.sum_of_drafts(mailing)}"
