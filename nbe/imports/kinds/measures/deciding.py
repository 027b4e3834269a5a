"""What each row of measures would do, compared with what is known. An empty cell never erases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from nbe.core.text import fold
from nbe.imports.kinds.kind import Around
from nbe.imports.kinds.measures.known import Known
from nbe.imports.kinds.measures.plans import MeasurePlan, documented_savings
from nbe.imports.messages import Message
from nbe.imports.values import Read, shown
from nbe.measures.rules import Amount, MeasureRefusedError, check_amount, is_backward, is_documented
from nbe.measures.sheet import AMOUNT, BASELINE, EVIDENCE, FACTOR, cell_key
from nbe.models import Business, Measure
from nbe.models.states import MeasureState, Quantity, RowOutcome, SavingPhase

_TEXTS = ("title", "description", "due_on", "is_confidential")


class Decider:
    """Decides row after row; remembers the rows that stand, so that later ones repeat them."""

    def __init__(self, around: Around, known: Known, headings: Mapping[str, str]) -> None:
        self.around, self.known, self.headings = around, known, headings
        self.today = around.terms.today
        self._standing: dict[tuple[Any, ...], int] = {}
        good = [row for row in around.rows if row.outcome is not RowOutcome.FAILED]
        self._of_file = {
            (row.cvr, row.p_number): row.municipality_code
            for row in good
            if row.candidacy is not None or (row.unit is not None and row.unit.candidacy is not None)
        }

    def decide(self, read: Read) -> tuple[RowOutcome, MeasurePlan | None]:
        """The outcome of a row and its plan; what is wrong is noted with the row."""
        place = self._place(read)
        measure = self._measure(read, place)
        if place is None or read.has_failed:
            return RowOutcome.FAILED, None
        if measure is None and not read.values.get("title"):
            read.fail("measure_title", self._heading("title"))
        self._check_repeats(read, place, measure)
        is_new = measure is None or measure.is_hidden
        plan = MeasurePlan(*place, measure.id if measure else None, read.values.get("key"))
        self._texts(read, plan, measure, is_new)
        self._amounts(read, plan, measure, is_new)
        self._state(read, plan, measure, is_new)
        if read.has_failed:
            return RowOutcome.FAILED, None
        if is_new:
            if measure is not None:
                plan.key = measure.key
                read.messages.append(Message("back_again"))
            return RowOutcome.CREATED, plan
        return (RowOutcome.UPDATED if plan.does_something else RowOutcome.UNCHANGED), plan

    def _heading(self, key: str) -> str:
        return self.headings.get(key, "")

    def _place(self, read: Read) -> tuple[str, str] | None:
        """CVR and P-number of the business: a candidate, of the importer's municipality."""
        terms, values = self.around.terms, read.values
        if values.get("programme") not in (None, terms.programme_year):
            read.fail("other_programme", self._heading("programme"), values["programme"], year=values["programme"])
        if "cvr" not in values:
            if not read.has_failed:
                read.fail("cvr_missing", self._heading("cvr"))
            return None
        place = (values["cvr"], values.get("p_number", ""))
        code = self._of_file.get(place)
        if code is None:
            business = self._business(read, place)
            if business is None:
                return None
            place, code = (business.cvr, business.p_number), business.municipality_code
            if terms.municipality_code in (None, code) and business.id not in self.known.candidates:
                read.fail("measure_business", self._heading("cvr"), values["cvr"])
                return None
        if terms.municipality_code not in (None, code):
            read.fail("other_municipality", self._heading("cvr"), values["cvr"])
            return None
        return place

    def _business(self, read: Read, place: tuple[str, str]) -> Business | None:
        exact = self.known.businesses.get(place)
        if exact is not None and exact.merged_into_id is not None:
            read.fail("merged", self._heading("cvr"), place[0])
            return None
        if exact is not None and not exact.is_hidden:
            return exact
        beside = self.known.by_cvr.get(place[0], []) if not place[1] else []
        if len(beside) > 1:
            read.fail("which_unit", self._heading("cvr"), place[0])
            return None
        if not beside:
            read.fail("measure_business", self._heading("cvr"), place[0])
            return None
        return beside[0]

    def _measure(self, read: Read, place: tuple[str, str] | None) -> Measure | None:
        """The measure meant: by its key, else by its title at this business."""
        if place is None:
            return None
        business = self.known.businesses.get(place)
        by_key = self.known.by_key.get(read.values.get("key", ""))
        if by_key is not None:
            if business is None or by_key.business_id != business.id or by_key.programme_id != self.around.programme_id:
                read.fail("measure_key", self._heading("key"), read.values["key"])
            return by_key
        title = read.values.get("title", "")
        return self.known.by_title.get((business.id, fold(title))) if business is not None and title else None

    def _check_repeats(self, read: Read, place: tuple[str, str], measure: Measure | None) -> None:
        which = ("id", measure.id) if measure else ("title", place, fold(read.values.get("title", "")))
        if read.has_failed:
            return
        first = self._standing.setdefault(which, read.number)
        if first != read.number:
            read.fail("repeated_same", self._heading("title"), read.values.get("title"), row=first)

    def _texts(self, read: Read, plan: MeasurePlan, measure: Measure | None, is_new: bool) -> None:
        values = read.values
        wanted = {name: values[name] for name in _TEXTS if name in values}
        if "theme" in values:
            theme_id = self.known.themes.get(fold(values["theme"]))
            has_it = measure is not None and measure.theme and fold(measure.theme.title) == fold(values["theme"])
            if theme_id is not None and not has_it:
                wanted["theme_id"] = theme_id
            elif theme_id is None and not has_it:
                read.warn("measure_theme", self._heading("theme"), values["theme"])
        for name, value in wanted.items():
            held = getattr(measure, name) if measure is not None else None
            if held == value or (held is None and value is False):
                continue
            plan.texts[name] = value
            if not is_new and name != "theme_id":
                self._note(read, name, held, value)
        held_owner = (measure.owner.name if measure.owner else measure.owner_name) if measure is not None else ""
        if values.get("owner") and fold(values["owner"]) != fold(held_owner):
            plan.owner = values["owner"]
            if not is_new:
                self._note(read, "owner", held_owner, plan.owner)
        plan.is_in_plan = bool(values.get("is_in_plan")) and not (measure is not None and measure.is_in_plan)

    def _note(self, read: Read, name: str, old: Any, new: Any) -> None:
        heading, after = self._heading(name), {"new": shown(new)[:200]}
        if old in (None, "", False):
            read.messages.append(Message("filled", heading, "", after))
        else:
            read.messages.append(Message("changed", heading, "", {"old": shown(old)[:200], **after}))

    def _amounts(self, read: Read, plan: MeasurePlan, measure: Measure | None, is_new: bool) -> None:
        held = {(s.phase, s.quantity): s for s in measure.savings} if measure is not None else {}
        for phase in SavingPhase:
            for quantity in Quantity:
                saving = held.get((phase, quantity))
                before = _as_amount(saving)
                said = self._said(read, phase, quantity, before, saving)
                if said == before:
                    continue
                try:
                    check_amount(phase, quantity, said)
                except MeasureRefusedError as refused:
                    code = "measure_evidence" if refused.field == "evidence" else "measure_number"
                    key = cell_key(phase, quantity, AMOUNT)
                    read.fail(code, self._heading(key), _shown_amount(said))
                    continue
                plan.amounts.setdefault(phase, {})[quantity] = said
                if not is_new and (said.amount, said.is_not_measured) != (before.amount, before.is_not_measured):
                    self._note(read, cell_key(phase, quantity, AMOUNT), _shown_amount(before), _shown_amount(said))

    def _said(self, read: Read, phase: SavingPhase, quantity: Quantity, before: Amount, saving: Any) -> Amount:
        """What is held, with the cells of the row over it."""
        values = read.values
        amount, is_not_measured = values.get(cell_key(phase, quantity, AMOUNT), (before.amount, before.is_not_measured))
        factor_id, text = before.factor_id, values.get(cell_key(phase, quantity, FACTOR))
        if text:
            factor = self.known.factors.get((quantity, fold(text)))
            is_held = saving is not None and factor is not None and saving.factor_id == factor.id
            if factor is None or not (factor.is_active or is_held):
                read.warn("measure_factor", self._heading(cell_key(phase, quantity, FACTOR)), text)
            else:
                factor_id = factor.id
        return Amount(
            amount,
            is_not_measured,
            values.get(cell_key(phase, quantity, BASELINE), before.baseline),
            factor_id,
            values.get(cell_key(phase, quantity, EVIDENCE), before.evidence),
        )

    def _state(self, read: Read, plan: MeasurePlan, measure: Measure | None, is_new: bool) -> None:
        values, state = read.values, read.values.get("state")
        day: dt.date = values.get("since_on") or self.today
        if day > self.today:
            read.fail("measure_future", self._heading("since_on"), day)
            return
        current = MeasureState.IDENTIFIED if is_new or measure is None else measure.state
        if is_new:
            plan.day = day
        if state is None or state is current:
            return
        if not is_new and (is_backward(current, state) or current is MeasureState.ABANDONED):
            read.warn("measure_backwards", self._heading("state"), state.value, measure_state=current.value)
            return
        latest = self.known.latest.get(measure.id) if measure is not None and not is_new else None
        if latest is not None and day < latest:
            read.warn("measure_day", self._heading("since_on"), day, day=shown(latest))
            day = latest
        held = measure.savings if measure is not None and not is_new else []
        if state is MeasureState.DOCUMENTED and not is_documented(documented_savings(held, plan.amounts)):
            read.fail("measure_documented", self._heading("state"), values.get("title"))
            return
        plan.state, plan.day = state, day
        if not is_new:
            moved = {"old_measure": current.value, "new_measure": state.value}
            read.messages.append(Message("measure_moved", self._heading("state"), "", moved))


def _as_amount(saving: Any) -> Amount:
    if saving is None:
        return Amount()
    return Amount(saving.amount, saving.is_not_measured, saving.baseline, saving.factor_id, saving.evidence)


def _shown_amount(said: Amount) -> str:
    if said.is_not_measured:
        return "ikke målt"
    return "" if said.amount is None else format(said.amount.normalize(), "f").replace(".", ",")
