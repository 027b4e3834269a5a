"""Sheets beside the candidate list that an import takes in, each by a kind of its own."""

from __future__ import annotations

from collections.abc import Sequence

from nbe.imports.kinds.kind import Around, Carrying, SheetKind
from nbe.imports.kinds.measures import MEASURES
from nbe.imports.kinds.people import PARTICIPANTS, REGISTRATIONS

KINDS: tuple[SheetKind, ...] = (MEASURES, PARTICIPANTS, REGISTRATIONS)


def kind_of(headings: Sequence[str]) -> str:
    """The key of the kind of sheet with these headings; empty for none."""
    return next((kind.key for kind in KINDS if kind.recognises(headings)), "")


def find_kind(key: str) -> SheetKind:
    """The kind by its key."""
    return next(kind for kind in KINDS if kind.key == key)


__all__ = ["KINDS", "Around", "Carrying", "SheetKind", "find_kind", "kind_of"]
