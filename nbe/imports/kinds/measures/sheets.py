"""The kind "measures": recognised by its columns, planned, put in, taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from nbe.core.batches import chunks
from nbe.core.database import db
from nbe.core.text import fold
from nbe.imports.decide import RowPlan
from nbe.imports.headings import heading_key
from nbe.imports.kinds.kind import Around, Carrying, KindSheet, data_rows, row_plan
from nbe.imports.kinds.measures.deciding import Decider
from nbe.imports.kinds.measures.known import load_known
from nbe.imports.kinds.measures.plans import MeasurePlan
from nbe.imports.kinds.measures.reading import columns_of, read_row
from nbe.measures import actions
from nbe.models import Business, Candidacy, Change, Contact, LedgerRow, Measure, Saving
from nbe.models.states import LedgerKind, MeasureState


class MeasureSheets:
    """The sheet of measures."""

    key = "measures"

    def recognises(self, headings: Sequence[str]) -> bool:
        """A column of titles beside one of CVR numbers."""
        keys = {heading_key(heading) for heading in headings}
        return {"tiltag", "cvrnr"} <= keys or {"tiltag", "cvr"} <= keys

    def plan(self, sheet: KindSheet, around: Around) -> list[RowPlan]:
        """Each row compared with what is known."""
        if sheet.header is None:
            return []
        columns, year = columns_of(sheet.header), around.terms.programme_year
        reads = [read_row(number, row, sheet.header, columns, year) for number, row in data_rows(sheet)]
        values = [read.values for read in reads]
        known = load_known(
            [value["cvr"] for value in values if "cvr" in value],
            [value["key"] for value in values if "key" in value],
            around.programme_id,
        )
        decider = Decider(around, known, {key: sheet.header.headings[index] for index, key in columns.items()})
        plans = []
        for read in reads:
            outcome, payload = decider.decide(read)
            plans.append(row_plan(sheet, self.key, read, outcome, payload))
        return plans

    def put_in(self, rows: Sequence[RowPlan], carrying: Carrying) -> None:
        """By the actions that the pages use."""
        chosen: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            plan: MeasurePlan = row.payload
            candidacy = _candidacy(plan, carrying.programme.id)
            measure = _put_in(plan, candidacy, carrying.user_id)
            if plan.is_in_plan:
                chosen[candidacy.id].add(measure.id)
        for candidacy_id, measure_ids in chosen.items():
            held = sa.select(Measure.id).where(Measure.candidacy_id == candidacy_id, Measure.is_in_plan.is_(True))
            actions.choose_for_plan(
                db.session.get_one(Candidacy, candidacy_id), measure_ids | set(db.session.scalars(held))
            )

    def take_back(self, import_id: int) -> None:
        """Texts as they were where nobody has changed them since; state and numbers as the ledger now has them."""
        changes = list(
            db.session.scalars(
                sa.select(Change)
                .where(Change.import_id == import_id, Change.entity.in_([Measure.__tablename__, Saving.__tablename__]))
                .order_by(Change.id.desc())
            )
        )
        told = sa.select(LedgerRow.subject_id).where(
            LedgerRow.import_id == import_id, LedgerRow.kind == LedgerKind.MEASURE
        )
        ids = {subject for subject in db.session.scalars(told) if subject is not None}
        ids |= {change.entity_id for change in changes if change.entity == Measure.__tablename__}
        for part in chunks(sorted(ids)):
            for measure in db.session.scalars(sa.select(Measure).where(Measure.id.in_(part)).order_by(Measure.id)):
                actions.take_back_edits(measure, changes)


def _candidacy(plan: MeasurePlan, programme_id: int) -> Candidacy:
    statement = (
        sa.select(Candidacy)
        .join(Business, Business.id == Candidacy.business_id)
        .where(
            Business.cvr == plan.cvr,
            Business.p_number == plan.p_number,
            Candidacy.programme_id == programme_id,
            Candidacy.is_hidden.is_(False),
        )
    )
    return db.session.scalars(statement).one()


def _put_in(plan: MeasurePlan, candidacy: Candidacy, user_id: int | None) -> Measure:
    held = db.session.get(Measure, plan.measure_id) if plan.measure_id is not None else None
    if held is None or held.is_hidden:
        title = plan.texts.pop("title", "") if held is None else ""
        held = actions.propose_measure(candidacy, user_id=user_id, title=title, key=plan.key, happened_on=plan.day)
    if plan.owner:
        plan.texts |= _owner(candidacy, plan.owner)
    if plan.texts:
        actions.edit_measure(held, **plan.texts)
    if plan.amounts:
        actions.set_all_savings(held, plan.amounts, user_id=user_id)
    if plan.state is not None and plan.day is not None:
        reason = _("Indlæst fra regneark") if plan.state is MeasureState.ABANDONED else ""
        actions.move_measure(held, plan.state, plan.day, user_id=user_id, reason=reason)
    return held


def _owner(candidacy: Candidacy, name: str) -> dict[str, object]:
    """The contact person of that name; else the name alone."""
    people = db.session.scalars(
        sa.select(Contact).where(Contact.business_id == candidacy.business_id, Contact.is_hidden.is_(False))
    )
    known = next((person for person in people if fold(person.name) == fold(name)), None)
    return {"owner_id": known.id, "owner_name": ""} if known else {"owner_id": None, "owner_name": name}


MEASURES = MeasureSheets()
