"""What the words of a candidate list mean: stage, suitability, membership, source. Pure.

Old lists use other words than ours, and a word can depend on a date: *I forløb* is screened when
its screening lies before the day of import, planned when it is that day or later, and agreed
without a date. A word that contradicts a date brings the business in at the longlist, with a warning.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from nbe.core.text import fold
from nbe.models.states import SUITABLE_STAGES, CloseReason, MembershipState, Source, Stage, Verdict, stages_from

CLOSE_ENOUGH = 0.82
SHORTEST_GUESS = 4

STAGE_NAMES: dict[Stage, str] = {
    Stage.LONGLIST: "Bruttoliste",
    Stage.CONTACTED: "Kontaktet",
    Stage.INTERESTED: "Interesseret",
    Stage.ASSESSING: "Under vurdering",
    Stage.SUITABLE: "Egnet",
    Stage.AGREED: "Aftale indgået",
    Stage.SCREENING_PLANNED: "Screening planlagt",
    Stage.SCREENED: "Screenet",
    Stage.REPORTED: "Rapport afleveret",
    Stage.PLANNED: "Handlingsplan vedtaget",
    Stage.ACTIVE: "Tiltag i gang",
    Stage.COMPLETED: "Afsluttet",
    Stage.CLOSED: "Lukket",
}
CLOSE_NAMES: dict[CloseReason, str] = {
    CloseReason.NOT_SUITABLE: "Ikke egnet",
    CloseReason.DECLINED: "Takket nej",
    CloseReason.POSTPONED: "Udskudt",
    CloseReason.WITHDRAWN: "Trukket ud",
    CloseReason.CEASED: "Ophørt",
    CloseReason.MERGED: "Sammenlagt",
    CloseReason.UNKNOWN: "Ikke oplyst",
}
MEMBERSHIP_NAMES: dict[MembershipState, str] = {
    MembershipState.INVITED: "Inviteret",
    MembershipState.APPLIED: "Ansøgt",
    MembershipState.MEMBER: "Medlem",
    MembershipState.LEFT: "Udmeldt",
    MembershipState.REJECTED: "Afvist",
}
SOURCE_NAMES: dict[Source, str] = {
    Source.OUTREACH: "Egen opsøgning",
    Source.NETWORK: "Medlem af netværket",
    Source.RECOMMENDATION: "Anbefaling",
    Source.EVENT: "Arrangement",
    Source.ENROLMENT: "Selv henvendt sig",
    Source.LIST: "Tidligere liste",
}
NO_CANDIDATE = "Ikke kandidat"


class Old(enum.Enum):
    """Words whose meaning hangs on something else."""

    IN_COURSE = "I forløb"
    NO_CANDIDATE = NO_CANDIDATE


@dataclass(frozen=True, slots=True)
class Meant:
    """What a status word stands for: a stage, with its closing reason when closed."""

    stage: Stage
    reason: CloseReason | None = None


_CLOSED = {reason: Meant(Stage.CLOSED, reason) for reason in CloseReason}
_OLD: dict[str, Meant | Old] = {
    "Emne": Meant(Stage.LONGLIST),
    "Tilbudt forløb": Meant(Stage.SUITABLE),
    "I forløb": Old.IN_COURSE,
    "I forløbet": Old.IN_COURSE,
    "Gennemført": Meant(Stage.COMPLETED),
    "Udgået": _CLOSED[CloseReason.UNKNOWN],
    "Uegnet": _CLOSED[CloseReason.NOT_SUITABLE],
    "Afslag": _CLOSED[CloseReason.DECLINED],
    "Nej tak": _CLOSED[CloseReason.DECLINED],
    "Ikke interesseret": _CLOSED[CloseReason.DECLINED],
    "Aftale": Meant(Stage.AGREED),
    "Handlingsplan": Meant(Stage.PLANNED),
    "Screening aftalt": Meant(Stage.SCREENING_PLANNED),
    NO_CANDIDATE: Old.NO_CANDIDATE,
}
# Close in letters, another thing in meaning: "to be contacted" is not "contacted".
_NOT_MEANT = frozenset({"kontaktes", "screenes", "vurderes", "afsluttes", "egnethed", "kontakt"})
_NEGATION = re.compile(r"^(ikke|ej|nej|u(?=egnet|interesseret))")


def word_key(word: str) -> str:
    """A word without case, doubled blanks and closing punctuation."""
    return " ".join(fold(word).split()).strip(" .,;:!?-–")


STAGE_WORDS: dict[str, Meant | Old] = {
    **{word_key(word): meant for word, meant in _OLD.items()},
    **{word_key(name): _CLOSED[reason] for reason, name in CLOSE_NAMES.items()},
    **{word_key(name): Meant(stage) for stage, name in STAGE_NAMES.items() if stage is not Stage.CLOSED},
    word_key(STAGE_NAMES[Stage.CLOSED]): _CLOSED[CloseReason.UNKNOWN],
}
CLOSE_WORDS = {word_key(name): reason for reason, name in CLOSE_NAMES.items()}
SOURCE_WORDS = {word_key(name): source for source, name in SOURCE_NAMES.items()} | {
    "opsøgning": Source.OUTREACH,
    "netværk": Source.NETWORK,
    "netværket": Source.NETWORK,
    "anbefalet": Source.RECOMMENDATION,
    "henvendelse": Source.ENROLMENT,
    "gammel liste": Source.LIST,
}
YES = frozenset({"ja", "j", "x", "yes", "1", "true", "sand", "ok", "egnet"})
NO = frozenset({"nej", "n", "no", "0", "false", "falsk", "ikke egnet", "uegnet"})
MAYBE = frozenset({"måske", "evt", "eventuelt", "?", "ved ikke", "tvivl", "under vurdering"})
MEMBERSHIP_WORDS: dict[str, MembershipState] = {word_key(n): s for s, n in MEMBERSHIP_NAMES.items()} | dict.fromkeys(
    ("ja", "j", "x", "yes", "tilmeldt"), MembershipState.MEMBER
)
NO_MEMBERSHIP = frozenset({"nej", "n", "no", "ikke medlem", "ikke tilmeldt"})


def closest(key: str, known: Iterable[str]) -> str | None:
    """The one known word that `key` is a slip of the pen of; None when none or two are as near.

    A word that denies never stands for one that does not, nor the other way round.
    """
    if len(key) < SHORTEST_GUESS or len(key) > 60 or key in _NOT_MEANT:
        return None
    denies = bool(_NEGATION.match(key))
    scored: list[tuple[float, str]] = []
    for word in known:
        if len(word) < SHORTEST_GUESS or bool(_NEGATION.match(word)) != denies:
            continue
        ratio = SequenceMatcher(None, key, word).ratio()
        if ratio >= CLOSE_ENOUGH:
            scored.append((ratio, word))
    scored.sort(reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]


@lru_cache(maxsize=2000)
def stage_word(word: str) -> Meant | Old | None:
    """What a status word means, or None when nobody knows."""
    key = word_key(word)
    if key not in STAGE_WORDS:
        key = closest(key, STAGE_WORDS) or ""
    return STAGE_WORDS.get(key)


@lru_cache(maxsize=500)
def close_word(word: str) -> CloseReason | None:
    """A closing reason by its label or a near-miss."""
    key = word_key(word)
    return CLOSE_WORDS.get(key) or CLOSE_WORDS.get(closest(key, CLOSE_WORDS) or "")


@lru_cache(maxsize=500)
def source_word(word: str) -> Source | None:
    """A source by its label or a near-miss."""
    key = word_key(word)
    return SOURCE_WORDS.get(key) or SOURCE_WORDS.get(closest(key, SOURCE_WORDS) or "")


@lru_cache(maxsize=500)
def membership_word(word: str) -> MembershipState | bool | None:
    """A membership state; False for a word that says "no member"; None when nobody knows."""
    key = word_key(word)
    if key in NO_MEMBERSHIP:
        return False
    return MEMBERSHIP_WORDS.get(key) or MEMBERSHIP_WORDS.get(closest(key, MEMBERSHIP_WORDS) or "")


@lru_cache(maxsize=500)
def yes_no(word: str) -> bool | None:
    """True, False, or None for anything else."""
    key = word_key(word)
    return True if key in YES else False if key in NO else None


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
