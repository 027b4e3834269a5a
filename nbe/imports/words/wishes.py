"""Where the words and dates of a row want its candidate and its membership to be. Pure.

Old lists use other words than ours, and a word can depend on a date: *I forløb* is screened when
its screening lies before the day of import, planned when it is that day or later, and agreed
without a date. A word that contradicts a date brings the business in at the longlist, with a warning.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nbe.imports.words.meanings import MAYBE, NO, YES, Meant, Old, close_word, membership_word, stage_word, word_key
from nbe.models.states import SUITABLE_STAGES, CloseReason, MembershipState, Stage, Verdict, stages_from


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a row wants its candidate: None for nowhere (the cell is blank on purpose or says so).

    `is_said` is False when the row has no word of its own (blank status and blank *Egnet?*).
    `warnings` are message codes.
    """

    stage: Stage | None
    reason: CloseReason | None = None
    verdict: Verdict | None = None
    is_said: bool = True
    is_doubtful: bool = False
    warnings: tuple[str, ...] = ()


_LONGLIST_UNSAID = Wanted(Stage.LONGLIST, is_said=False)


def _by_suitability(suitable: str) -> Wanted:
    key = word_key(suitable) or suitable.strip()
    if not key:
        return _LONGLIST_UNSAID
    if key in YES:
        return Wanted(Stage.SUITABLE, verdict=Verdict.SUITABLE)
    if key in NO:
        return Wanted(Stage.CLOSED, CloseReason.NOT_SUITABLE, Verdict.NOT_SUITABLE)
    if key in MAYBE:
        return Wanted(Stage.ASSESSING)
    return Wanted(Stage.LONGLIST, is_doubtful=True, warnings=("unknown_suitable",))


_HELD = frozenset(stages_from(Stage.SCREENED))


def _verdict_beside(meant: Meant, suitable: str) -> tuple[Verdict | None, tuple[str, ...]]:
    """The verdict of an *Egnet?* cell that stands beside a status; the status decides the stage."""
    if meant.reason is CloseReason.NOT_SUITABLE:
        return Verdict.NOT_SUITABLE, ()
    key = word_key(suitable)
    if not key or key in MAYBE:
        return None, ()
    if key in YES and (meant.stage in SUITABLE_STAGES or meant.stage is Stage.CLOSED):
        return Verdict.SUITABLE, ()
    if key in NO and meant.stage is Stage.CLOSED:
        return Verdict.NOT_SUITABLE, ()
    return None, ("suitable_contradicts" if key in YES or key in NO else "unknown_suitable",)


def _in_course(screening_on: dt.date | None, today: dt.date) -> Meant:
    if screening_on is None:
        return Meant(Stage.AGREED)
    return Meant(Stage.SCREENED if screening_on < today else Stage.SCREENING_PLANNED)


def wanted_stage(word: str, suitable: str, close: str, screening_on: dt.date | None, today: dt.date) -> Wanted:
    """Where a row's words and its screening date put the candidate, on the day of import."""
    if not word_key(word):
        return _by_suitability(suitable)
    meant = stage_word(word)
    if meant is None:
        return Wanted(Stage.LONGLIST, is_doubtful=True, warnings=("unknown_stage",))
    if meant is Old.NO_CANDIDATE:
        return Wanted(None)
    if meant is Old.IN_COURSE:
        meant = _in_course(screening_on, today)
    warnings: tuple[str, ...] = ()
    if close and meant.stage is Stage.CLOSED and meant.reason in (CloseReason.UNKNOWN, None):
        reason = close_word(close)
        meant = Meant(Stage.CLOSED, reason or CloseReason.UNKNOWN)
        warnings = () if reason else ("unknown_close",)
    if meant.stage in _HELD and screening_on is not None and screening_on > today:
        return Wanted(Stage.LONGLIST, is_doubtful=True, warnings=("stage_contradicts_date",))
    verdict, more = _verdict_beside(meant, suitable)
    return Wanted(meant.stage, meant.reason, verdict, warnings=warnings + more)


def wanted_membership(word: str, signed_up: str) -> tuple[MembershipState | None, tuple[str, ...]]:
    """The membership two cells ask for: a state word, and a sign-up cell that holds a date ("") or a word."""
    for text, code in ((word, "unknown_membership"), (signed_up, "unknown_membership")):
        if not word_key(text):
            continue
        state = membership_word(text)
        if state is None:
            return None, (code,)
        return (state, ()) if isinstance(state, MembershipState) else (None, ())
    return None, ()
