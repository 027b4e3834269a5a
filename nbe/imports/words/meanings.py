"""What a word stands for: our own labels, those of old lists, and slips of the pen. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from nbe.core.text import fold
from nbe.imports.words.labels import CLOSE_NAMES, MEMBERSHIP_NAMES, NO_CANDIDATE, SOURCE_NAMES, STAGE_NAMES
from nbe.models.states import CloseReason, MembershipState, Source, Stage

CLOSE_ENOUGH = 0.82
SHORTEST_GUESS = 4


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
