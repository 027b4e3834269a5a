"""Rooms above that follow what becomes of their letters: told when a person has sent one."""

from __future__ import annotations

from collections.abc import Callable

from nbe.models import Mailing

_followers: dict[str, Callable[[Mailing], None]] = {}


def when_approved(kind: str, follower: Callable[[Mailing], None]) -> None:
    """Have `follower` told of each letter of a kind when it is sent, in the same transaction."""
    _followers[kind] = follower


def tell_approved(mailing: Mailing) -> None:
    """Tell whoever follows letters of this kind."""
    if follower := _followers.get(mailing.kind):
        follower(mailing)
