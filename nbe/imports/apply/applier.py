"""One import being carried out: businesses, contacts, memberships, candidacies, then the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbe.access.changes import plain
from nbe.core import clock
from nbe.core.database import db
from nbe.imports.apply.bulk import insert_for_ids, insert_rows, update_rows
from nbe.imports.apply.keeping import keep_marks, keep_rows
from nbe.imports.apply.moves import Moves
from nbe.imports.apply.postponed import EMPTY, turn_up_later
from nbe.imports.decide import RowPlan
from nbe.imports.known import BUSINESS_FIELDS, CANDIDACY_FIELDS
from nbe.imports.plan import Plan
from nbe.ledger import record
from nbe.models import Business, Candidacy, Change, Contact, Membership, business_texts, contact_texts
from nbe.models.states import LedgerKind, RowOutcome

_EMPTY: dict[str, Any] = dict.fromkeys(BUSINESS_FIELDS, "") | {
    "employees": None,
    "is_ad_protected": False,
    "is_sole_trader": False,
}


class Applier:
    """One import being carried out."""

    def __init__(self, plan: Plan, *, import_id: int, programme_id: int, user_id: int | None) -> None:
        self.rows = [row for row in plan.rows if not row.kind and row.outcome is not RowOutcome.FAILED]
        self.all_rows = plan.rows
        self.today = plan.terms.today
        self.import_id, self.programme_id, self.user_id = import_id, programme_id, user_id
        self.now = clock.now()
        self.ids: list[int] = []
        self.moves = Moves(programme_id, self.today)
        self.changes: list[dict[str, Any]] = []

    def run(self) -> None:
        """Everything, in an order in which what is referred to is there first."""
        db.session.flush()
        self._businesses()
        self._contacts()
        self._memberships()
        self._candidacies()
        turn_up_later(zip(self.rows, self.ids, strict=True), self.moves, self.now)
        record(self.moves.made, user_id=self.user_id, import_id=self.import_id)
        keep_marks(self.rows, self.ids, self.programme_id)
        insert_rows(Change, self.changes)
        keep_rows(self.all_rows, dict(zip(map(id, self.rows), self.ids, strict=True)), self.import_id)
        db.session.expire_all()

    def _changed(
        self, entity: str, entity_id: int, row: RowPlan, old: Mapping[str, Any] | None, new: Mapping[str, Any]
    ) -> None:
        """Note a change of plain fields in the audit; `old` None: the record is new. The ledger tells the rest.

        Of a business made by this import there is nothing to note: it was not there before.
        """
        if row.unit is None or not new:
            return
        self.changes.append(
            {
                "at": self.now,
                "user_id": self.user_id,
                "entity": entity,
                "entity_id": entity_id,
                "business_id": row.unit.id,
                "municipality_code": row.municipality_code,
                "import_id": self.import_id,
                "operation": "I" if old is None else "U",
                "version": old["version"] + 1 if old else 1,
                "diff": {name: [plain(old[name]) if old else None, plain(value)] for name, value in new.items()},
            }
        )

    def _businesses(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row in self.rows:
            if row.unit is None:
                values = {**_EMPTY, **row.business}
                texts = business_texts(values["name"], row.cvr, row.p_number, values["town"], values["phone"])
                new.append(
                    {
                        "cvr": row.cvr,
                        "p_number": row.p_number,
                        "municipality_code": row.municipality_code,
                        "created_at": self.now,
                        "is_hidden": False,
                        "version": 1,
                        **values,
                        **texts,
                    }
                )
            elif row.business:
                known = row.unit.row
                whole = {**known, **row.business}
                texts = business_texts(whole["name"], known["cvr"], known["p_number"], whole["town"], whole["phone"])
                changed.append((row.unit.id, {**row.business, **{k: v for k, v in texts.items() if known[k] != v}}))
                self._changed("business", row.unit.id, row, known, row.business)
        fresh = iter(insert_for_ids(Business, new))
        update_rows(Business, changed)
        self.ids = [row.unit.id if row.unit else next(fresh) for row in self.rows]

    def _contacts(self) -> None:
        new: list[dict[str, Any]] = []
        owners: list[RowPlan] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row, business_id in zip(self.rows, self.ids, strict=True):
            plan = row.contact
            if plan is None:
                continue
            if plan.id is None or row.unit is None:
                values = {"title": "", "email": "", "phone": "", **plan.values}
                texts = contact_texts(values["name"], values["email"], values["phone"])
                new.append({"business_id": business_id, "is_hidden": False, "version": 1, **values, **texts})
                owners.append(row)
                continue
            known = next(c for c in row.unit.contacts.values() if c["id"] == plan.id)
            whole = {**known, **plan.values}
            texts = contact_texts(whole["name"], whole["email"], whole["phone"])
            changed.append((plan.id, {**plan.values, **texts}))
            self._changed("contact", plan.id, row, known, plan.values)
        ids = insert_for_ids(Contact, new)
        for contact_id, row, values in zip(ids, owners, new, strict=True):
            given = {name: values[name] for name in ("name", "title", "email", "phone") if values[name]}
            self._changed("contact", contact_id, row, None, given)
        update_rows(Contact, changed)

    def _memberships(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        for row, business_id in zip(self.rows, self.ids, strict=True):
            self.moves.relocate(row, row.unit.membership if row.unit else None, LedgerKind.MEMBERSHIP, "state")
            plan = row.membership
            if plan is None:
                continue
            values = {"state": plan.state, "since_on": plan.happened_on}
            if plan.id is None:
                new.append({"business_id": business_id, "is_hidden": False, "version": 1, **values})
            else:
                changed.append((plan.id, {**values, "is_hidden": False}))
            self.moves.add(row, business_id, LedgerKind.MEMBERSHIP, plan.from_state, plan.state, plan.happened_on)
        insert_rows(Membership, new)
        update_rows(Membership, changed)

    def _candidacies(self) -> None:
        new: list[dict[str, Any]] = []
        changed: list[tuple[int, Mapping[str, Any]]] = []
        self.moves.relocate_candidacies(self.rows)
        for row, business_id in zip(self.rows, self.ids, strict=True):
            plan = row.candidacy
            if plan is None:
                continue
            values = dict(plan.values)
            if plan.stage is not None:
                values |= {"stage": plan.stage, "stage_since_on": plan.happened_on, "close_reason": plan.reason}
            if plan.verdict is not None:
                values |= {"verdict": plan.verdict, "verdict_on": self.today}
            if plan.id is None:
                begin = {**EMPTY, "last_activity_on": None}
                new.append(
                    {
                        "business_id": business_id,
                        "programme_id": self.programme_id,
                        "is_hidden": False,
                        "created_at": self.now,
                        "version": 1,
                        **begin,
                        **values,
                    }
                )
            elif plan.is_new:
                values = {**EMPTY, **values, "is_hidden": False}
                changed.append((plan.id, values))
            else:
                changed.append((plan.id, values))
                told = {name: value for name, value in plan.values.items() if name in CANDIDACY_FIELDS}
                self._changed("candidacy", plan.id, row, row.unit.candidacy if row.unit else None, told)
            if plan.stage is not None:
                self.moves.add(
                    row,
                    business_id,
                    LedgerKind.STAGE,
                    plan.from_stage,
                    plan.stage,
                    plan.happened_on or self.today,
                    plan.reason,
                )
            if plan.verdict is not None:
                self.moves.add(row, business_id, LedgerKind.VERDICT, plan.from_verdict, plan.verdict, self.today)
        insert_rows(Candidacy, new)
        update_rows(Candidacy, changed)
