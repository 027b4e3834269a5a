"""What the words of a candidate list mean: stage, suitability, membership, source. Pure."""

from __future__ import annotations

from nbe.imports.words.labels import CLOSE_NAMES, MEMBERSHIP_NAMES, NO_CANDIDATE, SOURCE_NAMES, STAGE_NAMES
from nbe.imports.words.meanings import Meant, closest, membership_word, source_word, stage_word, word_key, yes_no
from nbe.imports.words.wishes import Wanted, wanted_membership, wanted_stage

__all__ = [
    "CLOSE_NAMES",
    "MEMBERSHIP_NAMES",
    "NO_CANDIDATE",
    "SOURCE_NAMES",
    "STAGE_NAMES",
    "Meant",
    "Wanted",
    "closest",
    "membership_word",
    "source_word",
    "stage_word",
    "wanted_membership",
    "wanted_stage",
    "word_key",
    "yes_no",
]
