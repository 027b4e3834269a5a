"""Taking in what was typed: in the order of each device, each edit once, nothing of another device overwritten.

Needs the visit's row locked for update, so that edits of one form are numbered in the order they are applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.core import clock
from nbe.core.database import db
from nbe.measures.rules import MeasureRefusedError
from nbe.models import Screening, ScreeningEdit
from nbe.models.states import EditOutcome, Relevance
from nbe.screenings.sync import queries, rules
from nbe.screenings.sync.rules import BY_ITSELF, SERVICE, Edit, Revision
from nbe.screenings.sync.writing import write_field


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one edit. `theirs`: in a conflict, what another device had written."""

    edit: Edit
    outcome: EditOutcome
    id: int
    value: str
    message: str = ""
    theirs: Revision | None = None


@dataclass
class Batch:
    """What became of a batch; `send_from`: device -> the number it must go on from, where one was missing."""

    outcomes: list[Outcome] = field(default_factory=list)
    send_from: dict[str, int] = field(default_factory=dict)

    def of(self, outcome: EditOutcome) -> list[Outcome]:
        """The edits with this outcome."""
        return [one for one in self.outcomes if one.outcome is outcome]


def apply_edits(screening: Screening, edits: Sequence[Edit], *, user_id: int | None) -> Batch:
    """Take in a batch; an edit that was taken in before answers as it did then."""
    return _Taking(screening, edits, user_id).take(edits)


class _Taking:
    """One batch on its way in."""

    def __init__(self, screening: Screening, edits: Sequence[Edit], user_id: int | None) -> None:
        self.user_id = user_id
        keys = {edit.subject.partition(":")[2] for edit in edits if rules.kind_of(edit.subject) == "proposal"}
        self.form = queries.load_form(screening, keys)
        self.revisions = queries.list_revisions(screening.id)
        devices = {SERVICE, BY_ITSELF, *(edit.device for edit in edits)}
        self.before = self._known(edits)
        numbers = (
            sa.select(ScreeningEdit.device, sa.func.max(ScreeningEdit.number))
            .where(ScreeningEdit.screening_id == screening.id, ScreeningEdit.device.in_(devices))
            .group_by(ScreeningEdit.device)
        )
        self.expected = dict.fromkeys(devices, 1)
        self.expected |= {device: number + 1 for device, number in db.session.execute(numbers)}

    def _known(self, edits: Sequence[Edit]) -> dict[tuple[str, int], ScreeningEdit]:
        statement = sa.select(ScreeningEdit).where(
            ScreeningEdit.screening_id == self.form.screening.id,
            ScreeningEdit.device.in_({edit.device for edit in edits}),
            ScreeningEdit.number.in_({edit.number for edit in edits}),
        )
        return {(row.device, row.number): row for row in db.session.scalars(statement)}

    def take(self, edits: Sequence[Edit]) -> Batch:
        batch = Batch()
        for edit in edits:
            if edit.device in batch.send_from:
                continue
            if edit.number > self.expected[edit.device]:
                batch.send_from[edit.device] = self.expected[edit.device]
                continue
            row = self.before.get((edit.device, edit.number)) or self._judge(edit)
            is_conflict = row.outcome is EditOutcome.CONFLICT
            theirs = self.revisions.get(f"{row.subject}:{row.field}") if is_conflict else None
            told = replace(edit, subject=row.subject, field=row.field)
            batch.outcomes.append(Outcome(told, row.outcome, row.id, row.value, row.message, theirs))
        return batch

    def _judge(self, edit: Edit) -> ScreeningEdit:
        if not rules.is_editable(self.form.screening.state):
            state = str(self.form.screening.state.label).lower()
            return self._note(edit, EditOutcome.REFUSED, _("Screeningen er %(state)s og kan ikke rettes.", state=state))
        if not rules.is_known(edit.subject, edit.field, self.form.themes):
            return self._note(edit, EditOutcome.REFUSED, _("Feltet findes ikke i skemaet."))
        try:
            value = rules.read_value(edit.field, edit.value, self.form.themes)
        except ValueError as error:
            return self._note(edit, EditOutcome.REFUSED, str(error.args[0]))
        self._adopt(edit)
        if rules.is_overtaken(edit, value, self.revisions.get(edit.name)):
            return self._note(replace(edit, value=value), EditOutcome.CONFLICT)
        try:
            with db.session.begin_nested():
                write_field(self.form, edit.subject, edit.field, value, user_id=self.user_id)
        except MeasureRefusedError as refused:
            return self._note(edit, EditOutcome.REFUSED, str(refused.message))
        row = self._note(replace(edit, value=value), EditOutcome.APPLIED)
        self._follow(edit, value)
        return row

    def _follow(self, edit: Edit, value: str) -> None:
        """What is written of a theme that nobody has judged would be missing in the report: the theme is relevant."""
        subject = f"theme:{self.form.theme_of(edit.subject)}"
        if subject == "theme:" or not rules.makes_relevant(edit.field, value, self.form.value(subject, "relevance")):
            return
        relevant = Relevance.RELEVANT.value
        write_field(self.form, subject, "relevance", relevant, user_id=self.user_id)
        self._note(Edit(BY_ITSELF, self.expected[BY_ITSELF], subject, "relevance", relevant), EditOutcome.APPLIED)

    def _adopt(self, edit: Edit) -> None:
        """Note as an edit what was changed outside the form, so that it is not overwritten unseen."""
        current = self.form.value(edit.subject, edit.field)
        if rules.is_changed_outside(current, self.revisions.get(edit.name), edit.seen):
            number = self.expected[SERVICE]
            self._note(Edit(SERVICE, number, edit.subject, edit.field, current), EditOutcome.APPLIED, user_id=None)

    def _note(self, edit: Edit, outcome: EditOutcome, message: str = "", **columns: Any) -> ScreeningEdit:
        values: dict[str, Any] = {"user_id": self.user_id, **columns}
        row = ScreeningEdit(
            screening_id=self.form.screening.id,
            device=edit.device,
            number=edit.number,
            subject=edit.subject,
            field=edit.field,
            value=edit.value,
            base_id=edit.base_id,
            outcome=outcome,
            message=message[:300],
            at=clock.now(),
            **values,
        )
        db.session.add(row)
        db.session.flush()
        self.expected[edit.device] = edit.number + 1
        self.before[(edit.device, edit.number)] = row
        if outcome is EditOutcome.APPLIED:
            self.revisions[edit.name] = Revision(row.id, row.device, row.value)
        return row
