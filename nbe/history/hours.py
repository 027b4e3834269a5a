"""Sentences about hours and loans of screeners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from nbe.history.labels import show_number
from nbe.models.states import LoanState
from nbe.resources.rules import BY_LOAN


def tell_norm(names: Mapping[str, Any], to_code: str) -> str:
    """The hours of a forløb were set."""
    told = {**names, "hours": show_number(to_code)}
    return _("%(who)s satte timerne pr. forløb for %(municipality)s i %(year)s til %(hours)s", **told)


def tell_hours(names: Mapping[str, Any], from_code: str | None, to_code: str, detail: str | None) -> str:
    """What a municipality is promised was changed, by hand or by a loan."""
    told = {**names, "before": show_number(from_code or "0"), "hours": show_number(to_code)}
    if detail == BY_LOAN:
        return _(
            "%(who)s flyttede timer ved et lån: tilsagnet til %(municipality)s i %(year)s gik fra %(before)s til "
            "%(hours)s timer",
            **told,
        )
    return _("%(who)s ændrede et tilsagn til %(municipality)s i %(year)s fra %(before)s til %(hours)s timer", **told)


def tell_loan(who: str, diff: Mapping[str, Any]) -> str | None:
    """A word about a loan; None for what is no word of either side."""
    state = diff.get("state")
    if not isinstance(state, list) or len(state) != 2:
        return None
    before, after = state
    if before in (LoanState.DECLINED.value, LoanState.WITHDRAWN.value):
        return _("%(who)s lod et lån af en screener vente på svar igen", who=who)
    sentences = {
        LoanState.OFFERED.value: _("%(who)s tilbød at låne en screener ud", who=who),
        LoanState.REQUESTED.value: _("%(who)s bad om at låne en screener", who=who),
        LoanState.ACCEPTED.value: _("%(who)s sagde ja til et lån af en screener", who=who),
        LoanState.DECLINED.value: _("%(who)s sagde nej til et lån af en screener", who=who),
        LoanState.WITHDRAWN.value: _("%(who)s trak et lån af en screener tilbage", who=who),
        LoanState.ENDED.value: _("%(who)s afsluttede et lån af en screener", who=who),
    }
    return sentences.get(after)
