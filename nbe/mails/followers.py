"""Rooms above that follow what becomes of their letters: told when a person has sent one, asked what to know before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nbe.models import Mailing


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a room says of a letter of its own, each a sentence.

    `warnings`: what in a draft is true no more. `others`: who is told the same at the same moment in mails of their
    own, which are not among the copies as their names are not the writer's to see.
    """

    warnings: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


_followers: dict[str, Callable[[Mailing], None]] = {}
_remarks: dict[str, Callable[[Mailing], Remarks]] = {}


def when_approved(kind: str, follower: Callable[[Mailing], None]) -> None:
    """Have `follower` told of each letter of a kind when it is sent, in the same transaction."""
    _followers[kind] = follower


def tell_approved(mailing: Mailing) -> None:
    """Tell whoever follows letters of this kind."""
    if follower := _followers.get(mailing.kind):
        follower(mailing)


def remark_on(subject_kind: str, find: Callable[[Mailing], Remarks]) -> None:
    """Have `find` asked about each letter on a kind of thing before its page is shown; done twice, it is done once."""
    _remarks[subject_kind] = find


def remarks_on(mailing: Mailing) -> Remarks:
    """What there is to know of a letter."""
    find = _remarks.get(mailing.subject_kind)
    return find(mailing) if find else Remarks()
