"""What a row does to a candidacy: begin it, move it forward, fill its columns. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbe.core.text import fold
from nbe.imports.known import Unit
from nbe.imports.messages import Message
from nbe.imports.values import Read, shown
from nbe.imports.words import CLOSE_NAMES, STAGE_NAMES, Wanted, source_word, wanted_stage
from nbe.models.states import CloseReason, Stage, Verdict


@dataclass(slots=True)
class CandidacyPlan:
    """A candidacy to begin or change. `stage` None: no move. `values` are plain columns."""

    id: int | None
    stage: Stage | None = None
    reason: CloseReason | None = None
    happened_on: dt.date | None = None
    from_stage: Stage | None = None
    verdict: Verdict | None = None
    from_verdict: Verdict | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the business was no candidate of the programme."""
        return self.stage is not None and self.from_stage is None


def _plain(
    read: Read,
    known: Mapping[str, Any] | None,
    headings: Mapping[str, str],
    people: Mapping[str, int],
    *,
    is_same: bool,
) -> dict[str, Any]:
    """The plain columns of the candidacy that the row fills or changes."""
    values = read.values
    found: dict[str, Any] = {
        name: values[name] for name in ("screener_name", "next_step", "next_step_on") if name in values
    }
    if "screening_on" in values and not is_same:
        found["screening_on"] = values["screening_on"]
    if "source" in values:
        source = source_word(values["source"])
        if source is None:
            read.warn("unknown_source", headings["source"], values["source"])
        else:
            found["source"] = source
    if "responsible" in values:
        person = people.get(fold(values["responsible"]))
        if person is None:
            read.warn("unknown_person", headings["responsible"], values["responsible"])
        else:
            found["responsible_id"] = person
    if known is None:
        return found
    changed = {name: value for name, value in found.items() if known[name] != value}
    for name, value in changed.items():
        heading = headings["responsible" if name == "responsible_id" else name]
        new = values["responsible" if name == "responsible_id" else name]
        old = shown(known[name]) if name not in ("responsible_id", "source") else ""
        note = (
            Message("changed", heading, "", {"old": old[:200], "new": shown(new)[:200]})
            if old
            else Message("filled", heading, "", {"new": shown(value if not isinstance(new, str) else new)[:200]})
        )
        read.messages.append(note)
    return changed


def plan_candidacy(
    read: Read,
    unit: Unit | None,
    today: dt.date,
    headings: Mapping[str, str],
    people: Mapping[str, int],
    *,
    is_same: bool,
    is_back: bool,
) -> CandidacyPlan | None:
    """What the row does to the candidacy; None when nothing."""
    values = read.values
    word, suitable = values.get("stage", ""), values.get("suitable", "")
    screening_on = values.get("screening_on")
    wanted = wanted_stage(word, suitable, values.get("close_reason", ""), screening_on, today)
    known = unit.candidacy if unit else None
    is_known = known is not None and not known["is_hidden"] and not is_back
    if wanted.stage is None:
        if is_known and known is not None and not is_same:
            read.warn("is_candidate", headings["stage"], word, stage=STAGE_NAMES[known["stage"]])
        return None
    said = headings.get("stage" if word else "suitable", "")
    if not is_same or not is_known:
        for code in wanted.warnings:
            column = {
                "unknown_close": "close_reason",
                "suitable_contradicts": "suitable",
                "unknown_suitable": "suitable",
            }.get(code)
            is_doubt = is_known and wanted.is_doubtful and code in ("unknown_stage", "stage_contradicts_date")
            read.warn(
                f"{code}_known" if is_doubt else code,
                headings.get(column, said) if column else said,
                values.get(column, word) if column else word,
            )
    plan = CandidacyPlan(known["id"] if known else None)
    plan.values = _plain(read, known if is_known else None, headings, people, is_same=is_same and is_known)
    if not is_known:
        _begin(plan, wanted, screening_on, today)
    elif known is not None and not is_same and wanted.is_said and not wanted.is_doubtful:
        _move(plan, read, known, wanted, wanted.stage, today, said, word or suitable)
    if plan.reason is CloseReason.POSTPONED:
        if "postponed_to_year" in values:
            plan.values["postponed_to_year"] = values["postponed_to_year"]
        else:
            read.warn("postponed_without_year", said, word)
    return plan if plan.stage or plan.verdict or plan.values else None


def _begin(plan: CandidacyPlan, wanted: Wanted, screening_on: dt.date | None, today: dt.date) -> None:
    plan.stage, plan.reason, plan.verdict = wanted.stage, wanted.reason, wanted.verdict
    is_screened = wanted.stage is Stage.SCREENED and screening_on is not None
    plan.happened_on = screening_on if is_screened else today


def _move(
    plan: CandidacyPlan,
    read: Read,
    known: Mapping[str, Any],
    wanted: Wanted,
    to: Stage,
    today: dt.date,
    said: str,
    word: str,
) -> None:
    """The move of a candidate known before: forward or closing; else a warning and no move."""
    stage: Stage = known["stage"]
    if stage is Stage.CLOSED:
        reason: CloseReason = known["close_reason"]
        if to is not Stage.CLOSED:
            read.warn("reopens", said, word, reason=CLOSE_NAMES[reason].lower())
        elif wanted.reason not in (reason, CloseReason.UNKNOWN):
            read.warn("closed_otherwise", said, word, reason=CLOSE_NAMES[reason].lower())
        return
    if to.position < stage.position:
        read.warn("backwards", said, word, stage=STAGE_NAMES[stage])
        return
    if to is not stage:
        day = read.values.get("screening_on") if to is Stage.SCREENED else None
        plan.stage, plan.reason, plan.from_stage = to, wanted.reason, stage
        plan.happened_on = max(day or today, known["stage_since_on"])
        new = STAGE_NAMES[to] if wanted.reason is None else f"{STAGE_NAMES[to]} ({CLOSE_NAMES[wanted.reason].lower()})"
        read.messages.append(Message("moved", said, "", {"old": STAGE_NAMES[stage], "new": new}))
    if wanted.verdict is not None and wanted.verdict is not known["verdict"]:
        if known["verdict"] is not None and plan.reason is not CloseReason.NOT_SUITABLE:
            read.warn(
                "verdict_otherwise",
                said,
                word,
                verdict="egnet" if known["verdict"] is Verdict.SUITABLE else "ikke egnet",
            )
        else:
            plan.verdict, plan.from_verdict = wanted.verdict, known["verdict"]
