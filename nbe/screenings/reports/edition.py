"""A report as one reader sees it: whole for those who work with it, open for the others.

The open edition leaves out what is marked confidential, the business's people and numbers, and every sum in which a
confidential proposal would show. Both are made from the content alone, so that a frozen report stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from nbe.measures.rules import payback_together, payback_years, sums
from nbe.models.industries import division_label
from nbe.models.states import MeasureState, Quantity, Relevance, SavingPhase
from nbe.screenings.reports.factors import tell_factor
from nbe.screenings.reports.views import (
    UNMEASURED,
    Edition,
    PhaseNumbers,
    PhaseSum,
    ProposalView,
    ReportView,
    ThemeView,
    Told,
)


def view_of(content: Mapping[str, Any], edition: Edition) -> ReportView:
    """The content as an edition shows it."""
    is_whole = edition is Edition.WHOLE
    themes = [theme for theme in content["themes"] if is_whole or not theme["is_confidential"]]
    measures = [measure for measure in content["measures"] if is_whole or not measure["is_confidential"]]
    files = [file for file in content["files"] if is_whole or not file["is_confidential"]]
    left_out = (len(themes), len(measures), len(files)) != tuple(
        len(content[k]) for k in ("themes", "measures", "files")
    )
    people = content["people"]
    guests = [person for person in people if person["is_contact"]]
    version, before = content["report"], content["before"] or {}
    shown = dict(content) if is_whole else _opened(content)
    told = [_told(measure["savings"]) for measure in measures]
    return ReportView(
        edition=edition,
        content=shown,
        industry=division_label(content["business"]["industry_code"]),
        held_on=_day(content["visit"]["held_on"]),
        before_on=_day(before.get("held_on")),
        approved_on=_day(version["approved_on"]),
        handed_over_on=_day(version["handed_over_on"]),
        staff=[person for person in people if not person["is_contact"]],
        guests=guests if is_whole else [],
        guest_count=len(guests),
        themes=[_theme(theme, is_whole=is_whole) for theme in themes],
        proposals=[_proposal(measure, savings) for measure, savings in zip(measures, told, strict=True)],
        sums=_sums(told),
        files=files,
        factors=sorted({tell_factor(saving.factor) for savings in told for saving in savings if saving.factor}),
        is_shortened=not is_whole and (left_out or bool(content["confidential_note"])),
    )


def _opened(content: Mapping[str, Any]) -> dict[str, Any]:
    """The plain parts without what the open edition leaves out."""
    business = {"name": content["business"]["name"], "town": content["business"]["town"]}
    version = {**content["report"], "handed_over_to": "", "correction_reason": ""}
    kept = ("municipality", "case_number", "programme", "summary", "introduction", "conclusion", "before")
    opened = {key: content[key] for key in kept}
    visit = {**content["visit"], "place": ""}
    return {**opened, "business": business, "visit": visit, "report": version, "confidential_note": ""}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _theme(theme: Mapping[str, Any], *, is_whole: bool) -> ThemeView:
    before = theme["before"] if is_whole or not theme["was_confidential"] else None
    return ThemeView(
        theme["title"],
        Relevance(theme["relevance"]),
        theme["why_not"],
        theme["does_already"],
        theme["observation"],
        theme["potential"],
        before,
        theme["is_confidential"],
    )


def _told(savings: Iterable[Mapping[str, Any]]) -> list[Told]:
    return [
        Told(
            SavingPhase(saving["phase"]),
            Quantity(saving["quantity"]),
            _number(saving["amount"]),
            _number(saving["co2e_kg"]),
            saving["is_not_measured"],
            saving["factor"],
        )
        for saving in savings
    ]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _proposal(measure: Mapping[str, Any], savings: list[Told]) -> ProposalView:
    phases = []
    for phase in SavingPhase:
        own = [saving for saving in savings if saving.phase is phase]
        numbers = {s.quantity.value: UNMEASURED for s in own if s.is_not_measured} | sums(own, phase)
        if numbers:
            phases.append(PhaseNumbers(phase, numbers))
    return ProposalView(
        title=measure["title"],
        description=measure["description"],
        theme=measure["theme"],
        state=MeasureState(measure["state"]),
        is_confidential=measure["is_confidential"],
        phases=phases,
        payback=_payback(savings),
        is_unmeasured=not any(saving.amount is not None for saving in savings),
    )


def _payback(savings: list[Told]) -> Decimal | None:
    """Of the furthest phase that tells one."""
    found = None
    for phase in SavingPhase:
        years = payback_years(*_spent_and_saved(savings, phase))
        found = years if years is not None else found
    return found


def _spent_and_saved(savings: Iterable[Told], phase: SavingPhase) -> tuple[Decimal | None, Decimal | None]:
    amounts = {saving.quantity: saving.amount for saving in savings if saving.phase is phase}
    return amounts.get(Quantity.INVESTMENT), amounts.get(Quantity.MONEY)


def _sums(told: list[list[Told]]) -> list[PhaseSum]:
    """Each phase in which anything is told."""
    found = []
    for phase in SavingPhase:
        numbers = sums([saving for savings in told for saving in savings], phase)
        count = sum(any(s.phase is phase and s.amount is not None for s in savings) for savings in told)
        if count:
            years, of = payback_together(_spent_and_saved(savings, phase) for savings in told)
            found.append(PhaseSum(phase, count, numbers, years, of, len(told)))
    return found
