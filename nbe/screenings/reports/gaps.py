"""What a report lacks before it is read and approved. It is told to those who write and read, and stops nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbe.models.states import Relevance
from nbe.screenings.reports.factors import factor_name, has_source

_TEXTS = ("does_already", "observation", "why_not")


@dataclass(frozen=True, slots=True)
class Gaps:
    """Titles of themes that nobody assessed, of these those with text, and factors without a source.

    `theme_count`: how many themes the form has.
    """

    theme_count: int
    unassessed: list[str]
    written: list[str]
    sourceless: list[str]

    def __bool__(self) -> bool:
        return bool(self.unassessed or self.sourceless)


def gaps_of(content: Mapping[str, Any]) -> Gaps:
    """What the content of a report lacks."""
    open_themes = [theme for theme in content["themes"] if theme["relevance"] == Relevance.NOT_ASSESSED.value]
    kept = {saving["factor"] for measure in content["measures"] for saving in measure["savings"] if saving["factor"]}
    return Gaps(
        theme_count=len(content["themes"]),
        unassessed=[theme["title"] for theme in open_themes],
        written=[theme["title"] for theme in open_themes if any(theme[name] for name in _TEXTS)],
        sourceless=sorted({factor_name(factor) for factor in kept if not has_source(factor)}),
    )
