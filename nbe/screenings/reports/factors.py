"""How a report names the emission factors its CO₂e was computed with: what and year, and where they are from."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from nbe.measures.reference import EXAMPLE

_KEPT = re.compile(r"(?P<told>.*) \((?P<year>\d{4})\)", re.DOTALL)  # as `content.py` keeps it: "El. Source (2016)"


def has_source(kept: str) -> bool:
    """Whether the factor is somebody's published figure; the example set a new instance begins with is nobody's."""
    return EXAMPLE not in kept


def factor_name(kept: str) -> str:
    """What and year: "El 2016"."""
    found = _KEPT.fullmatch(kept)
    told, year = (found["told"], found["year"]) if found else (kept, "")
    title = told.partition(". ")[0] if has_source(kept) else told.partition(EXAMPLE)[0].rstrip(". ")
    name = title or _("CO₂e-faktor")
    return f"{name} {year}".rstrip()


def tell_factor(kept: str) -> str:
    """The factor as a reader is told: "El 2016: kilde mangler". A note to the secretariat is no source."""
    if not has_source(kept):
        return _("%(factor)s: kilde mangler", factor=factor_name(kept))
    found = _KEPT.fullmatch(kept)
    _title, _dot, source = found["told"].partition(". ") if found else (kept, "", "")
    return f"{factor_name(kept)}: {source}" if source else kept
