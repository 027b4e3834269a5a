"""What a letter is about, as its page says it: the rooms tell what their things are called and where they stand."""

from __future__ import annotations

from collections.abc import Callable

from nbe.models import Mailing

Find = Callable[[int], tuple[str, str] | None]

_subjects: dict[str, Find] = {}


def register_subject(kind: str, find: Find) -> None:
    """`find` gives name and address of the thing with an id; None where it is gone. Done twice, it is done once."""
    _subjects[kind] = find


def subject_of(mailing: Mailing) -> tuple[str, str] | None:
    """Name and address of what a letter is about; None where it is about nothing known."""
    find = _subjects.get(mailing.subject_kind)
    return find(mailing.subject_id) if find and mailing.subject_id is not None else None
